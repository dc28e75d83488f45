"""What makes numbers unfit to be matched, each as one sentence."""

from collections.abc import Iterator

import numpy as np

from pushforward.data.files import let_go
from pushforward.errors import Refused

FEWEST = 20
"""Rows that are split into three parts, at least."""

FEWEST_JUDGED = 4
"""Rows on either side of a score, at least: fewer allow no estimate with an error."""
BLOCK = 2**26


def enough(n: int, name: str, judged: bool = False) -> None:
    """At least 20 rows to be fitted to, or validation and test would say nothing; at least 4 to be judged.

    Args:
        n: rows that there are.
        name: of the data.
        judged: they are read for a score, which splits nothing.

    Raises:
        Refused: with the number that came.
    """
    if judged and n < FEWEST_JUDGED:
        raise Refused(f"{name} must have at least {FEWEST_JUDGED} rows to be scored, got {n}; collect more.")
    if judged:
        return
    if n < FEWEST:
        raise Refused(f"{name} must have at least {FEWEST} rows to be split into three parts, got {n}; collect more.")


def finite(x: np.ndarray, name: str) -> None:
    """No NaN and no infinity.

    Raises:
        Refused: with the number of such rows and the first of them.
    """
    if x.dtype.kind != "f" or not len(x):
        return
    bad = [start + np.flatnonzero(~np.isfinite(block.reshape(len(block), -1)).all(1)) for start, block in blocks(x)]
    rows = np.concatenate(bad) if bad else np.empty(0, dtype=int)
    if len(rows):
        raise Refused(
            f"{name} must be finite, got NaN or infinite values in {len(rows)} of {len(x)} rows, the first in row "
            f"{rows[0]} (counted from 0); drop or fill those rows."
        )


def bounds(x: np.ndarray) -> tuple[float, float]:
    """Lowest and highest value."""
    found = [(block.min(), block.max()) for _, block in blocks(x)]
    return float(min(low for low, _ in found)), float(max(high for _, high in found))


def varies(x: np.ndarray, name: str) -> None:
    """Rows are not all the same.

    Raises:
        Refused: if they are.
    """
    if all((block == x[0]).all() for _, block in blocks(x)):
        raise Refused(f"{name} must vary from row to row, but all {len(x)} rows are the same; nothing is to be learnt.")


def blocks(x: np.ndarray) -> Iterator[tuple[int, np.ndarray]]:
    """(first row, rows) of an array that may lie on disk, 64 MB at a time."""
    rows = max(1, BLOCK // max(1, x.dtype.itemsize * int(np.prod(x.shape[1:]))))
    for start in range(0, len(x), rows):
        yield start, x[start : start + rows]
        let_go(x)
