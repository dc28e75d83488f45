"""The constraints that samples of a table are to keep: orders, ranges, combinations and uniqueness, from a text."""

import ast
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from pushforward.data.codecs.rules import Bound, Order, cells_of
from pushforward.data.codecs.table import TableCodec
from pushforward.errors import Refused
from pushforward.verbs.conditions import Condition, Reader, numbered

Cells = Mapping[str | int, np.ndarray]
"""The columns of rows: numbers and dates as float64, others as objects, None where a cell is missing."""

HOW = (
    "constraints such as start <= end, age >= 18, fixed(country, town) for the combinations that the data hold and "
    "unique(code), joined by `and`; a name with blanks stands between backticks"
)


@dataclass(frozen=True)
class Within:
    """A rule: a cell meets a condition, or is missing.

    Args:
        condition: with dates in seconds.
        written: as it was given.
    """

    condition: Condition
    written: str

    def __str__(self) -> str:
        return self.written

    @property
    def columns(self) -> tuple[str | int, ...]:
        """The column that it is about."""
        return (self.condition.column,)

    def met(self, values: Cells) -> np.ndarray:
        """Return which rows keep it."""
        cells = values[self.condition.column]
        absent = self.condition.of_missing is None and pd.isna(cells)
        return self.condition.meets(cells) | absent


@dataclass(frozen=True)
class Fixed:
    """A rule: the cells of some columns are together in a row of the data.

    Args:
        columns: of the combination.
        held: the combinations that the data hold.
    """

    columns: tuple[str | int, ...]
    held: frozenset[tuple[Any, ...]]

    def __str__(self) -> str:
        return f"fixed({', '.join(map(str, self.columns))})"

    def met(self, values: Cells) -> np.ndarray:
        """Return which rows keep it."""
        return np.array([row in self.held for row in rows_of(values, self.columns)], dtype=bool)


Rule = Order | Bound | Within | Fixed
"""What a row of a table keeps or breaks."""


@dataclass(frozen=True)
class Unique:
    """A wish for all samples together: no two have the same cells in some columns.

    Args:
        columns: whose cells are taken together.
    """

    columns: tuple[str | int, ...]

    def __str__(self) -> str:
        return f"unique({', '.join(map(str, self.columns))})"


@dataclass(frozen=True)
class Constraints:
    """The constraints of a text.

    Args:
        rules: on each row.
        unique: on all of them together.
        conditions: those of the rules that compare a column with values.
    """

    rules: tuple[Rule, ...] = ()
    unique: tuple[Unique, ...] = ()
    conditions: tuple[Condition, ...] = ()


def constraints_of(text: str, codec: TableCodec, held: Callable[[], pd.DataFrame]) -> Constraints:
    """Return the constraints of a text.

    Args:
        text: constraints joined by `and`.
        codec: of the data.
        held: gives the data, of whose combinations `fixed` takes those that there are.

    Raises:
        Refused: for what is none, a column that there is not, and columns that a constraint cannot be on.
    """
    reader = Reader(text, codec.names, "--constraints", HOW)
    rules, unique, conditions = list[Rule](), list[Unique](), list[Condition]()
    for part in reader.parts:
        if isinstance(part, ast.Call):
            kind, columns = _called(part, reader, codec)
            if kind == "unique":
                unique.append(Unique(columns))
            else:
                rules.append(Fixed(columns, frozenset(rows_of(cells_of(held(), codec.coded), columns))))
            continue
        for left, op, right in reader.compared(part):
            if isinstance(left, ast.Name) and isinstance(right, ast.Name):
                rules.append(_order(left, op, right, reader, codec))
                continue
            (condition,) = reader.conditions(ast.Compare(left, [op()], [right]))
            conditions.append(condition)
            rules.append(Within(numbered(condition, codec.coded, compared=True), str(condition)))
    return Constraints(tuple(rules), tuple(unique), tuple(conditions))


def rows_of(values: Cells, columns: Sequence[str | int]) -> list[tuple[Any, ...]]:
    """Return the cells of some columns row by row, None where one is missing."""
    plain = [[None if cell is None or cell != cell else cell for cell in values[name].tolist()] for name in columns]
    return list(zip(*plain, strict=True))


def _called(part: ast.Call, reader: Reader, codec: TableCodec) -> tuple[str, tuple[str | int, ...]]:
    """Return whether a constraint is fixed or unique, and its columns.

    Raises:
        Refused: for anything else, and for columns whose rare levels are drawn when a sample is written.
    """
    kind = part.func.id if isinstance(part.func, ast.Name) else ""
    if kind not in ("fixed", "unique") or part.keywords or len(part.args) < (2 if kind == "fixed" else 1):
        raise reader.refusal()
    columns = tuple(reader.column(node) for node in part.args)
    for levels in codec.levels:
        if levels.rare and levels.column in columns:
            raise Refused(
                f"--constraints cannot hold {kind} on {levels.column!r}, whose {len(levels.rare):,} rare levels are "
                "drawn by their own frequencies; leave it out."
            )
    return kind, columns


def _order(left: ast.expr, op: type[ast.cmpop], right: ast.expr, reader: Reader, codec: TableCodec) -> Order:
    """Return the order of two columns.

    Raises:
        Refused: for columns that have none, of numbers and dates together, and comparisons that are no order.
    """
    sides, scales = [reader.column(left), reader.column(right)], {c.column: c.scale for c in codec.coded}
    if op in (ast.Gt, ast.GtE):
        sides.reverse()
    elif op not in (ast.Lt, ast.LtE):
        raise reader.refusal()
    numbers = {*codec.numbers}
    if odd := [name for name in sides if name not in numbers]:
        raise Refused(f"--constraints takes orders of columns of numbers or of dates, and {odd[0]!r} holds others.")
    if scales.get(sides[0]) != scales.get(sides[1]):
        held = next(c.holds for c in codec.coded if c.column in sides)
        raise Refused(
            f"--constraints compares {sides[0]!r} with {sides[1]!r}, one of which holds {held}; take alike ones."
        )
    return Order(sides[0], sides[1], strict=op in (ast.Lt, ast.Gt))
