"""The rule that lowers the learning rates, or ends, when the sampler has ceased to come closer: its arithmetic."""

from dataclasses import dataclass, replace
from math import erfc, inf, sqrt
from typing import Generic, TypeVar

from pushforward.errors import Refused
from pushforward.tuning.bounds import check_below_one, check_not_negative, check_positive

T = TypeVar("T")


@dataclass(frozen=True)
class Trend(Generic[T]):
    """The state of a rule between two checks.

    Args:
        past: what is remembered of earlier samplers, the oldest first.
        failures: checks in a row that found no improvement.
        stalls: times in a row that `patience` was used up, without an improvement between them.
        factor: what every learning rate is multiplied with now.
    """

    past: tuple[T, ...] = ()
    failures: int = 0
    stalls: int = 0
    factor: float = 1.0


@dataclass(frozen=True)
class ThreeSampleRule:
    """lr ← factor·lr after `patience` checks in a row with p > level, p = Φ((D_new − D_old)/σ̂): no better than before.

    Each check compares the sampler with an earlier one, both against the same data. Until `against` earlier ones are
    remembered, it joins them and nothing is decided. An improvement forgets the oldest and remembers the new one; a
    failure remembers nothing, so that the next check faces the same old sampler; after a decay the last `kept` stay.

    Args:
        every: turns between two checks; if absent 75 in a run, the paper's 150,000 turns at 2,000, or every 500 where
            the budget is in minutes.
        against: earlier samplers that are remembered; the oldest of them is the one to beat.
        patience: failures in a row before the rates are lowered.
        level: p-value up to which the new sampler counts as better, between 0 and 1.
        factor: of the rates at a decay, in (0, 1]; the papers of scaled MMD GANs take 0.8.
        least: smallest factor of the first rates, in (0, 1]; the paper's 1e-6 of 1e-4.
        kept: earlier samplers that outlive a decay, fewer than `against`.
        stalls: decays in a row without an improvement between them that `--stop_early` takes for the end.
        variance_floor: least σ̂²; 1e-5 is what the released code has, unsaid in the paper: at the variances of KID it
            makes the test a fixed demand, KID lower by 0.004.
    Source: Bińkowski et al. (2018), section 4 and released code, arXiv:1801.01401.
    Differs: σ̂ is the true standard error unless `variance_floor` says otherwise.
    Example:
        >>> rule, trend = ThreeSampleRule(against=1, patience=2, kept=0), Trend()
        >>> for p in (None, 0.3, 0.4):
        ...     trend = rule.after(trend, "a sampler", p)
        >>> trend.factor
        0.5
    """

    every: int | None = None
    against: int = 10
    patience: int = 3
    level: float = 0.1
    factor: float = 0.5
    least: float = 0.01
    kept: int = 3
    stalls: int = 3
    variance_floor: float = 0.0

    def __post_init__(self) -> None:
        for name in ("against", "patience", "stalls"):
            check_positive(f"{name} of ThreeSampleRule", getattr(self, name))
        if self.every is not None:
            check_positive("every of ThreeSampleRule", self.every)
        for name in ("factor", "least"):
            if not 0 < getattr(self, name) <= 1:
                raise Refused(f"{name} of ThreeSampleRule must lie in (0, 1], got {getattr(self, name)}.")
        check_positive("level of ThreeSampleRule", self.level)
        check_below_one("level of ThreeSampleRule", self.level)
        check_not_negative("variance_floor of ThreeSampleRule", self.variance_floor)
        if not 0 <= self.kept < self.against:
            raise Refused(f"kept of ThreeSampleRule must lie in [0, against), got {self.kept} of {self.against}.")

    def p_value(self, difference: float, stderr: float) -> float:
        """Φ(t) of t = (D_new − D_old)/σ̂: small where the new sampler is closer to the data.

        Args:
            difference: D_new − D_old.
            stderr: its standard error, before the floor.
        """
        sigma = sqrt(max(stderr**2, self.variance_floor))
        t = difference / sigma if sigma > 0 else inf * difference if difference else 0.0
        return erfc(-t / sqrt(2.0)) / 2.0

    def tests(self, trend: Trend[T]) -> bool:
        """Return whether the next check is a test against `trend.past[0]`; else the sampler is only remembered."""
        return len(trend.past) == self.against

    def after(self, trend: Trend[T], new: T, p: float | None) -> Trend[T]:
        """Return the state of the rule after a check.

        Args:
            trend: before it.
            new: what is remembered of the sampler that was checked.
            p: of the test against `trend.past[0]`; None if there was none.
        """
        if p is None:
            return replace(trend, past=(*trend.past, new))
        if p <= self.level:
            return replace(trend, past=(*trend.past[1:], new), failures=0, stalls=0)
        if trend.failures + 1 < self.patience:
            return replace(trend, failures=trend.failures + 1)
        past = trend.past[len(trend.past) - self.kept :]
        return Trend(past, 0, trend.stalls + 1, max(self.least, trend.factor * self.factor))

    def ended(self, before: Trend[T], after: Trend[T]) -> bool:
        """Return whether lower rates help no more: `stalls` decays in a row did not, or rates were at their least."""
        stalled = after.stalls > before.stalls
        return stalled and (after.stalls >= self.stalls or before.factor <= self.least)


STEADY = ThreeSampleRule(factor=1.0, stalls=1)
"""The test without a decay: the first time that patience is used up is the end."""
