"""The heads of comma-separated tables, where the first line and the rows do not quite agree: found, and noted."""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from pushforward.data.raw.row_numbers import row_numbers
from pushforward.data.readers.csv_forms import TextForm
from pushforward.errors import Refused
from pushforward.notes import left_out

ABSENT = "absent"
"""Among the attributes of a frame: by column, how the first missing value was written."""


def read_csv(path: Path, form: TextForm = TextForm()) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Read a table whose first line names its columns, and a sentence for each column that was left out.

    A first line that is one name short, as R and some spreadsheets write it, names all columns but the first; commas
    at the ends of lines are no columns.

    Args:
        path: of the file.
        form: of the text.

    Raises:
        Refused: for names that are numbers, twice the same, or fewer than there are columns; for another encoding.
    """
    try:
        return _read(path, form)
    except UnicodeError as error:
        raise form.unreadable(path, error) from error


def _read(path: Path, form: TextForm) -> tuple[pd.DataFrame, tuple[str, ...]]:
    header = _first_line(path, form)
    form.refuse_another(path, header)
    sep, said = form.found(path, header)
    names, width = _shape(path, form, sep)
    _refuse_bad_names(names, path)
    more = max(width - len(names), 0)
    padded = [*names, *(f"\0{i}" for i in range(more))] if names else names
    reading = {"header": 0, "names": _distinct(padded), "index_col": False, **form.reading(sep)}
    frame = pd.read_csv(path, low_memory=False, **reading)
    frame.attrs[ABSENT] = dict(zip(padded, _absent(frame, path, reading), strict=True))
    frame.columns = pd.Index(padded)
    frame, notes, trailing = _without_trailing(frame, path)
    if (more := more - trailing) > 0:
        frame, more_notes = _short(frame, names, more, path)
        notes = (*notes, *more_notes)
    return frame, (*said, *notes)


def _absent(frame: pd.DataFrame, path: Path, reading: dict[str, Any]) -> Iterator[str | None]:
    """Return the text of the first missing cell of each column, such as NA; None for a column without one."""
    first = {column: int(np.flatnonzero(absent)[0]) for column in frame if (absent := frame[column].isna()).any()}
    if not first:
        return iter([None] * frame.shape[1])
    plain = {name: value for name, value in reading.items() if name != "na_values"}
    texts = pd.read_csv(path, dtype=str, keep_default_na=False, nrows=max(first.values()) + 1, **plain)
    return (None if column not in first else texts[column].iloc[first[column]] for column in frame)


def _first_line(path: Path, form: TextForm) -> str:
    with form.open(path) as file:
        return next((line for line in file if line.strip()), "")


def _shape(path: Path, form: TextForm, sep: str) -> tuple[list[str], int]:
    """Return the names in the first line, and the number of values in the second."""
    with form.open(path) as file:
        lines = (line for line in csv.reader(file, delimiter=sep) if len(line) > 1 or "".join(line).strip())
        names = next(lines, [])
        return names, len(next(lines, names))


def _distinct(names: list[str]) -> list[str] | None:
    """Return names that pandas accepts, since several may be empty; None for an empty file, which it refuses."""
    return [name or f"\0{-i}" for i, name in enumerate(names, 1)] or None


def _refuse_bad_names(names: list[str], path: Path) -> None:
    if names and all(_number(name) for name in names):
        raise Refused(f"the first line of {path} must name its columns, got numbers: {', '.join(names[:4])}.")
    twice = sorted({name for name in names if name.strip() and names.count(name) > 1})
    if twice:
        raise Refused(f"columns of {path} must have different names, got {twice[0]!r} more than once; rename one.")


def _without_trailing(frame: pd.DataFrame, path: Path) -> tuple[pd.DataFrame, tuple[str, ...], int]:
    """Drop the empty columns that commas at the ends of lines make; say how many of them the first line lacked."""
    empty = list(_trailing(frame))
    if not empty or not len(frame):
        return frame, (), 0
    kept = frame.iloc[:, : frame.shape[1] - len(empty)]
    what = "an empty column, which is" if len(empty) == 1 else f"{len(empty)} empty columns, which are"
    note = left_out(f"the lines of {path.name} end with commas: they make {what} left out.")
    return kept, (note,), sum(name.startswith("\0") for name in empty)


def _trailing(frame: pd.DataFrame) -> Iterator[str]:
    for i in reversed(range(frame.shape[1])):
        name = str(frame.columns[i])
        if not (name.startswith("\0") or not name.strip()) or frame.iloc[:, i].notna().any():
            return
        yield name


def _short(frame: pd.DataFrame, names: list[str], more: int, path: Path) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Complete a first line that is short: the first column has no name if it counts or names rows."""
    first = frame.iloc[:, 0]
    frame = frame.set_axis(["", *names] if more == 1 else frame.columns, axis=1)
    if more == 1 and row_numbers(frame[[""]]):
        return frame, ()
    if more == 1 and not pd.api.types.is_numeric_dtype(first) and first.is_unique:
        note = left_out(
            f"the first line of {path.name} names all columns but the first, which names the rows (such as "
            f"{first.iloc[0]!r}) and is left out: it is neither judged nor modelled."
        )
        return frame.iloc[:, 1:], (note,)
    raise Refused(
        f"the first line of {path} must name every column, got {len(names)} names above rows of "
        f"{len(names) + more} values; add the {'names that are' if more > 1 else 'name that is'} missing."
    )


def _number(word: str) -> bool:
    try:
        float(word)
    except ValueError:
        return False
    return True
