"""How it goes, for whoever waits: a bar on a terminal, a line a minute elsewhere; always on standard error."""

import sys
import time
from typing import Any

from pushforward.training.budget import Budget


class Progress:
    """Turn, rate, time left, and the probes' last values.

    Args:
        budget: to know how much is left.
        begun: turns that an earlier sitting completed.
    """

    def __init__(self, budget: Budget, begun: int = 0):
        self.budget, self.begun, self.since = budget, begun, time.monotonic()
        self.said = self.since
        self.bar: Any = _bar() if sys.stderr.isatty() else None

    def __call__(self, turn: int, seconds: float, losses: dict[str, Any], scores: dict[str, Any]) -> None:
        now = time.monotonic()
        text = self._text(turn, seconds, now, scores)
        if self.bar is not None:
            self.bar.update(0, completed=self.budget.progress(turn, seconds), description=text)
        elif now - self.said >= 60:
            self.said = now
            print(text, file=sys.stderr, flush=True)

    def close(self) -> None:
        """Leave the terminal in order."""
        if self.bar is not None:
            self.bar.stop()

    def _text(self, turn: int, seconds: float, now: float, scores: dict[str, Any]) -> str:
        rate = (turn - self.begun) / max(now - self.since, 1e-9)
        spent = self.budget.progress(turn, seconds)
        left = seconds * (1 - spent) / max(spent, 1e-9)
        of = f"/{self.budget.steps}" if self.budget.steps else ""
        values = "  ".join(f"{name} {s['value']:.4g}" for name, s in scores.items())
        return f"turn {turn}{of}  {rate:.1f}/s  {_clock(left)} left  {values}"


def _clock(seconds: float) -> str:
    minutes, rest = divmod(int(seconds), 60)
    return f"{minutes // 60}:{minutes % 60:02d}:{rest:02d}" if minutes >= 60 else f"{minutes}:{rest:02d}"


def _bar() -> Any:
    from rich.console import Console
    from rich.progress import BarColumn, TextColumn
    from rich.progress import Progress as Bar

    bar = Bar(BarColumn(), TextColumn("{task.description}"), console=Console(stderr=True), transient=True)
    bar.add_task("", total=1.0)
    bar.start()
    return bar
