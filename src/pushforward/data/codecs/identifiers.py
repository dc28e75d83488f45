"""The columns of a table that only name its rows, such as UUIDs and numbers of customers: found, and written afresh."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from math import gcd, isqrt, prod
from typing import Any

import pandas as pd

from pushforward.data.codecs.columns import are_names
from pushforward.data.codecs.dates import Dates
from pushforward.data.codecs.gaps import plain
from pushforward.data.raw.row_numbers import RowNumber
from pushforward.errors import Refused
from pushforward.notes import left_out

FEWEST = 20
"""Rows below which texts may be all different by chance."""

ALPHABETS = (
    "0123456789",
    "0123456789abcdef",
    "0123456789ABCDEF",
    "abcdefghijklmnopqrstuvwxyz",
    "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "0123456789abcdefghijklmnopqrstuvwxyz",
    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz",
)
"""What the characters at one place of a text may be, the smallest set that holds them all counts."""

LOOKED_AT = 2000
"""Cells from which the form of texts is read."""


@dataclass(frozen=True)
class Identifier:
    """A column of texts that names rows, each differently, so that it says nothing about any: samples have new ones.

    Args:
        name: of the column.
        position: among all columns, from 0.
        form: the characters that each place of a text may have.
        dtype: pandas' name of its type.
    Example:
        >>> key = Identifier.of(pd.Series([f"C-{i:03d}" for i in range(50)], name="key"), 0)
        >>> key.fresh(3).tolist()
        ['C-061', 'C-022', 'C-083']
    """

    name: str | int
    position: int
    form: tuple[str, ...]
    dtype: str

    def __post_init__(self) -> None:
        if not self.form or not all(self.form):
            raise Refused(f"form of column {self.name!r} must have characters at each place, got {self.form!r:.80}.")

    @classmethod
    def of(cls, column: pd.Series, position: int) -> "Identifier":
        """Return the identifier that a column is, with the form of its texts of the usual length."""
        words = [str(cell) for cell in column.dropna().head(LOOKED_AT)] or ["0"]
        length = Counter(map(len, words)).most_common(1)[0][0]
        places = zip(*(word for word in words if len(word) == length), strict=True)
        return cls(plain(column.name), position, tuple(map(_alphabet, places)) or ("0",), str(column.dtype))

    @property
    def remark(self) -> str:
        """The sentence about such a column in samples."""
        return f"column {self.name!r} holds new names in the form of the data's, which are not modelled."

    def fresh(self, n: int) -> pd.Series:
        """Return n new names, all different."""
        form = self.form
        while prod(map(len, form)) < n:
            form = (*form, ALPHABETS[0])
        total = prod(map(len, form))
        step = max((isqrt(5 * total**2) - total) // 2, 1)  # the golden share, so that they look unordered
        while gcd(step, total) > 1:
            step += 1
        words = [_word(i * step % total, form) for i in range(1, n + 1)]
        kind = pd.api.types.pandas_dtype(self.dtype)
        return pd.Series(words, dtype=object if pd.api.types.is_numeric_dtype(kind) else self.dtype)


Naming = RowNumber | Identifier
"""A column that says nothing about a row but which it is."""


def identifiers(frame: pd.DataFrame, keep: Collection[Any] = ()) -> tuple[Identifier, ...]:
    """Find the columns of texts whose cells are all there and all different, in tables of 20 rows and more.

    Args:
        frame: all columns.
        keep: names of columns that are known to be data.
    """
    found = [
        Identifier.of(frame[name], i)
        for i, name in enumerate(frame.columns)
        if name not in keep and len(frame) >= FEWEST and _names(frame[name])
    ]
    return tuple(found) if len(found) < frame.shape[1] else ()


def identifier_notes(found: Collection[Identifier], whose: str, written: bool = True) -> tuple[str, ...]:
    """Return the sentence that says which columns are left out for naming rows; none for none.

    Args:
        found: that name rows.
        whose: the table's name.
        written: whether samples of this table will have fresh ones.
    """
    if not found:
        return ()
    names, last = " and ".join(repr(c.name) for c in found), "; sample writes new names in the same form"
    which = f"column {names} of {whose} names each row differently and is"
    if len(found) > 1:
        which = f"columns {names} of {whose} name each row differently and are"
    return (left_out(f"{which} left out: neither judged nor modelled{last if written else ''}."),)


def _names(column: pd.Series) -> bool:
    texts = column.dtype == object or isinstance(column.dtype, pd.StringDtype)
    if not texts or column.isna().any() or not column.is_unique or not all(isinstance(cell, str) for cell in column):
        return False
    return are_names(column) and Dates.of(column) is None


def _alphabet(place: tuple[str, ...]) -> str:
    """Return the characters that a place may have: its own where many cells hold few, or no alphabet holds all."""
    held = set(place)
    if len(held) == 1 or len(place) >= FEWEST * len(held):
        return "".join(sorted(held))
    return next((letters for letters in ALPHABETS if held <= set(letters)), "".join(sorted(held)))


def _word(i: int, form: tuple[str, ...]) -> str:
    """Return the i-th text of a form."""
    letters = list[str]()
    for alphabet in reversed(form):
        i, place = divmod(i, len(alphabet))
        letters.append(alphabet[place])
    return "".join(reversed(letters))
