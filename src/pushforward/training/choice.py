"""The choice of the state that a run hands over: the latest that the validation part does not tell from the best."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from math import hypot, isfinite
from statistics import NormalDist
from typing import Any

from torch import Tensor

Traces = dict[str, Tensor]
PairedError = Callable[[Traces, Traces], float]

HALF_WIDTH = NormalDist().inv_cdf(0.975)
"""Standard errors on either side that a 95 % interval has."""


@dataclass(frozen=True)
class Standing:
    """A state's score on the validation part, with what the error of its difference to another state's is made of.

    Args:
        turn: after which the state stood so.
        name: of the score.
        value: of the score.
        better: its direction, lower or higher.
        error: its own standard error, or its spread; 0 where none is known.
        trace: what the error of a paired difference is made of; empty where only `error` is known.
    """

    turn: int
    name: str
    value: float
    better: str = "lower"
    error: float = 0.0
    trace: Traces = field(default_factory=dict, compare=False, repr=False)

    @classmethod
    def of(cls, turn: int, scores: Mapping[str, Mapping[str, Any]], trace: Traces) -> "Standing | None":
        """Return the standing by the first of some scores; None without any, or where it is not finite."""
        for name, score in scores.items():
            error = score.get("stderr") or score.get("spread") or 0.0
            return cls(turn, name, score["value"], score["better"], error, trace) if isfinite(score["value"]) else None
        return None

    def plain(self) -> dict[str, Any]:
        """Return all but the trace, as JSON has it."""
        return {name: value for name, value in vars(self).items() if name != "trace"}


@dataclass(frozen=True)
class Gain:
    """The difference by which one state scores better than another, with its 95 % interval.

    Args:
        value: positive where it scores better.
        error: standard error of the difference.
    """

    value: float
    error: float

    @classmethod
    def of(cls, new: Standing, old: Standing, paired: PairedError) -> "Gain":
        """Return by how much `new` scores better than `old`.

        Args:
            new: one state.
            old: the other, by the same score.
            paired: error of the difference from both traces; without traces it is √(e² + e′²), too large if anything.
        """
        sign = 1.0 if new.better == "lower" else -1.0
        error = paired(new.trace, old.trace) if new.trace and old.trace else hypot(new.error, old.error)
        return cls(sign * (old.value - new.value), error)

    @property
    def interval(self) -> tuple[float, float]:
        """The 95 % interval of the difference."""
        return self.value - HALF_WIDTH * self.error, self.value + HALF_WIDTH * self.error

    @property
    def is_gain(self) -> bool:
        """Whether the state is better by more than chance."""
        return self.interval[0] > 0

    @property
    def is_loss(self) -> bool:
        """Whether the state is worse by more than chance."""
        return self.interval[1] < 0


@dataclass(frozen=True)
class Choice:
    """The state that scores best so far, and the one that is kept: the latest that is not told from the best.

    Args:
        best: the lowest or highest score.
        kept: no earlier than the best; what is handed over.
    """

    best: Standing
    kept: Standing

    @classmethod
    def after(cls, before: "Choice | None", new: Standing | None, paired: PairedError) -> "Choice | None":
        """Return the choice with one more state: the one before where the new state is worse by more than chance.

        Every state is compared with the best one, so that small losses add up, and noise alone keeps no early state.
        """
        if new is None:
            return before
        if before is None or new.name != before.best.name:  # a resumed run may be given other probes
            return cls(new, new)
        gain = Gain.of(new, before.best, paired)
        if gain.value > 0:
            return cls(new, new)
        return before if gain.is_loss else cls(before.best, new)

    def plain(self) -> dict[str, Any]:
        """Return both standings without their traces, as JSON has them."""
        return {"best": self.best.plain(), "kept": self.kept.plain()}

    def traces(self) -> dict[str, Traces]:
        """Return the traces by the state that they are of, those that are there."""
        return {name: s.trace for name, s in (("best", self.best), ("kept", self.kept)) if s.trace}

    @classmethod
    def read(cls, state: Mapping[str, Any], tensors: Mapping[str, Traces], turn: int) -> "Choice | None":
        """Return what a checkpoint holds of the choice; None if no state was scored yet.

        Args:
            state: plain values of the checkpoint.
            tensors: its groups.
            turn: of the best checkpoint, which older versions did not write beside its score; neither its name.
        """
        if (found := state.get("choice")) is not None:
            return cls(*(Standing(**found[name], trace=tensors.get(name, {})) for name in ("best", "kept")))
        if state.get("best") is None:
            return None
        name = next(iter(state["scores"]), "")
        better = state["scores"].get(name, {}).get("better", "lower")
        old = Standing(turn, name, state["best"], better, state.get("best_error", 0.0), tensors.get("best", {}))
        return cls(old, old)

    def handed_over(self, turns: int, others: Mapping[str, Standing | None], paired: PairedError) -> dict[str, Any]:
        """Return what a run says of the state that it hands over, as JSON.

        Args:
            turns: that were played.
            others: standings of other weights of the run, by their name (`last`, `raw`); None for scores not finite.
            paired: as in `Gain.of`.
        """
        known = {name: (other, Gain.of(other, self.kept, paired)) for name, other in others.items() if other}
        last = others.get("last")
        return {
            "turn": self.kept.turn,
            "turns": turns,
            "chosen_by": self.kept.name,
            "better": self.kept.better,
            "value": self.kept.value,
            "stderr": self.kept.error or None,
            "best_turn": self.best.turn,
            "stopped_improving": last is not None and Gain.of(last, self.best, paired).is_loss,
            "weights": {
                name: {
                    "turn": other.turn,
                    "value": other.value,
                    "gain": gain.value,
                    "interval": list(gain.interval),
                    "better": gain.is_gain,
                }
                for name, (other, gain) in known.items()
            },
        }
