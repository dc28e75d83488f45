"""How far long work is, for whoever waits: a bar on a terminal, a line a minute elsewhere; always on standard error."""

import sys
import time
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any, TypeVar

from pushforward.errors import printable

T = TypeVar("T")

PATIENCE = 2.0
"""Seconds that nobody minds waiting without a bar."""

SILENCE = 60.0
"""Seconds between two lines where there is no terminal."""


def tell(sentence: str) -> None:
    """One sentence on standard error, with nothing in it that a terminal would obey."""
    print(printable(sentence), file=sys.stderr, flush=True)


class Bar:
    """Share done, and a sentence; nothing is drawn for work that ends at once."""

    def __init__(self) -> None:
        self.since = self.said = time.monotonic()
        self.terminal = sys.stderr.isatty()
        self._drawn: Any = None

    def __call__(self, share: float, text: Callable[[float], str]) -> None:
        """Say how far it is, if it is time to.

        Args:
            share: of the work that is done, from 0 to 1.
            text: the sentence of the seconds that went by since the bar was made.
        """
        now = time.monotonic()
        if self.terminal and now - self.since >= PATIENCE:
            self._drawn = self._drawn or _drawn()
            self._drawn.update(0, completed=share, description=printable(text(now - self.since)))
        elif not self.terminal and now - self.said >= SILENCE:
            self.said = now
            tell(text(now - self.since))

    def close(self) -> None:
        """Leave the terminal in order."""
        if self._drawn is not None:
            self._drawn.stop()


def watched(
    items: Iterable[T], what: str, total: int | None = None, *, size: Callable[[T], int] = lambda item: 1
) -> Iterator[T]:
    """The items as they come, while it is said how many went by, at what rate, and how long the rest will take.

    Args:
        items: what is worked on.
        what: words before the count.
        total: how many there will be; None if nobody knows.
        size: how many one item counts for.
    """
    bar, done = Bar(), 0
    try:
        for item in items:
            yield item
            done += size(item)
            bar(done / total if total else 0.0, partial(_counted, what, done, total))
    finally:
        bar.close()


def clock(seconds: float) -> str:
    """h:mm:ss, or m:ss below an hour.

    Example:
        >>> clock(61.0), clock(3661.0)
        ('1:01', '1:01:01')
    """
    minutes, rest = divmod(int(seconds), 60)
    return f"{minutes // 60}:{minutes % 60:02d}:{rest:02d}" if minutes >= 60 else f"{minutes}:{rest:02d}"


def _counted(what: str, done: int, total: int | None, seconds: float) -> str:
    rate = done / max(seconds, 1e-9)
    if not total:
        return f"{what} {done:,}  {rate:,.4g}/s"
    return f"{what} {done:,}/{total:,}  {rate:,.4g}/s  {clock((total - done) / max(rate, 1e-9))} left"


def _drawn() -> Any:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn

    bar = Progress(
        BarColumn(), TextColumn("{task.description}", markup=False), console=Console(stderr=True), transient=True
    )
    bar.add_task("", total=1.0)
    bar.start()
    return bar
