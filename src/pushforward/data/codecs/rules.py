"""The rules that hold in every row of a table: orders of columns and bounds, found where chance would break them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from itertools import permutations
from statistics import NormalDist

import numpy as np
import pandas as pd
from pandas.api.types import is_bool_dtype, is_numeric_dtype

from pushforward.data.codecs.as_numbers import AsNumbers
from pushforward.data.codecs.dates import Dates
from pushforward.data.codecs.gaps import plain

BROKEN = 20
"""Rows in which a rule would be broken, at least, if its columns were independent."""

LOOKED_AT = 5000
"""Rows by which most pairs are ruled out."""

MOST = 200
"""Columns that are compared, at most."""

LOWEST, HIGHEST = (0.0,), (0.0, 1.0, 100.0)
"""Where a range is taken to end: numbers, shares and percentages do."""


@dataclass(frozen=True)
class Order:
    """A rule: low ≤ high in every row in which both are there.

    Args:
        low: name of one column of numbers or dates.
        high: name of the other.
        strict: whether they are never equal.
    Example:
        >>> rule = Order("start", "end")
        >>> str(rule), rule.met({"start": np.array([1.0, 3.0]), "end": np.array([2.0, 2.0])}).tolist()
        ('start <= end', [True, False])
    """

    low: str | int
    high: str | int
    strict: bool = False

    def __str__(self) -> str:
        return f"{self.low} {'<' if self.strict else '<='} {self.high}"

    @property
    def columns(self) -> tuple[str | int, ...]:
        """The columns that it is about."""
        return self.low, self.high

    def met(self, values: Mapping[str | int, np.ndarray]) -> np.ndarray:
        """Return which rows keep it; those in which a cell is missing do."""
        low, high = values[self.low], values[self.high]
        return (low < high if self.strict else low <= high) | np.isnan(low) | np.isnan(high)


@dataclass(frozen=True)
class Bound:
    """A rule: a column of numbers is never below a number, or never above.

    Args:
        column: its name.
        at: the number.
        upper: whether nothing is above.
    Example:
        >>> rule = Bound("share", 1.0, upper=True)
        >>> str(rule), rule.met({"share": np.array([0.5, 1.0, 1.5, np.nan])}).tolist()
        ('share <= 1', [True, True, False, True])
    """

    column: str | int
    at: float
    upper: bool = False

    def __str__(self) -> str:
        return f"{self.column} {'<=' if self.upper else '>='} {self.at:g}"

    @property
    def columns(self) -> tuple[str | int, ...]:
        """The column that it is about."""
        return (self.column,)

    def met(self, values: Mapping[str | int, np.ndarray]) -> np.ndarray:
        """Return which rows keep it; those in which the cell is missing do."""
        cells = values[self.column]
        return (cells <= self.at if self.upper else cells >= self.at) | np.isnan(cells)


def cells_of(frame: pd.DataFrame, coded: Collection[AsNumbers]) -> dict[str | int, np.ndarray]:
    """Return all columns: those that have an order as `comparable` does, others as the objects that they hold."""
    others = {plain(name): frame[name].astype(object).where(frame[name].notna(), None).to_numpy() for name in frame}
    return others | comparable(frame, coded)


def comparable(frame: pd.DataFrame, coded: Collection[AsNumbers]) -> dict[str | int, np.ndarray]:
    """Return the columns that have an order as float64: numbers as they are, dates in seconds, NaN where missing.

    Args:
        frame: of a table.
        coded: those of its columns whose cells stand for numbers.
    """
    known, found = {c.column: c for c in coded}, dict[str | int, np.ndarray]()
    for name in frame:
        if name in known:
            found[plain(name)] = known[name].comparable(known[name].numbers(frame[name]).to_numpy())
        elif is_numeric_dtype(frame[name]) and not is_bool_dtype(frame[name]):
            found[plain(name)] = frame[name].to_numpy(dtype=np.float64, na_value=np.nan)
    return found


def rules_of(frame: pd.DataFrame, coded: Collection[AsNumbers]) -> tuple[Order, ...]:
    """Return the orders between columns that hold in every row, and would not if the columns were independent.

    Of orders that follow from others none is returned.

    Args:
        frame: the modelled columns of a table.
        coded: those whose cells stand for numbers; an order is between columns of one scale.
    """
    values, scales = comparable(frame, coded), {c.column: c.scale for c in coded}
    names = [name for name in values if len(np.unique(values[name][:LOOKED_AT])) > 2][:MOST]
    found = [
        rule
        for low, high in permutations(names, 2)
        if scales.get(low) == scales.get(high) and _holds(rule := Order(low, high), values)
    ]
    held = set(found)
    between = lambda r: (m for m in names if m not in (r.low, r.high))
    follows = lambda r: any({Order(r.low, m), Order(m, r.high)} <= held for m in between(r))
    return tuple(rule for rule in found if not follows(rule))


def bounds_of(frame: pd.DataFrame, coded: Collection[AsNumbers]) -> tuple[Bound, ...]:
    """Return the ends of ranges, at 0 and below, at 0, 1 or 100 above, that every row keeps and chance would break.

    Chance is a normal law of the column's mean and variance, which at least 20 rows would have beyond the end.

    Args:
        frame: the modelled columns of a table.
        coded: those whose cells stand for numbers; dates have no such ends.
    Example:
        >>> share = pd.DataFrame({"share": [0.0, 0.1, 0.9, 1.0] * 100, "metres": [5.0, 6.0, 7.0, 9.0] * 100})
        >>> [str(rule) for rule in bounds_of(share, ())]
        ['share >= 0', 'share <= 1']
    """
    times, found = {c.column for c in coded if isinstance(c, Dates)}, list[Bound]()
    for name, cells in comparable(frame, coded).items():
        held = cells[~np.isnan(cells)]
        if name in times or len(np.unique(held[:LOOKED_AT])) <= 2 or not held.std() > 0:
            continue
        law = NormalDist(float(held.mean()), float(held.std()))
        lowest = [at for at in LOWEST if held.min() >= at and len(held) * law.cdf(at) >= BROKEN]
        highest = [at for at in HIGHEST if held.max() <= at and len(held) * (1 - law.cdf(at)) >= BROKEN]
        found += [Bound(name, at) for at in lowest] + [Bound(name, at, upper=True) for at in highest[:1]]
    return tuple(found)


def _holds(rule: Order, values: Mapping[str | int, np.ndarray]) -> bool:
    few = {name: values[name][:LOOKED_AT] for name in (rule.low, rule.high)}
    if not rule.met(few).all():
        return False
    shifted = {rule.low: values[rule.low], rule.high: np.roll(values[rule.high], len(values[rule.high]) // 2)}
    return bool((~rule.met(shifted)).sum() >= BROKEN and rule.met(values).all())
