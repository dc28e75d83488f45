"""How far long work is, for whoever waits, always on standard error: a bar on a terminal, lines elsewhere.

Nobody waits five seconds without a line that names what is being done: a step that has nothing to count is named by a
thread of its own.
"""

import os
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any, TypeVar

from pushforward.errors import printable

T = TypeVar("T")

PATIENCE = 2.0
"""Seconds that nobody minds waiting without a bar."""

SILENCE = 5.0
"""Seconds between two lines."""


class _Steps:
    """What is being done, the innermost last, and when a line was last printed."""

    def __init__(self) -> None:
        self.open: list[tuple[str, float]] = []
        self.said = time.monotonic()
        self.bars = self.hushed = 0
        self.changed = threading.Condition()
        self.thread: threading.Thread | None = None

    def begin(self, name: str) -> None:
        with self.changed:
            if not self.open:
                self.said = time.monotonic()
            self.open.append((name, time.monotonic()))
            if self.thread is None and not self.hushed:
                self.thread = threading.Thread(target=self.name_them, daemon=True)
                self.thread.start()

    def end(self) -> None:
        with self.changed:
            self.open.pop()
            self.changed.notify_all()

    def name_them(self) -> None:
        """Until nothing is being done: a line as soon as there was none for so long."""
        with self.changed:
            while self.open:
                waited = time.monotonic() - self.said
                if waited >= SILENCE and not self.bars and not self.hushed:
                    name, since = self.open[-1]
                    tell(f"{name}  {clock(time.monotonic() - since)}")
                self.changed.wait(max(SILENCE - (time.monotonic() - self.said), 0.1))
            self.thread = None


_STEPS = _Steps()


def tell(sentence: str) -> None:
    """One sentence on standard error, with nothing in it that a terminal would obey."""
    _STEPS.said = time.monotonic()
    print(printable(sentence), file=sys.stderr, flush=True)


def mention(sentence: str) -> None:
    """A sentence to whoever waits; none where steps are hushed."""
    if not _STEPS.hushed:
        tell(sentence)


@contextmanager
def step(name: str) -> Iterator[None]:
    """Inside, or in the function that is decorated with it, work of this name is done; it is named if it takes long.

    Args:
        name: what is being done, in words.
    """
    _STEPS.begin(name)
    try:
        yield
    finally:
        _STEPS.end()


@contextmanager
def hushed(quiet: bool = True) -> Iterator[None]:
    """Inside, no step is named; of several processes only the first names any.

    Args:
        quiet: whether that is wanted.
    """
    silent = quiet or os.environ.get("RANK", "0") != "0"
    _STEPS.hushed += silent
    try:
        yield
    finally:
        _STEPS.hushed -= silent


class Bar:
    """Share done, and a sentence; nothing is drawn for work that ends at once."""

    def __init__(self) -> None:
        self.since = time.monotonic()
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
            if self._drawn is None:
                self._drawn = _drawn()
                _STEPS.bars += 1
            self._drawn.update(0, completed=share, description=printable(text(now - self.since)))
        elif not self.terminal and now - max(self.since, _STEPS.said) >= SILENCE:
            tell(text(now - self.since))

    def close(self) -> None:
        """Leave the terminal in order."""
        if self._drawn is not None:
            self._drawn.stop()
            self._drawn = None
            _STEPS.bars -= 1


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
