"""The laws of types of columns: cells come back as they were, whatever the table does with their numbers between."""

import json

import numpy as np
import pandas as pd

from pushforward.data import Codec, ColumnType, Data, TableCodec, load
from pushforward.data.codecs.typed_columns import TypedColumn, describe
from pushforward.errors import Refused
from pushforward.permission import permitting
from pushforward.spaces import Batch
from pushforward.testing.rule import holds, is_a_value, laws_of

ROWS = 60
UNREADABLE = ("\N{SNOWMAN} no such cell", object())


def three_examples_or_more(kind: ColumnType) -> None:
    """The examples are three different cells or more, none of them missing."""
    cells = list(kind.examples)
    holds(len(set(cells)) >= 3, f"they are {cells!r}")
    holds(not pd.isna(pd.Series(cells)).any(), f"one of {cells!r} is missing")


def a_file_can_name_it(kind: ColumnType) -> None:
    """The type is made again by its dotted path and its options, as a run folder names it."""
    column = TypedColumn("c", "object", **json.loads(json.dumps(describe(kind))))
    holds(column.type == kind, f"{column.type!r} comes back")


def cells_come_back(kind: ColumnType) -> None:
    """The cell of the number of a cell is that cell, in the type that the column had."""
    for cells in _columns(kind):
        table = pd.DataFrame({"x": np.arange(float(ROWS)), "c": cells})
        data = load(table, columns={"c": kind}, native=True)
        back = data.codec.decode(data.codec.encode(table))
        pd.testing.assert_series_equal(back["c"], table["c"], rtol=1e-12)
        holds(len(back) == ROWS, f"{ROWS} rows became {len(back)}")


def the_order_is_that_of_numbers(kind: ColumnType) -> None:
    """The numbers of different examples are different, and the same at a second reading."""
    numbers = _column(kind).numbers(_cells(kind)).to_numpy()
    holds(len(set(numbers)) == len(set(kind.examples)), f"{list(kind.examples)!r} have the numbers {set(numbers)}")
    holds(np.array_equal(numbers, _column(kind).numbers(_cells(kind))), "a second reading gives others")


def nothing_leaves_the_range_seen(kind: ColumnType) -> None:
    """The cells of numbers between two seen ones can be read, and their numbers lie between these."""
    column = _column(kind)
    seen = column.numbers(_cells(kind)).to_numpy()
    between = np.random.default_rng(0).uniform(seen.min(), seen.max(), 200)
    written = column.decode(between)
    read, slack = column.numbers(written).to_numpy(), 1e-9 * max(abs(seen).max(), 1.0)
    holds(len(written) == 200, f"200 numbers became {len(written)} cells")
    holds(bool((read >= seen.min() - slack).all()), f"the least number is {seen.min()}, and {read.min()} came")
    holds(bool((read <= seen.max() + slack).all()), f"the largest number is {seen.max()}, and {read.max()} came")


def a_run_keeps_it(kind: ColumnType) -> None:
    """The codec that a run folder holds writes the same cells of the same points."""
    data = _data(kind)
    stored = json.loads(json.dumps(data.codec.to_json()))
    with permitting([type(kind).__module__]):
        again = Codec.from_json(stored)
    x = data.train.all().x
    holds(again == data.codec, "the codec that comes back is another")
    pd.testing.assert_frame_equal(again.decode(Batch(x)), data.codec.decode(Batch(x)))


def strangers_are_refused(kind: ColumnType) -> None:
    """A cell that it cannot read is refused by one sentence, with the column, the row and an example."""
    column, cells = _column(kind), _cells(kind).astype(object)
    for cell in UNREADABLE:
        cells[7] = cell
        try:
            column.numbers(cells)
        except Refused as refused:
            said = str(refused)
            holds("'c'" in said and "row 7" in said and column.written in said, f"the sentence is {said!r}")
            continue
        raise AssertionError(f"{cell!r} was read")


def _cells(kind: ColumnType) -> pd.Series:
    examples = list(kind.examples)
    return pd.Series([examples[i % len(examples)] for i in range(ROWS)], name="c")


def _columns(kind: ColumnType) -> tuple[pd.Series, pd.Series]:
    """Return a column of examples, and one in which some are missing."""
    gaps = _cells(kind)
    gaps = gaps if gaps.dtype.kind in "OfM" else gaps.astype(object)
    return _cells(kind), gaps.mask(np.arange(ROWS) % 7 == 3)


def _data(kind: ColumnType) -> Data:
    return load(pd.DataFrame({"x": np.arange(float(ROWS)), "c": _cells(kind)}), columns={"c": kind})


def _column(kind: ColumnType) -> TypedColumn:
    codec = _data(kind).codec
    assert isinstance(codec, TableCodec)  # of tables alone
    return codec.typed[0]


LAWS = laws_of(
    "types of columns",
    is_a_value,
    three_examples_or_more,
    a_file_can_name_it,
    the_order_is_that_of_numbers,
    cells_come_back,
    nothing_leaves_the_range_seen,
    a_run_keeps_it,
    strangers_are_refused,
)
