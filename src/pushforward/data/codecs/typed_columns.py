"""The columns of a table that a type written elsewhere reads and writes, named by its dotted path."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from functools import cached_property
from math import isfinite
from numbers import Real
from typing import Any

import numpy as np
import pandas as pd

from pushforward.data.codecs.as_numbers import AsNumbers
from pushforward.data.codecs.column_type import ColumnType
from pushforward.data.codecs.gaps import plain
from pushforward.data.readers.tables import unescaped
from pushforward.dotted import find_dataclass
from pushforward.errors import Refused
from pushforward.runs.plain_values import to_json
from pushforward.runs.typed_values import called

UNREAD = (ValueError, TypeError, ArithmeticError, LookupError, AttributeError)
"""What a type may raise at a cell that it cannot read."""


@dataclass(frozen=True)
class TypedColumn(AsNumbers):
    """u = number(cell), of a type written elsewhere; missing cells are left to the gaps of the table.

    Args:
        column: name of the column.
        dtype: pandas' name of its type.
        class_path: of the type.
        init_args: its options, as plain values.
    """

    column: str | int
    dtype: str
    class_path: str
    init_args: Mapping[str, Any] = field(default_factory=dict, hash=False)

    @classmethod
    def of(cls, column: pd.Series, described: Mapping[str, Any], whose: str) -> "TypedColumn":
        """Return how a type reads a column.

        Args:
            column: all its cells.
            described: the type, as `described` gives it.
            whose: the table's name, for sentences.

        Raises:
            Refused: for a type that cannot be made, and a cell that it cannot read.
        """
        if isinstance(column.dtype, pd.CategoricalDtype):
            raise Refused(
                f"column {column.name!r} of {whose} is of the type category, whose values are levels; make it texts, "
                "in pandas by astype(str), or leave it out of --columns."
            )
        name, dtype = plain(column.name), str(column.dtype)
        asked = cls(name, dtype, **described)
        asked.numbers(column)
        fitted = describe(asked.type.fitted(column.dropna()))
        return cls(name, dtype, **fitted)

    @cached_property
    def type(self) -> ColumnType:
        """The type, which is imported now."""
        kind = find_dataclass(self.class_path)
        if not issubclass(kind, ColumnType):
            raise Refused(f"{self.class_path} must be a ColumnType to read the column {self.column!r}; derive it from "
                          "pushforward.data.ColumnType.")  # fmt: skip
        made: ColumnType = called(kind, self.init_args, f"{self.class_path} of column {self.column!r}")
        return made

    @property
    def holds(self) -> str:
        return f"{self.class_path.rpartition('.')[2]} cells"

    @property
    def written(self) -> str:
        return repr(self.type.examples[0])

    @property
    def scale(self) -> str:
        return f"{self.class_path} {to_json(dict(self.init_args))}"

    def numbers(self, column: pd.Series) -> pd.Series:
        codes, held = pd.factorize(column)
        values = np.full(len(held) + 1, np.nan)
        for i, cell in enumerate(held):
            try:
                values[i] = self._read(cell)
            except UNREAD as error:
                row = int(np.flatnonzero(codes == i)[0])
                raise Refused(
                    f"column {self.column!r} holds {self.holds} such as {self.written}, got {cell!r:.60} in row {row} "
                    f"(counted from 0): {error}; correct it, or leave the row out."
                ) from error
        return pd.Series(values[codes], index=column.index, name=column.name)  # the code of a missing cell is −1

    def decode(self, values: np.ndarray) -> pd.Series:
        codes, held = pd.factorize(values)
        cells = np.empty(len(held) + 1, dtype=object)
        cells[: len(held)] = [self.type.cell(float(number)) for number in held]
        return pd.Series(cells[codes], dtype=object).astype(self.dtype)

    def number(self, value: Any) -> float:
        return float(value) if isinstance(value, Real) and not isinstance(value, bool) else self._read(value)

    def _read(self, cell: Any) -> float:
        number = self.type.number(unescaped(cell) if isinstance(cell, str) else cell)
        if not isinstance(number, Real) or not isfinite(number):
            raise ValueError(f"its number is {number!r}, which is not finite")
        return float(number)


def describe(kind: ColumnType) -> dict[str, Any]:
    """Return a type of column as `class_path` and `init_args`, plain values.

    Raises:
        Refused: for one that no file can name.
    """
    own = type(kind)
    if not is_dataclass(own) or not own.__qualname__.isidentifier():
        raise Refused(
            f"a type of column must be a frozen dataclass at the top of a module, by which a run folder names it, and "
            f"{own.__qualname__} is not."
        )
    options = {f.name: getattr(kind, f.name) for f in fields(own) if f.init}
    try:
        given = json.loads(to_json(options))
    except (TypeError, ValueError) as error:
        raise Refused(f"options of {own.__qualname__} must be numbers, texts and lists of them: {error}.") from error
    return {"class_path": f"{own.__module__}.{own.__qualname__}", "init_args": given}
