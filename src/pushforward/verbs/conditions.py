"""The conditions on columns that samples of a table are asked to meet: read from a text, and tried on values."""

import ast
import operator
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd

from pushforward.data.codecs.as_numbers import AsNumbers
from pushforward.errors import Refused, nearest

COMPARED: Mapping[type[ast.cmpop], Callable[[Any, Any], Any]] = MappingProxyType(
    {
        ast.Eq: operator.eq,
        ast.NotEq: operator.ne,
        ast.Lt: operator.lt,
        ast.LtE: operator.le,
        ast.Gt: operator.gt,
        ast.GtE: operator.ge,
    }
)
TURNED = {ast.Lt: ast.Gt, ast.LtE: ast.GtE, ast.Gt: ast.Lt, ast.GtE: ast.LtE, ast.Eq: ast.Eq, ast.NotEq: ast.NotEq}
SYMBOLS: Mapping[type[ast.cmpop], str] = MappingProxyType(
    {
        **{kind: shown for kind, shown in zip(COMPARED, ("==", "!=", "<", "<=", ">", ">="), strict=True)},
        **{ast.In: "in", ast.NotIn: "not in", ast.Is: "is", ast.IsNot: "is not"},
    }
)
QUOTED = r"`([^`]*)`"
HOW = (
    "conditions such as age > 60, country == 'FR', sex in ['F', 'M'] or income is None (missing), joined by `and`; a "
    "name with blanks stands between backticks"
)


@dataclass(frozen=True)
class Condition:
    """A condition on one column: a comparison with a value, one of several values, or missing or not.

    Args:
        column: its name.
        kind: of the comparison, as Python's grammar has it.
        value: that it is compared with; None for a missing cell.
    """

    column: str | int
    kind: type[ast.cmpop]
    value: Any

    def __str__(self) -> str:
        return f"{self.column} {SYMBOLS[self.kind]} {self.value!r}"

    @property
    def of_missing(self) -> bool | None:
        """Whether it asks for missing cells, or for others; None where it asks for values."""
        return None if self.value is not None else self.kind in (ast.Is, ast.Eq)

    def meets(self, values: Sequence[Any] | np.ndarray | pd.Series) -> np.ndarray:
        """Return which of the values meet it; a missing one does only where that is asked for.

        Raises:
            Refused: for values that cannot be compared with it.
        """
        column = pd.Series(values)
        absent = column.isna().to_numpy()
        if self.of_missing is not None:
            return absent if self.of_missing else ~absent
        if self.kind in (ast.In, ast.NotIn):
            found = column.isin(list(self.value)).to_numpy()
            return (~found if self.kind is ast.NotIn else found) & ~absent
        try:
            met = COMPARED[self.kind](column[~absent].astype(object), self.value)
        except TypeError:
            raise Refused(
                f"a condition compares column {self.column!r} with {self.value!r}, and it holds values such as "
                f"{column[~absent].tolist()[0]!r}; ask for values of its kind."
            ) from None
        found = np.zeros(len(column), dtype=bool)
        found[~absent] = np.asarray(met, dtype=bool)
        return found


@dataclass(frozen=True)
class Reader:
    """A reader of conditions on columns, joined by `and`, that an option was given as a text.

    Args:
        text: as given.
        columns: that there are.
        option: that has the text, for sentences.
        how: what the option takes, for sentences.
    """

    text: str
    columns: Sequence[str | int]
    option: str = "--where"
    how: str = HOW

    @cached_property
    def parts(self) -> list[ast.expr]:
        """The comparisons that `and` joins.

        Raises:
            Refused: for a text that is no such thing.
        """
        names = iter(self._quoted)
        try:
            tree = ast.parse(re.sub(QUOTED, lambda _: next(names), self.text.strip()), mode="eval").body
        except SyntaxError:
            raise self.refusal() from None
        return tree.values if isinstance(tree, ast.BoolOp) and isinstance(tree.op, ast.And) else [tree]

    def refusal(self) -> Refused:
        """Return the refusal of what it cannot read."""
        return Refused(f"{self.option} takes {self.how}; got {self.text!r}.")

    def column(self, node: ast.expr) -> str | int:
        """Return the column that is named.

        Raises:
            Refused: for what is no name, and for a column that there is not.
        """
        if not isinstance(node, ast.Name):
            raise self.refusal()
        name, known = self._quoted.get(node.id, node.id), {str(column): column for column in self.columns}
        if name not in known:
            raise Refused(f"{self.option} names no column of the data: {name!r}; {nearest(name, list(known))}")
        return known[name]

    def conditions(self, part: ast.expr) -> list[Condition]:
        """Return the conditions of one comparison of columns with values, which may be a chain: 30 < age <= 40."""
        found = []
        for left, kind, right in self.compared(part):
            if not isinstance(left, ast.Name) and isinstance(right, ast.Name) and kind in TURNED:
                left, right, kind = right, left, TURNED[kind]
            found.append(Condition(self.column(left), kind, self._value(right)))
        return found

    def compared(self, part: ast.expr) -> list[tuple[ast.expr, type[ast.cmpop], ast.expr]]:
        """Return both sides of each comparison of a chain, and of which kind it is."""
        if not isinstance(part, ast.Compare):
            raise self.refusal()
        sides = [part.left, *part.comparators]
        return [(left, type(op), right) for left, op, right in zip(sides, part.ops, sides[1:], strict=False)]

    @cached_property
    def _quoted(self) -> dict[str, str]:
        """The names between backticks, by what stands for them."""
        return {f"_quoted_{i}": name for i, name in enumerate(re.findall(QUOTED, self.text))}

    def _value(self, node: ast.expr) -> Any:
        """Return a number, a text, a truth or several of them.

        Raises:
            Refused: for anything else, such as a second column.
        """
        try:
            return ast.literal_eval(node)
        except (ValueError, TypeError):
            raise Refused(f"{self.option} compares columns with values, {self.how}; got {self.text!r}.") from None


def conditions_of(text: str, columns: Sequence[str | int]) -> tuple[Condition, ...]:
    """Return the conditions of a text.

    Args:
        text: conditions joined by `and`.
        columns: that there are.

    Raises:
        Refused: for what is none, and for a column that there is not.
    Example:
        >>> [c.column for c in conditions_of("30 < age <= 40 and `home town` in ['Rome']", ["age", "home town"])]
        ['age', 'age', 'home town']
    """
    reader = Reader(text, columns)
    return tuple(found for part in reader.parts for found in reader.conditions(part))


def numbered(condition: Condition, coded: Collection[AsNumbers], compared: bool = False) -> Condition:
    """Return a condition on a column whose cells stand for numbers as one on these, any other as it is.

    Args:
        condition: on a column.
        coded: the columns whose cells stand for numbers, such as dates.
        compared: whether numbers are in the unit in which columns are compared, not in that of the column.

    Raises:
        Refused: for what stands for no number.
    """
    known, value = next((c for c in coded if c.column == condition.column), None), condition.value
    if known is None or value is None:
        return condition
    number = lambda v: known.comparable(known.number(v)) if compared else known.number(v)
    try:
        numbers = [number(v) for v in value] if isinstance(value, list | tuple | set) else number(value)
    except (ValueError, TypeError):
        raise Refused(
            f"a condition compares {condition.column!r}, a column of {known.holds}, with {value!r}; write "
            f"{known.written}."
        ) from None
    return replace(condition, value=numbers)
