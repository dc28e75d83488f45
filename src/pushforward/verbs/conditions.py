"""The conditions on columns that samples of a table are asked to meet: read from a text, and tried on values."""

import ast
import operator
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd

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

    @property
    def of_missing(self) -> bool | None:
        """Whether it asks for missing cells, or for others; None where it asks for values."""
        return None if self.value is not None else self.kind in (ast.Is, ast.Eq)

    def meets(self, values: Sequence[Any] | pd.Series) -> np.ndarray:
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
                f"--where compares column {self.column!r} with {self.value!r}, and it holds values such as "
                f"{column[~absent].iloc[0]!r}; ask for values of its kind."
            ) from None
        found = np.zeros(len(column), dtype=bool)
        found[~absent] = np.asarray(met, dtype=bool)
        return found


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
    names: dict[str, str] = {}

    def quoted(match: re.Match[str]) -> str:
        names[f"_quoted_{len(names)}"] = match.group(1)
        return f"_quoted_{len(names) - 1}"

    try:
        tree = ast.parse(re.sub(r"`([^`]*)`", quoted, text.strip()), mode="eval").body
    except SyntaxError:
        raise Refused(f"--where takes {HOW}; got {text!r}.") from None
    parts = tree.values if isinstance(tree, ast.BoolOp) and isinstance(tree.op, ast.And) else [tree]
    known = {str(column): column for column in columns}
    return tuple(found for part in parts for found in _compared(part, names, known, text))


def _compared(part: ast.expr, names: Mapping[str, str], known: Mapping[str, str | int], text: str) -> list[Condition]:
    """Return the conditions of one comparison, which may be a chain such as 30 < age <= 40."""
    if not isinstance(part, ast.Compare):
        raise Refused(f"--where takes {HOW}; got {text!r}.")
    sides, found = [part.left, *part.comparators], []
    for left, op, right in zip(sides, part.ops, sides[1:], strict=False):
        kind = type(op)
        if not isinstance(left, ast.Name) and isinstance(right, ast.Name) and kind in TURNED:
            left, right, kind = right, left, TURNED[kind]
        if not isinstance(left, ast.Name):
            raise Refused(f"--where takes {HOW}; got {text!r}.")
        name = names.get(left.id, left.id)
        if name not in known:
            raise Refused(f"--where names no column of the data: {name!r}; {nearest(name, list(known))}")
        found.append(Condition(known[name], kind, _value(right, text)))
    return found


def _value(node: ast.expr, text: str) -> Any:
    """Return a number, a text, a truth or several of them.

    Raises:
        Refused: for anything else, such as a second column.
    """
    try:
        return ast.literal_eval(node)
    except (ValueError, TypeError):
        raise Refused(f"--where compares columns with values, {HOW}; got {text!r}.") from None
