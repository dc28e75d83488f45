"""What long work will take, said in one line before it begins."""

import time
from collections.abc import Sequence
from dataclasses import dataclass

import torch

from pushforward.data import Data
from pushforward.data.points import Points
from pushforward.features import Features
from pushforward.metrics import Metric, requested
from pushforward.metrics.names import DEFAULT
from pushforward.progress import tell
from pushforward.verbs.classifying import classified
from pushforward.verbs.inputs import TEST_ROWS

LONG = 10.0
"""Seconds of work that are announced."""

BLOCKS = 20
"""Blocks of points up to which the map is not timed: that takes one block more."""

OVERHEAD = 16
"""Products that the elementary work on a row or a pair of rows is worth."""

TESTS = 10_000
"""Products for the square of the rows that relabellings, neighbours and places are worth."""

CLASSIFIER = 4e8
"""Products for a number of a picture that training a classifier is worth."""

PAGE = 3.0
"""Seconds that a page takes."""

BASE = 0.6
"""Gigabytes of the program itself and of blocks on their way."""


@dataclass(frozen=True)
class Work:
    """One metric on so many rows.

    Args:
        metric: what is measured.
        n: rows of data.
        m: samples.
        d: features.
        streamed: all rows are read in blocks; else they are held.
    """

    metric: Metric
    n: int
    m: int
    d: int
    streamed: bool = False

    @property
    def products(self) -> float:
        """Multiplications, elementary work included."""
        return self.metric.products(self.n, self.m, self.d + OVERHEAD)

    @property
    def gigabytes(self) -> float:
        """Rows that are held in float64 and once more in float32, or a few numbers for each row of a stream."""
        return (self.n + self.m) * (64 if self.streamed else 12 * self.d) / 1e9


def foretold(works: Sequence[Work], f: Features, points: Sequence[Points], rate: float, a_point: float) -> str | None:
    """The line; None for work that is done at once.

    Args:
        works: what will be measured.
        f: the map into the space of features.
        points: all that are mapped.
        rate: multiplications in a second.
        a_point: seconds that the map takes for one point.
    """
    mapping = a_point * sum(map(len, points))
    seconds = mapping + sum(w.products for w in works) / rate
    if seconds < LONG:
        return None
    parts = [f"features of {sum(map(len, points)):,} points"] if mapping >= LONG / 10 else []
    for sizes in dict.fromkeys((w.n, w.m, w.d, w.streamed) for w in works):
        names = ", ".join(w.metric.name for w in works if (w.n, w.m, w.d, w.streamed) == sizes)
        how = f" in {sum(w.metric.passes for w in works if w.streamed)} passes" if sizes[3] else ""
        parts.append(f"{names} on {sizes[0]:,} x {sizes[1]:,} rows of {sizes[2]:,}{how}")
    memory = BASE + max((w.gigabytes for w in works), default=0.0)
    return f"{'; '.join(parts)}: about {memory:.1f} GB and {_words(seconds)}; --rows limits it."


def announce(works: Sequence[Work], f: Features, points: Sequence[Points]) -> None:
    """Say on standard error what long work will take, from rates that are measured here and now.

    Args:
        works: what will be measured.
        f: the map into the space of features.
        points: all that are mapped.
    """
    few = sum(w.products for w in works) < LONG * 1e9  # any machine does as many in that time
    mapping = f.rows is not None and sum(map(len, points)) > BLOCKS * f.rows
    if (few and not mapping) or not min(map(len, points), default=0):
        return
    line = foretold(works, f, points, _rate(), _a_point(f, points[0]) if mapping else 0.0)
    if line is not None:
        tell(line)


def judging(data: Data) -> str:
    """What judging a run will add to its training, in one line.

    Args:
        data: whose test part is judged on.
    """
    n, d = min(len(data.test), TEST_ROWS), data.space.dim
    work = sum(Work(metric, n, n, d).products for metric in requested(DEFAULT).metrics) + TESTS * n**2
    work += CLASSIFIER * d if classified(data) else 0.0
    parts = [f"{len(DEFAULT)} scores, tests", *(["a classifier"] if classified(data) else []), "a page"]
    said = f"Judging on {n:,} unseen rows ({', '.join(parts)}) will add about {_words(PAGE + work / _rate())}"
    return f"{said} to the training; --no-verdict leaves it out."


def _rate(size: int = 768) -> float:
    """Multiplications in a second, of a product of float64 matrices, at half of what it reaches."""
    a = torch.ones(size, size, dtype=torch.float64)
    a @ a  # the first call starts threads
    begun = time.perf_counter()
    a @ a
    return size**3 / (time.perf_counter() - begun) / 2


def _a_point(f: Features, points: Points) -> float:
    """Seconds that the map takes for one point, from one block of it."""
    x = next(points.blocks(f.rows))
    begun = time.perf_counter()
    f.mapped(x)
    return (time.perf_counter() - begun) / len(x)


def _words(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} hours"
