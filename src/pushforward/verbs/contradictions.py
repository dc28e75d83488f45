"""The contradictions among conditions and orders of columns: what no row can meet is refused before one is drawn."""

import ast
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from math import inf

import numpy as np

from pushforward.data.codecs.rules import Bound, Order
from pushforward.data.codecs.table import TableCodec
from pushforward.errors import Refused
from pushforward.verbs.conditions import Condition, numbered


@dataclass(frozen=True)
class End:
    """An end of what the values of a column may be, and why.

    Args:
        at: the value.
        open: whether it is none of them.
        why: the conditions and orders that it follows from.
    """

    at: float
    open: bool = False
    why: tuple[str, ...] = ()


def refuse_contradictions(
    codec: TableCodec, conditions: Sequence[Condition], orders: Sequence[Order], bounds: Collection[Bound] = ()
) -> None:
    """Refuse conditions and orders that no row in which the cells are there can meet together.

    Args:
        codec: of the data.
        conditions: on columns, dates as they were given.
        orders: of columns.
        bounds: of columns of numbers.

    Raises:
        Refused: naming those that contradict each other.
    """
    for name in dict.fromkeys(c.column for c in conditions):
        _refuse_no_cell(codec, name, [c for c in conditions if c.column == name])
    _refuse_rings(orders)
    _refuse_empty(codec, conditions, orders, bounds)


def _refuse_no_cell(codec: TableCodec, name: str | int, asked: Sequence[Condition]) -> None:
    """Refuse conditions of one column that none of its levels meets, or that ask for missing cells and for others."""
    levels = next((c for c in codec.levels if c.column == name), None)
    if levels is not None:
        cells = [*levels.values, *levels.rare, *([] if levels.absent is None else [None])]
        if not np.all([c.meets(cells) for c in asked], axis=0).any():
            shown = ", ".join(map(str, levels.values[:10])) + (", …" if len(levels.values) > 10 else "")
            raise Refused(f"{_joined(map(str, asked))} is met by no value of {name!r} in the data; it holds {shown}.")
    elif name in codec.numbers:
        _refuse_no_number(codec, name, asked)
    if any(c.of_missing for c in asked) and not all(c.of_missing for c in asked):
        raise _refusal(map(str, asked))


def _refuse_no_number(codec: TableCodec, name: str | int, asked: Sequence[Condition]) -> None:
    """Refuse what asks a column of numbers for texts, or for missing cells where none is missing."""
    for condition in asked:
        value = condition.value
        values = list(value) if isinstance(value, list | tuple | set) else [value]
        if name not in {c.column for c in codec.coded} and any(isinstance(v, str) for v in values):
            raise Refused(f"{condition} compares {name!r}, a column of numbers, with a text; give a number.")
        if condition.of_missing and name not in {gap.column for gap in codec.gaps}:
            raise Refused(f"{condition} is met by no row: no cell of {name!r} is missing in the data.")


def _refuse_rings(orders: Sequence[Order]) -> None:
    """Refuse a < b beside orders by which b comes before a."""
    for first in (order for order in orders if order.strict):
        reached: dict[str | int, tuple[Order, ...]] = {first.high: (first,)}
        while more := {o.high: (*reached[o.low], o) for o in orders if o.low in reached and o.high not in reached}:
            reached |= more
        if first.low in reached:
            raise _refusal(map(str, reached[first.low]))


def _refuse_empty(
    codec: TableCodec, conditions: Sequence[Condition], orders: Sequence[Order], bounds: Collection[Bound]
) -> None:
    """Refuse what leaves a column of numbers or of dates no value, by bounds that orders hand on."""
    lowest, highest = dict[str | int, End](), dict[str | int, End]()

    def narrow(name: str | int, low: End, high: End) -> None:
        lowest[name] = max(lowest.get(name, End(-inf)), low, key=lambda e: (e.at, e.open))
        highest[name] = min(highest.get(name, End(inf)), high, key=lambda e: (e.at, -e.open))
        bottom, top = lowest[name], highest[name]
        if bottom.at > top.at or (bottom.at == top.at and (bottom.open or top.open)):
            raise _refusal(dict.fromkeys((*bottom.why, *top.why)))

    for bound in bounds:
        end = End(bound.at, why=(str(bound),))
        narrow(bound.column, End(-inf) if bound.upper else end, end if bound.upper else End(inf))
    for condition in conditions:
        if condition.column in codec.numbers:
            narrow(condition.column, *_ends(numbered(condition, codec.coded, compared=True), str(condition)))
    for _ in orders:
        for order in orders:
            low, high = lowest.get(order.low, End(-inf)), highest.get(order.high, End(inf))
            narrow(order.high, _on(low, order), End(inf))
            narrow(order.low, End(-inf), _on(high, order))


def _on(end: End, order: Order) -> End:
    """Return the end of one column that follows from that of another by an order."""
    return End(end.at, end.open or order.strict, (*end.why, str(order)) if end.why else ())


def _ends(condition: Condition, why: str) -> tuple[End, End]:
    """Return the lowest and the highest value that a condition allows."""
    kind, values = condition.kind, condition.value
    values = list(values) if isinstance(values, list | tuple | set) else [values]
    if not values or not all(isinstance(v, int | float) for v in values):
        return End(-inf), End(inf)
    low, high = End(float(min(values)), kind is ast.Gt, (why,)), End(float(max(values)), kind is ast.Lt, (why,))
    return (
        low if kind in (ast.Gt, ast.GtE, ast.Eq, ast.In) else End(-inf),
        high if kind in (ast.Lt, ast.LtE, ast.Eq, ast.In) else End(inf),
    )


def _joined(parts: Iterable[str]) -> str:
    *others, last = parts
    return f"{', '.join(others)} and {last}" if others else last


def _refusal(parts: Iterable[str]) -> Refused:
    return Refused(f"no row meets {_joined(parts)}, which contradict each other; leave one of them out.")
