"""The columns that only count the rows of a table: recognised, left out, and written afresh."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from pandas.api.types import is_float_dtype, is_integer_dtype, is_numeric_dtype, pandas_dtype

from pushforward.errors import Refused
from pushforward.notes import left_out

# What pandas, Arrow, R and spreadsheets call a column that came without a name, or an index that became a column.
NAMELESS = re.compile(r"(|nan|none|unnamed: \d+(\.\d+)*(_level_\d+)?|__index_level_\d+__)", re.IGNORECASE)
USUAL = {"index", "idx", "id", "row", "rows", "rowid", "row_id", "rownum", "row_number", "rownames", "level_0", "#"}
# How the names of numbers of customers, orders and the like end; those of an index begin at 0 or 1.
KEYS = re.compile(r"(?i:.+[_\s.-](id|key|nr|no|number)|.+\bid)|.*[a-z]I[Dd]|ID")
# Below so many rows a column of measurements may be 1, 2, 3, … by chance.
FEWEST = 10


@dataclass(frozen=True)
class RowNumber:
    """A column that counts the rows of its table, or numbers them, so that it says nothing about any of them.

    Args:
        name: of the column.
        position: among all columns, from 0.
        start: the number of the first row in a table that is written: 0, 1, or one more than the data's last.
        dtype: pandas' name of its type.
    """

    name: str | int
    position: int
    start: int
    dtype: str

    @property
    def remark(self) -> str:
        """The sentence about such a column in samples."""
        return f"column {self.name!r} holds fresh row numbers, from {self.start}: those of the data are not modelled."

    def fresh(self, n: int) -> pd.Series:
        """Return start, start + 1, …, start + n − 1 in the type of the column.

        Example:
            >>> RowNumber("id", 0, 1, "int64").fresh(3).tolist()
            [1, 2, 3]
        """
        kind = pandas_dtype(self.dtype)
        if not is_numeric_dtype(kind):
            raise Refused(
                f"the type of column {self.name!r}, which counts rows, must be of numbers, got {self.dtype!r}."
            )
        return pd.Series(np.arange(self.start, self.start + n)).astype(kind)


def row_numbers(frame: pd.DataFrame, keep: Collection[Any] = ()) -> tuple[RowNumber, ...]:
    """Find the columns of a table that count its rows.

    A column without a name, or with a usual name of an index or a key, such as `customer_id`, counts rows if its whole
    numbers are all different; any other if it reads 0, 1, 2, … or 1, 2, 3, … from the first of at least 10 rows to the
    last, in a type of integers.

    Args:
        frame: all columns, rows in the order in which they came.
        keep: names of columns that are known to be data.
    Example:
        >>> [c.name for c in row_numbers(pd.DataFrame({"": [0, 3, 7], "a": [0, 1, 2]}))]
        ['']
    """
    counting = [
        row_number(frame.iloc[:, i], name, i, _key(name))
        for i, name in enumerate(frame.columns)
        if name not in keep and _counts(frame.iloc[:, i], name)
    ]
    named = [column for column in counting if not nameless(column.name)]
    # Where nothing else is left, a named column is what the table is about.
    return tuple(counting if len(counting) < frame.shape[1] else [column for column in counting if column not in named])


def row_number(column: pd.Series, name: Any, position: int, key: bool) -> RowNumber:
    """Return the row numbers that a column of whole numbers is.

    Args:
        column: all its cells.
        name: of the column.
        position: among all columns, from 0.
        key: whether samples are numbered from where the data end, unless these begin at 0 or 1.
    """
    low = column.min()
    start = int(column.max()) + 1 if key and low not in (0, 1) else int(low == 1)
    return RowNumber(_plain(name), position, start, str(column.dtype))


def row_number_notes(columns: Collection[RowNumber], whose: str, written: bool = True) -> tuple[str, ...]:
    """Return the sentence that says which columns are left out for counting rows; none for none.

    Args:
        columns: that count rows.
        whose: the table's name.
        written: whether samples of this table will have fresh ones.

    Example:
        >>> row_number_notes((RowNumber("id", 0, 1, "int64"),), "table")
        ("column 'id' of table holds row numbers and is left out: neither judged nor modelled; sample writes a ...",)
    """
    if not columns:
        return ()
    called = lambda column: repr(column.name) if column.name else f"{column.position} ('Unnamed: {column.position}')"
    names = " and ".join(map(called, columns))
    one = len(columns) == 1
    last = f"; sample writes {'a fresh one' if one else 'fresh ones'}" if written else ""
    note = (
        f"{'column' if one else 'columns'} {names} of {whose} {'holds' if one else 'hold'} row numbers and "
        f"{'is' if one else 'are'} left out: neither judged nor modelled{last}."
    )
    return (left_out(note),)


def nameless(name: Any) -> bool:
    """Tell whether nobody gave the column this name.

    Example:
        >>> nameless("Unnamed: 0"), nameless("a")
        (True, False)
    """
    return name is None or NAMELESS.fullmatch(str(name).strip()) is not None


def _counts(column: pd.Series, name: Any) -> bool:
    if not len(column) or column.isna().any():
        return False
    ignored = _usual(name) or (_key(name) and len(column) >= FEWEST and is_integer_dtype(column))
    if not (is_integer_dtype(column) or (ignored and is_float_dtype(column))):
        return False
    values = column.to_numpy()
    if ignored:
        whole = is_integer_dtype(column) or bool((np.isfinite(values) & (values == np.round(values))).all())
        return whole and len(np.unique(values)) == len(values)
    first = int(values[0])
    return len(values) >= FEWEST and first in (0, 1) and bool((values == np.arange(first, first + len(values))).all())


def _usual(name: Any) -> bool:
    return nameless(name) or str(name).strip().lower() in USUAL


def _key(name: Any) -> bool:
    return KEYS.fullmatch(str(name)) is not None and not _usual(name)


def _plain(name: Any) -> str | int:
    """Return a column's name as JSON has it: a whole number or a word."""
    return int(name) if isinstance(name, int | np.integer) else "" if name is None else str(name)
