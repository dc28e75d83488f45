"""The columns of another table as those of the data: by name or by position, without those that count rows."""

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from pushforward.data.codecs.identifiers import identifier_notes
from pushforward.data.raw.row_numbers import row_number_notes, row_numbers
from pushforward.data.raw.source import Source
from pushforward.data.readers.albums import Album
from pushforward.data.readers.arrays import ARRAYS
from pushforward.data.readers.csv_forms import table_ending
from pushforward.data.readers.tables import Table, unescaped
from pushforward.errors import Refused
from pushforward.notes import left_out

if TYPE_CHECKING:
    from pushforward.data.codecs.table import TableCodec


def matched(codec: "TableCodec", raw: Source | Table | Album, notes: list[str]) -> pd.DataFrame:
    """Return what a reader gave as a frame of our columns: by name, or those of an array by position.

    Args:
        codec: of the data.
        raw: as a reader gives it.
        notes: takes a sentence for everything that is left out, or taken by position.

    Raises:
        Refused: for pictures.
    """
    if isinstance(raw, Album):
        raise Refused(f"the data are a table, and {raw.name} pictures; give a table with the same columns.")
    notes += raw.notes
    table = raw if isinstance(raw, Table) else by_position(codec, raw, notes)
    frame = without_counts(codec, renamed(codec, table.frame), table.name, notes)
    if codec.label_column in frame and codec.known_labels(words_of(frame[codec.label_column])) is None:
        note = f"column {codec.label_column!r} of {table.name} is left out: its labels are not those of the data."
        notes.append(left_out(note))
        frame = frame.drop(columns=[codec.label_column])
    return frame


def by_position(codec: "TableCodec", source: Source, notes: list[str]) -> Table:
    """Return an array as the table that the data are: its columns are theirs, in their order.

    Raises:
        Refused: if they are not equally many, or the data have columns of levels.
    """
    x = source.x[:, None] if source.x.ndim == 1 else source.x
    if codec.levels:
        words = ", ".join(str(c.column) for c in codec.levels)
        raise Refused(f"{source.name} holds numbers alone, and the table levels too ({words}); give a table.")
    if x.ndim != 2 or x.shape[1] != len(codec.numbers):
        raise Refused(
            f"rows must have {len(codec.numbers)} columns as the table has, got shape {x.shape}; give a table with "
            f"the columns {', '.join(map(str, codec.numbers))}."
        )
    if len(codec.numbers) > 1:
        names = ", ".join(map(str, codec.numbers))
        notes.append(f"columns of {source.name} have no names and are taken by position: {names}.")
    frame = pd.DataFrame(np.asarray(x), columns=codec.numbers)
    if source.labels is None or codec.label_column is None:
        if source.labels is not None:
            notes.append(left_out(f"labels of {source.name} are left out: the data have none."))
        return Table(source.name, frame)
    return Table(source.name, frame.assign(**{str(codec.label_column): source.labels}))


def renamed(codec: "TableCodec", frame: pd.DataFrame) -> pd.DataFrame:
    """Return a frame with our names: a Parquet file writes numbers in names as words, and texts may be escaped."""
    words = {str(name): name for name in (*codec.names, *(column.name for column in codec.naming))}
    known = lambda name: words.get(str(name), words.get(unescaped(str(name)), name))
    return frame.rename(columns={name: known(name) for name in frame.columns})


def without_counts(codec: "TableCodec", frame: pd.DataFrame, whose: str, notes: list[str]) -> pd.DataFrame:
    """Return the frame without what numbers or names rows: columns of the data's names, and others that are none."""
    frame = frame.drop(columns=[name for name in frame if str(name) in codec.unused and name not in codec.names])
    named = [key for key in codec.identifiers if key.name in frame and key.name not in codec.names]
    notes += identifier_notes(named, whose, written=False)
    frame = frame.drop(columns=[key.name for key in named])
    ours = [count.name for count in codec.counts if count.name in frame and count.name not in codec.names]
    others = row_numbers(frame.drop(columns=ours), keep=codec.names)
    notes += row_number_notes([*(count for count in codec.counts if count.name in ours), *others], whose, written=False)
    return frame.drop(columns=[*ours, *(count.name for count in others)])


def own_columns(codec: "TableCodec", frame: pd.DataFrame) -> pd.DataFrame:
    """Return our columns, without those that count rows.

    Raises:
        Refused: naming the columns of ours that are missing, or those that are none of ours.
    """
    if not len(frame):
        raise Refused("the table must have rows below its names of columns, got none.")
    frame = without_counts(codec, renamed(codec, frame), "the table", [])
    missing = [str(name) for name in codec.modelled if name not in frame]
    extra = [str(name) for name in frame.columns if name not in codec.names]
    if missing or extra:
        wrong = f"{', '.join(missing)} is missing" if missing else f"{', '.join(extra)} is not among them"
        names = ", ".join(str(name) for name in codec.names)
        raise Refused(f"the table must have the columns {names} as the data have; {wrong}.")
    return frame


def writable(codec: "TableCodec", path: Path) -> Path:
    """Return the path, if its ending says a form that the table has.

    Raises:
        Refused: if it says none.
    """
    if codec.levels and not table_ending(path):
        words = ", ".join(str(c.column) for c in codec.levels)
        raise Refused(f"a table with levels ({words}) is written as .csv or .parquet, got {str(path)!r}.")
    if not table_ending(path) and path.suffix not in ARRAYS:
        raise Refused(f"a table is written as .csv, .parquet, .npz or .npy, got {str(path)!r}.")
    return path


def words_of(column: pd.Series) -> np.ndarray:
    """Return labels as they were before they were escaped for a spreadsheet."""
    words = column.to_numpy()
    if words.dtype.kind != "O":
        return words
    return np.array([unescaped(word) if isinstance(word, str) else word for word in words], dtype=object)
