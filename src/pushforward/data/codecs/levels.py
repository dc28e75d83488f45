"""The columns of a table that hold levels, such as texts: an indicator coordinate for each, one for all rare ones."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from pushforward.data.codecs.columns import count_of_number_like, missing
from pushforward.data.codecs.gaps import plain, written
from pushforward.data.readers.tables import unescaped
from pushforward.errors import Refused
from pushforward.spaces import OneOf

MOST = 100
"""Levels of a column up to which each has an indicator, where there are twice as many rows."""

ALWAYS = 10
"""Levels up to which each has an indicator however few the rows are."""

FREQUENT = 20
"""Rows that a level of a column of more levels must have for an indicator of its own."""

WIDEST = 500
"""Levels of such a column that have one, at most: the most frequent."""

RARE_LEVEL = "a rare level"
"""The level that all rare ones share."""

ABSENT_LEVEL = "missing"
"""The level of a missing cell."""

OTHER = "none of these"
"""The level, in judging, of every value that the data do not hold."""

Value = str | bool | int | float


@dataclass(frozen=True)
class Levels:
    """u = e_i for a cell that holds the i-th level; decoded by the largest coordinate, so that none is ever invented.

    Where there are many levels, the rare ones share an indicator, and are drawn by their own frequencies when decoded.

    Args:
        column: name of the column.
        values: what its cells hold, each once and in the order of the coordinates.
        dtype: pandas' name of their type; for the type `category`, that of its categories.
        categories: for the type `category`, all that it allows, in its order; else none.
        ordered: whether that type orders them.
        absent: how a missing cell, which is one more level, is written in a .csv file; None where none is missing.
        rare: the levels that share an indicator.
        counts: rows that hold each of them.
    Example:
        >>> metal = Levels.of(pd.Series(["tin", "gold", "tin"], name="metal"), "of t")
        >>> metal.values, metal.encode(pd.Series(["tin"])).tolist()
        (('gold', 'tin'), [[0.0, 1.0]])
    """

    column: str | int
    values: tuple[Value, ...]
    dtype: str
    categories: tuple[Value, ...] = ()
    ordered: bool = False
    absent: str | None = None
    rare: tuple[Value, ...] = ()
    counts: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        known = (*self.values, *self.rare)
        if not known or len({str(value) for value in known}) < len(known):
            raise Refused(f"levels of column {self.column!r} must be one or more, all different, got {known!r:.80}.")
        if self.categories and not set(known) <= set(self.categories):
            raise Refused(f"levels of column {self.column!r} must be among its categories, got {known!r:.80}.")
        if len(self.counts) != len(self.rare) or any(count < 1 for count in self.counts):
            raise Refused(f"counts of column {self.column!r} must be one a rare level, got {len(self.counts)}.")

    @classmethod
    def of(cls, column: pd.Series, whose: str) -> "Levels":
        """Return the levels of a column, in the order of its categories where it has any, else sorted.

        Args:
            column: all its cells.
            whose: the table, such as "of t", for sentences.

        Raises:
            Refused: for categories that are no texts and no numbers.
        """
        kind = column.dtype if isinstance(column.dtype, pd.CategoricalDtype) else None
        absent = written(column) if column.isna().any() else None
        column = column.dropna()
        found = column.value_counts(sort=False)
        counts = {v: count for v, count in zip(found.index.tolist(), found.tolist(), strict=True) if count}
        listed = sorted(counts) if kind is None else kind.categories.tolist()
        if odd := [value for value in listed if not isinstance(value, Value)]:
            raise Refused(
                f"column {column.name!r} {whose} must have categories that are texts or numbers, got {odd[0]!r}; "
                "make them texts, in pandas by astype(str)."
            )
        own = _own(counts, len(column))
        values, rare = (tuple(v for v in listed if v in counts and (v in own) is is_own) for is_own in (True, False))
        name, shared = plain(column.name), tuple(counts[value] for value in rare)
        if kind is None:
            return cls(name, values, str(column.dtype), (), False, absent, rare, shared)
        categories = kind.categories
        return cls(name, values, str(categories.dtype), tuple(listed), bool(kind.ordered), absent, rare, shared)

    @property
    def varies(self) -> bool:
        """Whether there are two levels or more, a missing cell among them."""
        return len(self.names) > 1

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the indicators: of levels, of all rare ones, of a missing cell last."""
        known = tuple(str(value) for value in self.values)
        known = (*known, unused(RARE_LEVEL, known)) if self.rare else known
        return known if self.absent is None else (*known, unused(ABSENT_LEVEL, known))

    def block(self, other: bool = False) -> OneOf:
        """Return the block of a point that holds this column.

        Args:
            other: whether there is one indicator more, of all other values.
        """
        return OneOf(str(self.column), (*self.names, *([unused(OTHER, self.names)] if other else [])))

    def encode(self, column: pd.Series, other: bool = False) -> np.ndarray:
        """Return the indicators of cells, (n, levels) in float64, or one more for those that hold none of the levels.

        With `other`, a value that the data do not hold is a rare level where they have such.

        Raises:
            Refused: without `other`, for a cell that holds none of the levels, or is missing and none of the data's is.
        """
        if self.absent is None and not other and (fault := missing(column, "of the table")):
            raise Refused(f"column {self.column!r} {fault}.")
        codes, held = pd.factorize(column.astype(object))
        known_by = lambda text: self._places.get(text, self._places.get(unescaped(text), -1))
        places = np.array([known_by(str(cell)) for cell in held], dtype=np.int64)
        if not other and (places < 0).any():
            known = ", ".join(str(value) for value in self.values[:ALWAYS])
            raise Refused(
                f"column {self.column!r} of the table holds {held[places < 0][0]!r}, which is none of the levels that "
                f"the data have ({known}{', …' if len(self.values) > ALWAYS else ''}); leave those rows out."
            )
        if self.rare:  # others might be rows of the data as well that are rarer still
            places = np.where(places < 0, len(self.values), places)
        gap = -1 if self.absent is None else len(self.names) - 1  # −1 is the last place, that of all others
        return np.eye(len(self.names) + other)[np.append(places, gap)[codes]]  # the code of a missing cell is −1 too

    def decode(self, u: np.ndarray, draw: np.random.Generator | None = None) -> pd.Series:
        """Return the levels of the largest coordinates, as a column of the type it had.

        Args:
            u: indicators.
            draw: of rare levels, by their frequencies.
        """
        place, first = u[:, : len(self.names)].argmax(1), len(self.values)
        known, gap = (*self.values, *self.rare, None), len(self.values) + len(self.rare)
        place = np.where(place < first + bool(self.rare), place, gap)
        if self.rare and (shared := place == first).any():
            shares, draw = np.array(self.counts) / sum(self.counts), draw or np.random.default_rng(0)
            place[shared] = first + draw.choice(len(self.rare), int(shared.sum()), p=shares)
        if not self.categories:
            return pd.Series([known[i] for i in place], dtype=self.dtype)
        allowed = pd.CategoricalDtype(pd.Index(list(self.categories), dtype=self.dtype), self.ordered)
        code = {value: i for i, value in enumerate(self.categories)}
        codes = np.array([*(code[value] for value in (*self.values, *self.rare)), -1])
        return pd.Series(pd.Categorical.from_codes(codes[place], dtype=allowed))

    @cached_property
    def _places(self) -> Mapping[str, int]:
        """The place of each level among the indicators, by its text, a whole number's also by that as a float."""
        known = [*enumerate(self.values), *((len(self.values), value) for value in self.rare)]
        return {text: i for i, value in known for text in (*_of_other_type(value), str(value))}


def unused(word: str, taken: Collection[str]) -> str:
    """Return a name that no level has.

    Example:
        >>> unused("missing", ("tin",)), unused("missing", ("missing", "tin"))
        ('missing', 'missing…')
    """
    return next(name for i in range(len(taken) + 1) if (name := word + "…" * i) not in taken)


def of_levels(column: pd.Series) -> bool:
    """Return whether a column holds levels: the type `category`, texts of which most are not nearly numbers, or truths.

    Example:
        >>> of_levels(pd.Series(["tin", "gold"])), of_levels(pd.Series(["1 kg", "2 kg"])), of_levels(pd.Series([1, 2]))
        (True, False, False)
    """
    held = column.dropna()
    if isinstance(column.dtype, pd.CategoricalDtype):
        return len(held) > 0 or not len(column)
    if not len(held) or not (column.dtype == object or isinstance(column.dtype, pd.StringDtype)):
        return False
    counts = held.astype(object).value_counts()
    if len(held) < len(column) and all(isinstance(cell, bool) for cell in counts.index):
        return True  # true, false and missing, which only the type of Python's objects holds
    if not all(isinstance(cell, str) for cell in counts.index):
        return False
    return 2 * count_of_number_like(counts) < len(held)


def _of_other_type(value: Value) -> tuple[str, ...]:
    """Return how a number is written as a float or an integer, which pandas makes of a column as cells are missing."""
    if isinstance(value, str | bool) or value != int(value):
        return ()
    return str(float(value)), str(int(value))


def _own(counts: Mapping[Value, int], n: int) -> Collection[Value]:
    """Return the levels of n cells that have an indicator of their own: all of a few, else the frequent ones."""
    if len(counts) <= ALWAYS or (len(counts) <= MOST and 2 * len(counts) <= n):
        return counts
    ranked = sorted((value for value, count in counts.items() if count >= FREQUENT), key=lambda v: -counts[v])
    return counts if len(counts) - len(own := set(ranked[:WIDEST])) <= 1 else own
