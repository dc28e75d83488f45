"""The three-sample rule at work: what is remembered of earlier samplers, and what follows for the learning rates."""

from dataclasses import replace
from typing import Any, Protocol, runtime_checkable

from torch import Tensor

from pushforward.training.probing import rng_preserved
from pushforward.tuning import ThreeSampleRule, Trend

Memory = dict[str, Tensor]


@runtime_checkable
class Comparing(Protocol):
    """A comparison that knows the validation part, and how close samples are to it."""

    def remember(self, y: Tensor) -> Memory:
        """Return what a later comparison needs of samples."""

    def compare(self, new: Memory, old: Memory) -> tuple[float, float]:
        """Return D_new − D_old of independent samples against the same data, and its standard error."""


class Checks:
    """The three-sample tests, every so many turns, of the sampler against the one of some checks before.

    Args:
        rule: what a test's outcome means.
        every: turns between two checks.
        comparing: who tests.
        may_end: whether training ends when lower rates help no more.
    """

    def __init__(self, rule: ThreeSampleRule, every: int, comparing: Comparing, may_end: bool):
        self.rule, self.every, self.comparing, self.may_end = rule, every, comparing, may_end
        self.trend: Trend[Memory] = Trend()
        self.ended = False

    @property
    def factor(self) -> float:
        """The factor that multiplies every learning rate."""
        return self.trend.factor

    def ending(self, turn: int) -> str:
        """Return the reason why a run was ended after so many turns, as the beginning of a sentence."""
        rates = f"the learning rates stand at {self.factor:.3g} of the first ones"
        return f"stopped early at turn {turn}: three-sample tests find no improvement any more, and {rates}"

    def __call__(self, y: Tensor) -> dict[str, Any]:
        """Compare the sampler with an earlier one, decide, and return what was found."""
        with rng_preserved():
            before, new = self.trend, self.comparing.remember(y)
            comparison = self.comparing.compare(new, before.past[0]) if self.rule.tests(before) else None
        outcome: dict[str, Any] = {"difference": None, "stderr": None, "p_value": None}
        if comparison is not None:
            difference, stderr = comparison
            outcome = {"difference": difference, "stderr": stderr, "p_value": self.rule.p_value(difference, stderr)}
        self.trend = self.rule.after(before, new, outcome["p_value"])
        self.ended = self.may_end and self.rule.ended(before, self.trend)
        decayed = self.factor < before.factor
        return outcome | {"failures": self.trend.failures, "decayed": decayed, "factor": self.factor}

    def follow(self, factor: float, ended: bool) -> None:
        """Take over what the first of several processes decided, which alone remembers."""
        self.trend, self.ended = replace(self.trend, factor=factor), ended

    def go_on(self) -> None:
        """Forget that it has ended: a new budget was given."""
        self.trend, self.ended = replace(self.trend, stalls=0), False

    def memory(self) -> Memory:
        """Return what is remembered, by the place in the queue and the name."""
        return {f"{i}/{name}": t for i, past in enumerate(self.trend.past) for name, t in past.items()}

    def state(self) -> dict[str, Any]:
        """Return how the rule stands, but for the memory."""
        return {**vars(self.trend), "past": len(self.trend.past), "ended": self.ended}

    def restore(self, state: dict[str, Any], memory: Memory) -> None:
        """Continue from a state and its memory."""
        queue: list[Memory] = [{} for _ in range(state["past"])]
        for key, t in memory.items():
            place, _, name = key.partition("/")
            queue[int(place)][name] = t
        self.ended = state["ended"]
        self.trend = Trend(tuple(queue), state["failures"], state["stalls"], state["factor"])
