"""The tables read from and written to .csv and .parquet, each damage as one sentence."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd

from pushforward.data.raw.npy import make_parent
from pushforward.data.readers.arrow_frames import of_arrow
from pushforward.data.readers.csv_forms import TEXTS, TextForm, table_ending
from pushforward.data.readers.csv_headers import read_csv
from pushforward.errors import Refused
from pushforward.notes import left_out
from pushforward.runs.atomic import replacing
from pushforward.runs.file_errors import DAMAGE, readable

# A spreadsheet runs a cell that begins with one of these.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, eq=False)
class Table:
    """The named columns of a table as they were found, before anything was chosen.

    Args:
        name: short; a file's name without its ending.
        frame: all columns, rows in their order.
        labels: name of the column of classes, where the object itself says which one it is.
        notes: sentences about what was left out while reading.
        suffix: native ending of the form.
        library: whose table it is.
        form: of a text.
    """

    name: str
    frame: pd.DataFrame
    labels: str | None = None
    notes: tuple[str, ...] = ()
    suffix: str = ".csv"
    library: str = "pandas"
    form: TextForm = TextForm()

    def __len__(self) -> int:
        return len(self.frame)


def read_table(path: Path, form: TextForm = TextForm()) -> Table:
    """Read a table whose first line names its columns; or a Parquet file.

    Args:
        path: of the file.
        form: of a text.

    Raises:
        Refused: for a file that is empty, damaged, without names, or separated by something else.
    """
    ending = table_ending(path)
    if ending == ".parquet":
        import pyarrow as pa
        import pyarrow.parquet as pq

        with readable(path, "a Parquet table", (*DAMAGE, pa.ArrowException)):
            return flat_table(Table(path.stem, of_arrow(pq.read_table(path)), suffix=".parquet"))
    with readable(path, "a table of separated values", (*DAMAGE, csv.Error)):
        frame, notes = read_csv(path, form)
    name = path.name[: -len(ending)] if ending else path.stem
    return Table(name, frame, notes=notes, suffix=ending or ".csv", form=form)


def flat_table(table: Table) -> Table:
    """Return the table with columns of one level and no index of rows; what else there was is noted."""
    frame, notes = table.frame, table.notes
    if frame.columns.nlevels > 1:
        frame = frame.set_axis(["/".join(str(part) for part in name if str(part)) for name in frame.columns], axis=1)
        notes += (f"the columns of {table.name} have names of several levels, which are joined: {frame.columns[0]}, …",)
    rows = frame.index
    if rows.nlevels > 1 or rows.name is not None or not rows.equals(pd.RangeIndex(len(frame))):
        names = ", ".join(repr(name) for name in rows.names if name is not None)
        note = (
            f"the index of {table.name}{f' ({names})' if names else ''} is left out, neither judged nor modelled: "
            "samples have a fresh one, and reset_index() makes columns of it."
        )
        notes += (left_out(note),)
    return replace(table, frame=frame.reset_index(drop=True), notes=notes)


def write_table(
    frame: pd.DataFrame,
    path: Path,
    escape_formulas: bool = False,
    absent: Mapping[Any, str] | None = None,
    form: TextForm = TextForm(),
) -> None:
    """Write a table whole or not at all, without the index.

    Args:
        frame: columns by name.
        path: a file that is a text, or else a Parquet file.
        escape_formulas: put an apostrophe before names and texts of a .csv file that a spreadsheet would run.
        absent: by column, how a missing cell is written in a .csv file; else it is empty.
        form: of a text.
    """
    make_parent(path)
    with replacing(path) as file:
        if (ending := table_ending(path)) in TEXTS:
            texts = {
                name: frame[name].astype(object).where(frame[name].notna(), how) for name, how in (absent or {}).items()
            }
            frame = frame.assign(**texts)
            written: dict[str, Any] = {"sep": form.between(path), "decimal": form.decimal, "encoding": form.encoding}
            written |= {"compression": {"method": "gzip", "mtime": 0}} if ending.endswith(".gz") else {}
            (_escaped(frame) if escape_formulas else frame).to_csv(file, index=False, **written)
        else:
            frame.rename(columns=str).to_parquet(file, index=False)


def unescaped(word: str) -> str:
    """Return a text as it was before `write_table` escaped it; every other as it is.

    Example:
        >>> unescaped("'=1+1"), unescaped("'twas")
        ('=1+1', "'twas")
    """
    return word[1:] if word.startswith(tuple("'" + sign for sign in FORMULA)) else word


def _escaped(frame: pd.DataFrame) -> pd.DataFrame:
    """Escape what stands there as text; numbers are no formulas."""
    safe = lambda cell: f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell
    texts = {name: frame[name].astype(object).map(safe) for name in frame if not _numeric(frame[name])}
    return frame.assign(**texts).rename(columns=lambda name: safe(str(name)))


def _numeric(column: pd.Series) -> bool:
    return pd.api.types.is_numeric_dtype(column) or pd.api.types.is_bool_dtype(column)


def join_tables(tables: list[Table]) -> Table:
    """Return one table of several that have the same columns, in the order of the first.

    Raises:
        Refused: naming the columns that differ.
    """
    first = tables[0]
    for other in tables[1:]:
        if set(other.frame.columns) != set(first.frame.columns):
            ours, theirs = (", ".join(map(str, t.frame.columns)) for t in (first, other))
            raise Refused(f"batches of {first.name} must have the same columns, got {ours} and {theirs}.")
    notes = tuple(dict.fromkeys(note for table in tables for note in table.notes))
    return replace(first, frame=pd.concat([t.frame for t in tables], ignore_index=True), notes=notes)
