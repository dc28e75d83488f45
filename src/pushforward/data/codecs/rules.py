"""The rules that hold in every row of a table: orders between two columns, found where chance would break them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from itertools import permutations

import numpy as np
import pandas as pd
from pandas.api.types import is_bool_dtype, is_numeric_dtype

from pushforward.data.codecs.dates import Dates
from pushforward.data.codecs.gaps import plain

BROKEN = 20
"""Rows in which a rule would be broken, at least, if its columns were independent."""

LOOKED_AT = 5000
"""Rows by which most pairs are ruled out."""

MOST = 200
"""Columns that are compared, at most."""


@dataclass(frozen=True)
class Order:
    """A rule: low ≤ high in every row in which both are there.

    Args:
        low: name of one column of numbers or dates.
        high: name of the other.
    Example:
        >>> rule = Order("start", "end")
        >>> str(rule), rule.met({"start": np.array([1.0, 3.0]), "end": np.array([2.0, 2.0])}).tolist()
        ('start <= end', [True, False])
    """

    low: str | int
    high: str | int

    def __str__(self) -> str:
        return f"{self.low} <= {self.high}"

    def met(self, values: Mapping[str | int, np.ndarray]) -> np.ndarray:
        """Return which rows keep it; those in which a cell is missing do."""
        low, high = values[self.low], values[self.high]
        return (low <= high) | np.isnan(low) | np.isnan(high)


def comparable(frame: pd.DataFrame, dates: Collection[Dates]) -> dict[str | int, np.ndarray]:
    """Return the columns that have an order as float64: numbers as they are, dates in seconds, NaN where missing.

    Args:
        frame: of a table.
        dates: those of its columns that are.
    """
    known, found = {d.column: d for d in dates}, dict[str | int, np.ndarray]()
    for name in frame:
        if name in known:
            first = pd.Timestamp(known[name].first).as_unit("ns").value
            found[plain(name)] = (known[name].numbers(frame[name]).to_numpy() * known[name].step + first) / 1e9
        elif is_numeric_dtype(frame[name]) and not is_bool_dtype(frame[name]):
            found[plain(name)] = frame[name].to_numpy(dtype=np.float64, na_value=np.nan)
    return found


def rules_of(frame: pd.DataFrame, dates: Collection[Dates]) -> tuple[Order, ...]:
    """Return the orders between columns that hold in every row, and would not if the columns were independent.

    Of orders that follow from others none is returned.

    Args:
        frame: the modelled columns of a table.
        dates: those that are.
    """
    values, times = comparable(frame, dates), {d.column for d in dates}
    names = [name for name in values if len(np.unique(values[name][:LOOKED_AT])) > 2][:MOST]
    found = [
        rule
        for low, high in permutations(names, 2)
        if (low in times) == (high in times) and _holds(rule := Order(low, high), values)
    ]
    held = set(found)
    between = lambda r: (m for m in names if m not in (r.low, r.high))
    follows = lambda r: any({Order(r.low, m), Order(m, r.high)} <= held for m in between(r))
    return tuple(rule for rule in found if not follows(rule))


def _holds(rule: Order, values: Mapping[str | int, np.ndarray]) -> bool:
    few = {name: values[name][:LOOKED_AT] for name in (rule.low, rule.high)}
    if not rule.met(few).all():
        return False
    shifted = {rule.low: values[rule.low], rule.high: np.roll(values[rule.high], len(values[rule.high]) // 2)}
    return bool((~rule.met(shifted)).sum() >= BROKEN and rule.met(values).all())
