"""The rules that all rows of a table keep, and how many samples break each of them."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from itertools import permutations
from typing import Any

import numpy as np

from pushforward.metrics.numerics.cells import Column

FEWEST = 50
"""Rows of data below which nothing is called a rule."""

EACH = 10
"""Rows that a value has on average, at least, of a column that is said to decide another."""

LOOKED = 60
"""Columns among which rules of two are looked for, the first of the table."""


@dataclass(frozen=True)
class TableRule:
    """A rule that all rows of the data keep.

    Args:
        rule: in words.
        broken: share of samples that break it.
    """

    rule: str
    broken: float

    def to_json(self) -> dict[str, Any]:
        """Return the entry of `rules` in a verdict."""
        return asdict(self)


def table_rules(x: Sequence[Column], y: Sequence[Column]) -> tuple[TableRule, ...]:
    """Return the ranges and levels of columns, a ≤ b of two columns of numbers, and columns that decide others.

    A column decides another where all rows with the same value of one have the same of the other; samples break that
    with a pair of values that the data do not have, of known values. Rules of two columns are looked for where there
    are enough rows, and none that ranges alone imply.

    Args:
        x: columns of the data.
        y: columns of the samples.
    Example:
        >>> x = [Column("a", np.arange(60.0)), Column("b", np.arange(60.0) + 1)]
        >>> y = [Column("a", np.array([3.0, 70.0])), Column("b", np.array([2.0, 60.0]))]
        >>> [(found.rule, found.broken) for found in table_rules(x, y)]
        [('a within the range of the data', 0.5), ('b within the range of the data', 0.0), ('a ≤ b', 1.0)]
    """
    found = [_held(a, b) for a, b in zip(x, y, strict=True)]
    if len(x[0].cells) < FEWEST:
        return tuple(found)
    pairs = list(zip(x, y, strict=True))[:LOOKED]
    numbers = [pair for pair in pairs if not pair[0].levels]
    found += [rule for a, b in permutations(numbers, 2) if (rule := _ordered(a, b)) is not None]
    coded = [(*pair, *_coded(*pair)) for pair in pairs]
    decided = [(a, b) for a, b in permutations(coded, 2) if _decides(a[2], b[2])]
    found += [_broken_decision(a, b) for a, b in decided]
    return tuple(found)


def _held(a: Column, b: Column) -> TableRule:
    """Return the rule that a column stays within what the data have."""
    if a.levels:
        outside = ~np.isin(b.cells, np.unique(a.cells))
        return TableRule(f"{a.name} among the levels of the data", float(outside.mean()))
    held = a.cells[~np.isnan(a.cells)]
    low, high = (held.min(), held.max()) if len(held) else (np.inf, -np.inf)
    outside = (b.cells < low) | (b.cells > high)
    return TableRule(f"{a.name} within the range of the data", float(outside.mean()))


Pair = tuple[Column, Column]


def _ordered(a: Pair, b: Pair) -> TableRule | None:
    """Return the rule a ≤ b, where all rows keep it and ranges do not imply it."""
    first, second = a[0].cells, b[0].cells
    there = ~np.isnan(first) & ~np.isnan(second)
    if there.sum() < FEWEST or not (first[there] <= second[there]).all() or (first[there] == second[there]).all():
        return None
    if first[there].max() <= second[there].min():
        return None
    return TableRule(f"{a[0].name} ≤ {b[0].name}", float((a[1].cells > b[1].cells).mean()))


def _coded(a: Column, b: Column) -> tuple[np.ndarray, np.ndarray]:
    """Return the place of each cell among the values of the data, −1 for a value that these do not have."""
    values = np.unique(a.cells)
    place = np.searchsorted(values, b.cells).clip(max=len(values) - 1)
    same = (values[place] == b.cells) | (np.isnan(values[place]) & np.isnan(b.cells))
    return np.searchsorted(values, a.cells), np.where(same, place, -1)


def _decides(a: np.ndarray, b: np.ndarray) -> bool:
    """Return whether each value of a has one value of b, and both vary."""
    values = int(a.max()) + 1
    if not 1 < values <= len(a) // EACH or b.max() == 0:
        return False
    low, high = np.full(values, b.max()), np.zeros(values, dtype=b.dtype)
    np.minimum.at(low, a, b)
    np.maximum.at(high, a, b)
    return bool((low == high).all())


def _broken_decision(
    a: tuple[Column, Column, np.ndarray, np.ndarray], b: tuple[Column, Column, np.ndarray, np.ndarray]
) -> TableRule:
    """Return the rule that one column decides another, with the share of samples that have another value."""
    decided = np.zeros(int(a[2].max()) + 1, dtype=np.int64)
    decided[a[2]] = b[2]
    broken = (a[3] >= 0) & (b[3] >= 0) & (decided[a[3].clip(min=0)] != b[3])
    return TableRule(f"{a[0].name} decides {b[0].name}", float(broken.mean()))
