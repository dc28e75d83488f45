"""A line before long work: what will be done, on how many rows, and what makes it less."""

from collections.abc import Sequence

from pushforward.data import Data
from pushforward.judging.class_features import has_classes
from pushforward.judging.request import DEFAULT, TEST_ROWS
from pushforward.metrics import Metric
from pushforward.progress import mention
from pushforward.rows import Rows

LONG = 4e10
"""Products of coordinates, over all pairs of rows, that take a core some ten seconds at least."""

AT_HAND = 2 * TEST_ROWS
"""Rows of both sides of which pairs are made at most; more rows are read in blocks."""

PER_PAIR = 64
"""Products that one pair of rows is worth beside those of its coordinates."""


def announce(metrics: Sequence[Metric], points: Sequence[Rows], width: int) -> None:
    """Say on standard error what long work will measure; how far it is, and how long it will take, bars say.

    Args:
        metrics: what will be measured.
        points: data and samples.
        width: number of features.
    """
    rows = sum(map(len, points))
    if rows * min(rows, AT_HAND) * (width + PER_PAIR) >= LONG:
        sizes = " x ".join(f"{len(side):,}" for side in points)
        names = ", ".join(metric.name for metric in metrics)
        mention(f"Measuring {names} on {sizes} rows of {width:,}; --rows limits it.")


def judging(data: Data) -> str:
    """The sentence that says what follows the training of a run that is judged.

    Args:
        data: whose test part is judged on.
    """
    parts = [f"{len(DEFAULT)} scores, tests", *(["a classifier"] if has_classes(data) else []), "a page"]
    rows = min(len(data.test), TEST_ROWS)
    return f"Judging on {rows:,} unseen rows ({', '.join(parts)}) follows the training; --no-verdict leaves it out."
