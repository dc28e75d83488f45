"""The columns of a table that hold a few levels, such as texts: an indicator coordinate for each."""

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import pandas as pd

from pushforward.data.codecs.columns import count_of_number_like, missing
from pushforward.data.codecs.gaps import plain, written
from pushforward.data.readers.tables import unescaped
from pushforward.errors import Refused
from pushforward.spaces import OneOf

MOST = 100
"""Levels of a column, at most."""

ALWAYS = 10
"""Levels that a column may have however few its rows are; with more it must have twice as many rows as levels."""

ABSENT_LEVEL = "missing"
"""The level of a missing cell."""

OTHER = "none of these"
"""The level, in judging, of every value that the data do not hold."""

Value = str | bool | int | float


@dataclass(frozen=True)
class Levels:
    """u = e_i for a cell that holds the i-th level; decoded by the largest coordinate, so that none is ever invented.

    Args:
        column: name of the column.
        values: what its cells hold, each once and in the order of the coordinates.
        dtype: pandas' name of their type; for the type `category`, that of its categories.
        categories: for the type `category`, all that it allows, in its order; else none.
        ordered: whether that type orders them.
        absent: how a missing cell, which is one more level, is written in a .csv file; None where none is missing.
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

    def __post_init__(self) -> None:
        if not self.values or len({str(value) for value in self.values}) < len(self.values):
            raise Refused(f"levels of column {self.column!r} must be one or more, all different, got {self.values!r}.")
        if self.categories and not set(self.values) <= set(self.categories):
            raise Refused(f"levels of column {self.column!r} must be among its categories, got {self.values!r}.")

    @classmethod
    def of(cls, column: pd.Series, whose: str) -> "Levels":
        """Return the levels of a column, in the order of its categories where it has any, else sorted.

        Args:
            column: all its cells.
            whose: the table, such as "of t", for sentences.

        Raises:
            Refused: for too many levels, and for categories that are no texts and no numbers.
        """
        kind = column.dtype if isinstance(column.dtype, pd.CategoricalDtype) else None
        absent = written(column) if column.isna().any() else None
        column = column.dropna()
        held = set(column.unique().tolist())
        listed = sorted(held) if kind is None else kind.categories.tolist()
        _refuse_too_many(column, len(held), whose)
        if odd := [value for value in listed if not isinstance(value, Value)]:
            raise Refused(
                f"column {column.name!r} {whose} must have categories that are texts or numbers, got {odd[0]!r}; "
                "make them texts, in pandas by astype(str)."
            )
        name, values = plain(column.name), tuple(value for value in listed if value in held)
        if kind is None:
            return cls(name, values, str(column.dtype), absent=absent)
        return cls(name, values, str(kind.categories.dtype), tuple(listed), bool(kind.ordered), absent)

    @property
    def varies(self) -> bool:
        """Whether there are two levels or more, a missing cell among them."""
        return len(self.names) > 1

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the levels, that of a missing cell last."""
        known = tuple(str(value) for value in self.values)
        return known if self.absent is None else (*known, unused(ABSENT_LEVEL, known))

    def block(self, other: bool = False) -> OneOf:
        """Return the block of a point that holds this column.

        Args:
            other: whether there is one indicator more, of all other values.
        """
        return OneOf(str(self.column), (*self.names, *([unused(OTHER, self.names)] if other else [])))

    def encode(self, column: pd.Series, other: bool = False) -> np.ndarray:
        """Return the indicators of cells, (n, levels) in float64, or one more for those that hold none of the levels.

        Raises:
            Refused: without `other`, for a cell that holds none of the levels, or is missing and none of the data's is.
        """
        if self.absent is None and not other and (fault := missing(column, "of the table")):
            raise Refused(f"column {self.column!r} {fault}.")
        codes, held = pd.factorize(column.astype(object))
        words = {str(value): place for place, value in enumerate(self.values)}
        known_by = lambda text: words.get(text, words.get(unescaped(text), -1))
        places = np.array([known_by(str(cell)) for cell in held], dtype=np.int64)
        if not other and (places < 0).any():
            known = ", ".join(str(value) for value in self.values[:ALWAYS])
            raise Refused(
                f"column {self.column!r} of the table holds {held[places < 0][0]!r}, which is none of the levels that "
                f"the data have ({known}{', …' if len(self.values) > ALWAYS else ''}); leave those rows out."
            )
        gap = -1 if self.absent is None else len(self.values)  # −1 is the last place, that of all others
        return np.eye(len(self.names) + other)[np.append(places, gap)[codes]]  # the code of a missing cell is −1 too

    def decode(self, u: np.ndarray) -> pd.Series:
        """Return the levels of the largest coordinates, as a column of the type it had."""
        place = u[:, : len(self.names)].argmax(1)
        if not self.categories:
            cells = (*self.values, None)
            return pd.Series([cells[i] for i in place], dtype=self.dtype)
        allowed = pd.CategoricalDtype(pd.Index(list(self.categories), dtype=self.dtype), self.ordered)
        codes = np.array([*(self.categories.index(value) for value in self.values), -1])
        return pd.Series(pd.Categorical.from_codes(codes[place], dtype=allowed))


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


def _refuse_too_many(column: pd.Series, held: int, whose: str) -> None:
    """Refuse a column of more levels than can be modelled."""
    if held <= ALWAYS or (held <= MOST and 2 * held <= len(column)):
        return
    most = f"{MOST} levels" if held > MOST else f"half as many levels as its {len(column)} rows"
    raise Refused(
        f"column {column.name!r} {whose} must hold numbers or at most {most}, got {held} different values such as "
        f"{column.iloc[0]!r}; group the rare ones, leave it out, or name it as the class with --labels."
    )
