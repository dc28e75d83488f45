"""The progress of long work, for whoever waits, always on standard error: a bar on a terminal, lines elsewhere.

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
"""The seconds that nobody minds waiting without a bar."""

SILENCE = 5.0
"""The seconds between two lines."""


class _OpenSteps:
    """The steps that are being done, the innermost last, and the time at which a line was last printed."""

    def __init__(self) -> None:
        self.open: list[tuple[str, float]] = []
        self.last_line = time.monotonic()
        self.bars = self.hushed = 0
        self.changed = threading.Condition()
        self.thread: threading.Thread | None = None

    def begin(self, name: str) -> None:
        with self.changed:
            if not self.open:
                self.last_line = time.monotonic()
            self.open.append((name, time.monotonic()))
            if self.thread is None and not self.hushed:
                self.thread = threading.Thread(target=self.print_names, daemon=True)
                self.thread.start()

    def end(self) -> None:
        with self.changed:
            self.open.pop()
            self.changed.notify_all()

    def print_names(self) -> None:
        """Print what is being done whenever no line came for `SILENCE`, until nothing is being done."""
        with self.changed:
            while self.open:
                waited = time.monotonic() - self.last_line
                if waited >= SILENCE and not self.bars and not self.hushed:
                    name, since = self.open[-1]
                    tell(f"{name}  {clock(time.monotonic() - since)}")
                self.changed.wait(max(SILENCE - (time.monotonic() - self.last_line), 0.1))
            self.thread = None


_STEPS = _OpenSteps()


def tell(sentence: str) -> None:
    """Print one sentence on standard error, with nothing in it that a terminal would obey."""
    _STEPS.last_line = time.monotonic()
    print(printable(sentence), file=sys.stderr, flush=True)


def mention(sentence: str) -> None:
    """Print a sentence to whoever waits, unless steps are hushed."""
    if not _STEPS.hushed:
        tell(sentence)


@contextmanager
def step(name: str) -> Iterator[None]:
    """Name the work done within the `with` block, or the decorated function, if it takes long.

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
    """Name no step within the `with` block; of several processes only the first names any in any case.

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
    """A bar for the share that is done, with a sentence; nothing is drawn for work that ends at once."""

    def __init__(self) -> None:
        self.since = time.monotonic()
        self.terminal = sys.stderr.isatty()
        self._bar: Any = None

    def __call__(self, share: float, text: Callable[[float], str]) -> None:
        """Say how far the work is, if it is time to.

        Args:
            share: of the work that is done, from 0 to 1.
            text: the sentence of the seconds that went by since the bar was made.
        """
        now = time.monotonic()
        if self.terminal and now - self.since >= PATIENCE:
            if self._bar is None:
                self._bar = _start_bar()
                _STEPS.bars += 1
            self._bar.update(0, completed=share, description=printable(text(now - self.since)))
        elif not self.terminal and now - max(self.since, _STEPS.last_line) >= SILENCE:
            tell(text(now - self.since))

    def close(self) -> None:
        """Remove the bar and leave the terminal in order."""
        if self._bar is not None:
            self._bar.stop()
            self._bar = None
            _STEPS.bars -= 1


def watched(
    items: Iterable[T], what: str, total: int | None = None, *, size: Callable[[T], int] = lambda item: 1
) -> Iterator[T]:
    """Yield the items as they come and say how many went by, at what rate, and how long the rest will take.

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
            bar(done / total if total else 0.0, partial(_count, what, done, total))
    finally:
        bar.close()


def clock(seconds: float) -> str:
    """Return seconds as h:mm:ss, or as m:ss below an hour.

    Example:
        >>> clock(61.0), clock(3661.0)
        ('1:01', '1:01:01')
    """
    minutes, rest = divmod(int(seconds), 60)
    return f"{minutes // 60}:{minutes % 60:02d}:{rest:02d}" if minutes >= 60 else f"{minutes}:{rest:02d}"


def _count(what: str, done: int, total: int | None, seconds: float) -> str:
    rate = done / max(seconds, 1e-9)
    if not total:
        return f"{what} {done:,}  {rate:,.4g}/s"
    return f"{what} {done:,}/{total:,}  {rate:,.4g}/s  {clock((total - done) / max(rate, 1e-9))} left"


def _start_bar() -> Any:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn

    bar = Progress(
        BarColumn(), TextColumn("{task.description}", markup=False), console=Console(stderr=True), transient=True
    )
    bar.add_task("", total=1.0)
    bar.start()
    return bar
