"""The faults that make numbers unfit to be matched, each refused in one sentence."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from pushforward.data.raw.npy import release_pages
from pushforward.errors import Refused

FEWEST = 20
"""Rows that are split into three parts, at least."""

FEWEST_JUDGED = 4
"""Rows on either side of a score, at least: fewer allow no estimate with an error."""
BLOCK = 2**26
# Squares of differences of what is larger, summed over the coordinates, may overflow in float64.
LARGEST = 1e150
# The integers up to here are all float64.
WHOLE = 2**53


def refuse_too_few(n: int, name: str, judged: bool = False) -> None:
    """Refuse fewer than 20 rows to be fitted to, of which no part would say anything; fewer than 4 to be judged.

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


def refuse_not_finite(x: np.ndarray, name: str) -> None:
    """Refuse NaN, infinity, and numbers that are too large to be calculated with.

    Raises:
        Refused: with the number of such rows and the first of them.
    """
    if x.dtype.kind in "iu" and (fault := fault_of_size(x)):
        raise Refused(f"{name} {fault}.")
    if x.dtype.kind != "f" or not len(x):
        return
    bad = [start + np.flatnonzero(~np.isfinite(block.reshape(len(block), -1)).all(1)) for start, block in blocks(x)]
    rows = np.concatenate(bad) if bad else np.empty(0, dtype=int)
    if len(rows):
        raise Refused(
            f"{name} must be finite, got NaN or infinite values in {len(rows)} of {len(x)} rows, the first in row "
            f"{rows[0]} (counted from 0); drop or fill those rows."
        )
    if fault := fault_of_size(x):
        raise Refused(f"{name} {fault}.")


def fault_of_size(x: np.ndarray) -> str | None:
    """Return the fault of values whose squares overflow, or of integers that float64 does not hold; None without it.

    Example:
        >>> fault_of_size(np.array([1.0, 1e300]))
        'holds 1e+300, and values beyond 1e+150 overflow when they are squared; ...'
        >>> fault_of_size(np.array([2**53])) is None
        True
    """
    if not x.size or x.dtype.kind not in "iufO" or x.dtype.itemsize < 8:
        return None
    low, high = (getattr(end, "item", lambda end=end: end)() for end in _ends(x))
    worst = low if -low > high else high
    if x.dtype.kind != "f":
        return fault_of_integer(worst) if abs(worst) > WHOLE else None
    if abs(worst) <= LARGEST:
        return None
    return (
        f"holds {worst:g}, and values beyond {LARGEST:g} overflow when they are squared; rescale them, or leave out "
        "what only marks missing values"
    )


def fault_of_integer(value: Any) -> str:
    """Return the fault of an integer that float64 does not hold."""
    return f"holds {value}, and float64 has not all integers beyond 2^53; subtract a constant, or leave it out"


def _ends(x: np.ndarray) -> tuple[Any, Any]:
    extremes = [(block.min(), block.max()) for _, block in blocks(x)]
    return min(low for low, _ in extremes), max(high for _, high in extremes)


def bounds(x: np.ndarray) -> tuple[float, float]:
    """Return the lowest and the highest value."""
    low, high = _ends(x)
    return float(low), float(high)


def refuse_constant(x: np.ndarray, name: str) -> None:
    """Refuse rows that are all the same.

    Raises:
        Refused: if they are.
    """
    if all((block == x[0]).all() for _, block in blocks(x)):
        raise Refused(f"{name} must vary from row to row, but all {len(x)} rows are the same; nothing is to be learnt.")


def blocks(x: np.ndarray) -> Iterator[tuple[int, np.ndarray]]:
    """Yield (first row, rows) of an array that may lie on disk, 64 MB at a time."""
    rows = max(1, BLOCK // max(1, x.dtype.itemsize * int(np.prod(x.shape[1:]))))
    for start in range(0, len(x), rows):
        yield start, x[start : start + rows]
        release_pages(x)
