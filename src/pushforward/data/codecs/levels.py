"""The columns of a table that hold a few levels, such as texts: an indicator coordinate for each."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from pushforward.data.codecs.columns import count_of_number_like, missing
from pushforward.data.readers.tables import unescaped
from pushforward.errors import Refused
from pushforward.spaces import OneOf

MOST = 100
"""Levels of a column, at most."""

ALWAYS = 10
"""Levels that a column may have however few its rows are; with more it must have twice as many rows as levels."""

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
            Refused: for missing cells, for too many levels, and for categories that are no texts and no numbers.
        """
        if fault := missing(column, whose):
            raise Refused(f"column {column.name!r} {fault}.")
        kind = column.dtype if isinstance(column.dtype, pd.CategoricalDtype) else None
        held = set(column.unique().tolist())
        listed = sorted(held) if kind is None else kind.categories.tolist()
        _refuse_too_many(column, len(held), whose)
        if odd := [value for value in listed if not isinstance(value, Value)]:
            raise Refused(
                f"column {column.name!r} {whose} must have categories that are texts or numbers, got {odd[0]!r}; "
                "make them texts, in pandas by astype(str)."
            )
        name = int(column.name) if isinstance(column.name, int | np.integer) else str(column.name)
        values = tuple(value for value in listed if value in held)
        if kind is None:
            return cls(name, values, str(column.dtype))
        return cls(name, values, str(kind.categories.dtype), tuple(listed), bool(kind.ordered))

    def block(self, other: bool = False) -> OneOf:
        """Return the block of a point that holds this column.

        Args:
            other: whether there is one indicator more, of all other values.
        """
        return OneOf(str(self.column), (*map(str, self.values), *([self._other] if other else [])))

    def encode(self, column: pd.Series, other: bool = False) -> np.ndarray:
        """Return the indicators of cells, (n, levels) in float64, or one more for those that hold none of the levels.

        Raises:
            Refused: for a missing cell, and, without `other`, for one that holds none of the levels.
        """
        if fault := missing(column, "of the table"):
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
        return np.eye(len(self.values) + other)[places[codes]]  # −1 is the last place, that of all others

    def decode(self, u: np.ndarray) -> pd.Series:
        """Return the levels of the largest coordinates, as a column of the type it had."""
        place = u[:, : len(self.values)].argmax(1)
        if not self.categories:
            return pd.Series([self.values[i] for i in place], dtype=self.dtype)
        allowed = pd.CategoricalDtype(pd.Index(list(self.categories), dtype=self.dtype), self.ordered)
        codes = np.array([self.categories.index(value) for value in self.values])
        return pd.Series(pd.Categorical.from_codes(codes[place], dtype=allowed))

    @property
    def _other(self) -> str:
        """The name that no level has."""
        taken = {str(value) for value in self.values}
        return next(name for i in range(len(taken) + 1) if (name := OTHER + "…" * i) not in taken)


def of_levels(column: pd.Series) -> bool:
    """Return whether a column holds levels: of pandas' type `category`, or texts of which most are not nearly numbers.

    Example:
        >>> of_levels(pd.Series(["tin", "gold"])), of_levels(pd.Series(["1 kg", "2 kg"])), of_levels(pd.Series([1, 2]))
        (True, False, False)
    """
    if isinstance(column.dtype, pd.CategoricalDtype):
        return True
    held = column.dropna()
    if not len(held) or not (column.dtype == object or isinstance(column.dtype, pd.StringDtype)):
        return False
    counts = held.astype(object).value_counts()
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
