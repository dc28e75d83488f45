"""The relative test of MMD: whether a is closer to the data than b, with an error that counts what they share."""

from dataclasses import dataclass, replace
from math import inf
from typing import Any, Literal

import pandas as pd
from scipy.stats import t as student
from torch import Tensor

from pushforward.discrepancies import Unbiased
from pushforward.discrepancies.against import Against
from pushforward.discrepancies.sums import Sums
from pushforward.discrepancies.variance import null_square
from pushforward.errors import Refused
from pushforward.kernels import Kernel
from pushforward.metrics.numerics.checked_arrays import Array, generator, rows, subset
from pushforward.metrics.scores.mmd import DEFAULT, LEAST
from pushforward.metrics.significance.exchanges import SMALL, null_factor, t_values
from pushforward.metrics.uncertainty.paired import Trace
from pushforward.metrics.uncertainty.tails import below, two_sided

Samples = tuple[Tensor, Tensor, Tensor]


@dataclass(frozen=True)
class ThreeSample:
    """The outcome of a relative test of samples a and b against one reference.

    Args:
        difference: MMD²(reference, a) − MMD²(reference, b): negative where a is closer.
        stderr: of the difference.
        interval: of the difference, at 1 − level.
        statistic: difference over stderr.
        p_value: two-sided, of equal distances; never 0.
        p_closer: one-sided: small where a is closer than b.
        p_farther: one-sided: small where a is farther than b.
        level: below or at which a two-sided p is called resolved.
        n: rows of the reference.
        sizes: rows of a and of b.
        degrees: of freedom of the t-law.
        relabellings: of the rows of both models that the p-values and the interval rest on too; 0 for large samples.
    """

    difference: float
    stderr: float
    interval: tuple[float, float]
    statistic: float
    p_value: float
    p_closer: float
    p_farther: float
    level: float
    n: int
    sizes: tuple[int, int]
    degrees: float = inf
    relabellings: int = 0

    @property
    def rejected(self) -> bool:
        """Whether the two distances differ at that level."""
        return self.p_value <= self.level

    @property
    def better(self) -> Literal["a", "b"] | None:
        """The closer of the two models; None where the test does not tell."""
        if not self.rejected:
            return None
        return "a" if self.difference < 0 else "b"

    def frame(self) -> pd.DataFrame:
        """Return the outcome as a table of one row."""
        return pd.DataFrame([self.to_json()])

    def to_json(self) -> dict[str, Any]:
        """Return the outcome as plain values, by name."""
        names = "difference", "stderr", "interval", "statistic", "p_value", "p_closer", "p_farther", "level", "better"
        entry = {name: getattr(self, name) for name in names}
        return entry | {"interval": list(self.interval), "relabellings": self.relabellings}


def three_sample_test(
    reference: Array,
    a: Array,
    b: Array,
    *,
    kernel: Kernel = DEFAULT,
    level: float = 0.05,
    most: int | None = 10_000,
    seed: int = 0,
) -> ThreeSample:
    """t = (MMD²(x, a) − MMD²(x, b))/σ̂ of reference x, a t-law if both distances are equal and not 0.

    Both estimates are unbiased and share the reference. σ̂² is the jackknife's over all three samples, less what it
    counts twice, and at least what it would be if all three laws were equal, where the test errs on the safe side; the
    degrees of freedom are Welch's and Satterthwaite's. Where a sample has fewer than 100 rows, t (of 300 to 500 rows of
    a larger model) is compared with its values under random exchanges of rows between the models as well, and the
    larger p-value is taken, unless none of these values is as extreme. Draws of a, b and the reference must be
    independent.

    Args:
        reference: data, one row a point; at least 4.
        a: samples of one model; at least 4.
        b: samples of the other; at least 4.
        kernel: bandwidths that wait for data are taken from the reference.
        level: of the test, between 0 and 1, and one minus the coverage of the interval.
        most: rows of each that are used, drawn at random from more; None uses all.
        seed: of those draws.

    Raises:
        Refused: if one has fewer than 4 rows, the widths differ, a value is not finite, or level is out of range.
    Source: Bounliphone et al. (2016), arXiv 1511.04581; Arvesen (1969) for the jackknife of several samples; Janssen
        (1997) for permutations of a studentised statistic.
    Differs: the variance is the jackknife's, for unequal sizes too; theirs is low by half at six rows, and a normal law
        rejects too often at unequal sizes of fewer than 100.
    Example:
        >>> import torch
        >>> x, a, b = torch.randn(3, 200, 2, generator=torch.Generator().manual_seed(0))
        >>> three_sample_test(x, a, b + 1).better
        'a'
    """
    if not 0 < level < 1:
        raise Refused(f"level of three_sample_test must lie between 0 and 1, got {level}; the usual one is 0.05.")
    draw, points = generator(seed), {"reference": reference, "a": a, "b": b}
    x, y, z = (subset(rows(w, name, least=LEAST, whose="three_sample_test"), most, draw) for name, w in points.items())
    if not x.shape[1] == y.shape[1] == z.shape[1]:
        widths = f"{x.shape[1]}, {y.shape[1]} and {z.shape[1]}"
        raise Refused(f"reference, a and b must be equally wide, got {widths}; encode all three the same way.")
    k = kernel.fitted(x)
    against = Against(k, x)
    return with_exchanges(relative(against(y), against(z), level), k, (x, y, z), seed)


def with_exchanges(outcome: ThreeSample, k: Kernel, samples: Samples, seed: int) -> ThreeSample:
    """Return the outcome, which for small samples rests on exchanges of rows between the models as well.

    Args:
        outcome: the test by the t-law.
        k: the kernel, its bandwidths known.
        samples: reference, a and b.
        seed: of the exchanges.
    """
    if min(map(len, samples)) >= SMALL or outcome.difference == 0:
        return outcome
    x, a, b = samples
    # In one order of the models, so that the answer is the same in either.
    values = -t_values(k, x, b, a, seed) if outcome.difference > 0 else t_values(k, x, a, b, seed)
    t, exchanged = values[0], values[1:]
    critical = float(exchanged.abs().quantile(1 - outcome.level))
    low, high = outcome.interval
    reach = max((high - low) / 2, critical * outcome.stderr)
    return replace(
        outcome,
        interval=(outcome.difference - reach, outcome.difference + reach),
        p_value=_larger(outcome.p_value, exchanged.abs() >= t.abs()),
        p_closer=_larger(outcome.p_closer, exchanged <= t),
        p_farther=_larger(outcome.p_farther, exchanged >= t),
        relabellings=len(exchanged),
    )


def relative(a: Sums, b: Sums, level: float) -> ThreeSample:
    """Return the outcome of the test by the t-law, from sums of kernel values with the same reference in both.

    Args:
        a: of the reference and one model.
        b: of the reference and the other.
        level: of the test.
    """
    difference, parts = float(Unbiased()(a) - Unbiased()(b)), jackknife_parts(a, b)
    null = null_relative_variance(a, b)
    stderr = max(sum(parts) - null, null) ** 0.5
    t = difference / stderr if stderr > 0 else 0.0
    noise = sum(part**2 / (rows - 1) for part, rows in zip(parts, (a.n, a.m, b.m), strict=True))
    degrees = sum(parts) ** 2 / noise if noise > 0 else inf
    reach = float(student.isf(level / 2, degrees)) * stderr
    return ThreeSample(
        difference=difference,
        stderr=stderr,
        interval=(difference - reach, difference + reach),
        statistic=t,
        p_value=two_sided(t, degrees),
        p_closer=below(t, degrees),
        p_farther=below(-t, degrees),
        level=level,
        n=a.n,
        sizes=(a.m, b.m),
        degrees=degrees,
    )


def jackknife_parts(a: Sums, b: Sums) -> tuple[float, float, float]:
    """Return what rows of x, of a and of b add to Var(MMD²(x, a) − MMD²(x, b)) by the jackknife: s²/rows each.

    The part of the estimate that is not linear in a row is counted twice, which adds the variance of equal laws once.

    Args:
        a: of the reference and one model.
        b: of the reference and the other.
    """
    of_reference = 2 * (b.r / b.m - a.r / a.m)
    x, y, z = (float(v.var() / len(v)) for v in (of_reference, Trace.of(a).y, Trace.of(b).y))
    return x, y, z


def null_relative_variance(a: Sums, b: Sums) -> float:
    """Return 2ζ·(1/l(l−1) + 1/m(m−1) + 2/nl + 2/nm), that variance if x, l rows of a and m of b were of one law."""
    zeta = (null_square(a) + null_square(b)) / 2
    return 2 * zeta * null_factor(a.n, a.m, b.m)


def _larger(p: float, reached: Tensor) -> float:
    """Return the larger of two p-values, the first where no relabelling reached the truth, which bounds nothing."""
    count = int(reached.sum())
    return max(p, (1 + count) / (1 + len(reached))) if count else p
