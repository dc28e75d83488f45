"""The progress of a run, for whoever waits."""

from typing import Any

from pushforward.progress import Bar, clock
from pushforward.training.budget import Budget


class Progress:
    """A bar of turn, rate, time left, and the probes' last values.

    Args:
        budget: to know how much is left.
        begun: turns that an earlier sitting completed.
    """

    def __init__(self, budget: Budget, begun: int = 0):
        self.budget, self.begun, self.bar = budget, begun, Bar()

    def __call__(self, turn: int, seconds: float, losses: dict[str, Any], scores: dict[str, Any]) -> None:
        self.bar(self.budget.progress(turn, seconds), lambda here: self._text(turn, seconds, here, scores))

    def close(self) -> None:
        """Close the bar and leave the terminal in order."""
        self.bar.close()

    def _text(self, turn: int, seconds: float, here: float, scores: dict[str, Any]) -> str:
        rate = (turn - self.begun) / max(here, 1e-9)
        spent = self.budget.progress(turn, seconds)
        left = seconds * (1 - spent) / max(spent, 1e-9)
        of = f"/{self.budget.steps}" if self.budget.steps else ""
        values = "  ".join(f"{name} {s['value']:.4g}" for name, s in scores.items())
        return f"turn {turn}{of}  {rate:.1f}/s  {clock(left)} left  {values}"
