"""The length of training, in turns or minutes."""

from dataclasses import dataclass

from pushforward.errors import Refused


@dataclass(frozen=True)
class Budget:
    """A budget of turns, of minutes, or of whichever is spent first.

    Args:
        steps: turns, each with one step of the sampler.
        minutes: of training, those before a resume included.
    """

    steps: int | None = None
    minutes: float | None = None

    def __post_init__(self) -> None:
        if self.steps is None and self.minutes is None:
            raise Refused("a budget needs --steps or --minutes, got neither.")
        if self.steps is not None and self.steps < 1:
            raise Refused(f"--steps must be at least 1, got {self.steps}.")
        if self.minutes is not None and not self.minutes > 0:
            raise Refused(f"--minutes must be positive, got {self.minutes}.")

    def progress(self, turn: int, seconds: float) -> float:
        """Return the share of the budget that is spent after `turn` turns and so many seconds, in [0, 1]."""
        by_steps = turn / self.steps if self.steps else 0.0
        by_minutes = seconds / (60.0 * self.minutes) if self.minutes else 0.0
        return min(1.0, max(by_steps, by_minutes))

    def spent(self, turn: int, seconds: float) -> bool:
        """Tell whether the budget is spent and training stops."""
        return self.progress(turn, seconds) >= 1.0
