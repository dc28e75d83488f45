"""The codec of tables: standardised numbers and indicators of levels, and back in names, order and types."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import pandas as pd
import torch
from jaxtyping import Float
from torch import Tensor

from pushforward.data.codecs.base import Codec
from pushforward.data.codecs.columns import numeric, typed_column
from pushforward.data.codecs.levels import Levels
from pushforward.data.codecs.standardising import Standard
from pushforward.data.codecs.table_units import table_units
from pushforward.data.raw.labels import Labels
from pushforward.data.raw.row_numbers import RowNumber, row_number_notes, row_numbers
from pushforward.data.raw.source import Source
from pushforward.data.readers.albums import Album
from pushforward.data.readers.arrays import ARRAYS, read_arrays, write_arrays
from pushforward.data.readers.tables import ENDINGS, Table, read_table, unescaped, write_table
from pushforward.errors import Refused
from pushforward.notes import left_out
from pushforward.spaces import Batch, Block, Columns, Real


@dataclass(frozen=True)
class TableCodec(Codec):
    """u = (value − mean) / std a column of numbers, by the training part; e_i a column of levels that holds the i-th.

    A constant column is carried, not modelled.

    Args:
        names: of all columns in order, that of the labels among them.
        dtypes: pandas' name of the type of each.
        standard: scale of each column of numbers: all but those of levels and that of the labels.
        decimals: that every value of such a column is written with; None for more than 6.
        label_column: which one holds the labels, or None.
        labels: classes, or None.
        suffix: native ending.
        native: points are as the data came, in float64, for judges.
        counts: columns beside all of these that count rows; a table that is written has them afresh.
        levels: the columns of levels.
    """

    kind: ClassVar[str] = "table"

    names: tuple[str | int, ...]
    dtypes: tuple[str, ...]
    standard: Standard
    decimals: tuple[int | None, ...]
    label_column: str | int | None = None
    labels: Labels | None = None
    suffix: str = ".csv"
    native: bool = False
    counts: tuple[RowNumber, ...] = ()
    levels: tuple[Levels, ...] = ()

    @property
    def space(self) -> Columns:
        return Columns(tuple(self.blocks.values()), () if self.labels is None else self.labels.names)

    @property
    def blocks(self) -> dict[str | int, Block]:
        """The block of each modelled column, by its name and in order: those of numbers and of levels that vary."""
        moving = {self.numbers[i] for i in self.standard.moving}
        several = {c.column: c.block(self.native) for c in self.levels if self.native or len(c.values) > 1}
        kept = (name for name in self.names if name in moving or name in several)
        return {name: several.get(name, Real(str(name))) for name in kept}

    @property
    def numbers(self) -> list[str | int]:
        """The columns of numbers: all but those of levels and that of the labels."""
        others = {c.column for c in self.levels} | ({self.label_column} - {None})
        return [name for name in self.names if name not in others]

    @property
    def modelled(self) -> list[str | int]:
        """The names of the columns that vary."""
        return list(self.blocks)

    def encode(self, obj: Any) -> Batch:
        frame = self._columns(obj)
        values, moving = np.tile(np.array(self.standard.mean), (len(frame), 1)), self.standard.moving
        values[:, moving] = numeric(frame[[self.numbers[i] for i in moving]], "the table")
        u = torch.from_numpy(self._joined(frame, self.standard.encode(values)))
        u = u.to(torch.float64 if self.native else torch.float32)
        if self.labels is None or self.label_column not in frame:
            return Batch(u)
        return Batch(u, self.labels.tensor(_words(frame[self.label_column])))

    def log_det(self, batch: Batch) -> Float[torch.Tensor, " n"]:
        """Return −Σ log std over the numbers: densities are of Lebesgue measure there, and probabilities of levels."""
        return torch.full((len(batch.x),), self.standard.log_det, dtype=torch.float64)

    def as_given(self) -> "TableCodec":
        return replace(self, standard=Standard.none(len(self.numbers)), native=True)

    def decode(self, batch: Batch) -> pd.DataFrame:
        numbers, indicators = self._divided(batch.x.detach().cpu().numpy())
        values, kinds = self.standard.decode(numbers), dict(zip(self.names, self.dtypes, strict=True))
        columns = {
            name: typed_column(values[:, i], kinds[name], self.decimals[i]) for i, name in enumerate(self.numbers)
        }
        columns |= {c.column: c.decode(indicators.get(c.column, np.ones((len(values), 1)))) for c in self.levels}
        labels = self.classes_of(batch)
        if labels is not None and self.label_column is not None:
            columns[self.label_column] = pd.Series(labels).astype(kinds[self.label_column])
        frame = pd.DataFrame({name: columns[name] for name in self.names if name in columns})
        for count in self.counts:
            frame.insert(min(count.position, frame.shape[1]), count.name, count.fresh(len(frame)))
        return frame

    def units(self, x: Tensor) -> Tensor:
        return table_units(self, x)

    def legend(self) -> dict[str, Any]:
        levels = {str(c.column): [str(value) for value in c.values] for c in self.levels}
        return {"columns": [str(name) for name in self.names if name != self.label_column], "levels": levels}

    def taken(self, raw: Source | Table | Album, notes: list[str]) -> pd.DataFrame:
        if isinstance(raw, Album):
            raise Refused(f"the data are a table, and {raw.name} pictures; give a table with the same columns.")
        notes += raw.notes
        table = raw if isinstance(raw, Table) else self._by_position(raw, notes)
        frame = self._without_counts(self._renamed(table.frame), table.name, notes)
        if self.label_column in frame and self.known_labels(_words(frame[self.label_column])) is None:
            note = f"column {self.label_column!r} of {table.name} is left out: its labels are not those of the data."
            notes.append(left_out(note))
            frame = frame.drop(columns=[self.label_column])
        return frame

    def read(self, path: str | Path, notes: list[str] | None = None) -> Batch:
        path = Path(path)
        raw = read_table(path) if path.suffix.lower() in ENDINGS else read_arrays(path)
        return self.encode(self.taken(raw, [] if notes is None else notes))

    def named(self, path: str | Path) -> Path:
        if self.levels and Path(path).suffix not in ENDINGS:
            raise Refused(f"a table with levels ({self._words}) is written as .csv or .parquet, got {str(path)!r}.")
        if Path(path).suffix not in (*ENDINGS, *ARRAYS):
            raise Refused(f"a table is written as .csv, .parquet, .npz or .npy, got {str(path)!r}.")
        return Path(path)

    def write(self, batch: Batch, path: str | Path, escape_formulas: bool = False) -> None:
        path, frame = self.named(path), self.decode(batch)
        if path.suffix in ENDINGS:
            return write_table(frame, path, escape_formulas)
        return write_arrays(path, numeric(frame[self.numbers], path.name), self.classes_of(batch))

    def remarks(self, labelled: bool) -> tuple[str, ...]:
        notes = [
            f"column {count.name!r} holds fresh row numbers, from {count.start}: those of the data are not modelled."
            for count in self.counts
        ]
        if self.label_column is not None and not labelled:
            notes.append(left_out(f"column {self.label_column!r} is left out: the sampler makes no classes."))
        return tuple(notes)

    def show(self, batch: Batch) -> np.ndarray:
        numbers, indicators = self._divided(batch.x.detach().cpu().numpy())
        values = iter(self.standard.decode(numbers)[:, self.standard.moving].T)
        shown = [indicators[c].argmax(1) if c in indicators else next(values) for c in self.modelled]
        return np.stack(shown, 1).astype(np.float64)

    def _joined(self, frame: pd.DataFrame, numbers: np.ndarray) -> np.ndarray:
        """Return the coordinates of all blocks, in order, from modelled numbers and a frame that holds the levels."""
        if not self.levels:
            return numbers
        known, left = {c.column: c for c in self.levels}, iter(numbers.T[:, :, None])
        return np.concatenate(
            [known[c].encode(frame[c], self.native) if c in known else next(left) for c in self.modelled], 1
        )

    def _divided(self, u: np.ndarray) -> tuple[np.ndarray, dict[str | int, np.ndarray]]:
        """Return the coordinates of the numbers, and the indicators by column."""
        if not self.levels:
            return u, {}
        ends = np.cumsum([block.size for block in self.blocks.values()])[:-1]
        parts = dict(zip(self.modelled, np.split(u, ends, axis=1), strict=True))
        indicators = {c.column: parts.pop(c.column) for c in self.levels if c.column in parts}
        return np.concatenate([u[:, :0], *parts.values()], 1), indicators

    @property
    def _words(self) -> str:
        return ", ".join(str(c.column) for c in self.levels)

    def _by_position(self, source: Source, notes: list[str]) -> Table:
        """Return an array as the table that the data are: its columns are theirs, in their order."""
        x = source.x[:, None] if source.x.ndim == 1 else source.x
        if self.levels:
            raise Refused(f"{source.name} holds numbers alone, and the table levels too ({self._words}); give a table.")
        if x.ndim != 2 or x.shape[1] != len(self.numbers):
            raise Refused(
                f"rows must have {len(self.numbers)} columns as the table has, got shape {x.shape}; give a table with "
                f"the columns {', '.join(map(str, self.numbers))}."
            )
        if len(self.numbers) > 1:
            names = ", ".join(map(str, self.numbers))
            notes.append(f"columns of {source.name} have no names and are taken by position: {names}.")
        frame = pd.DataFrame(np.asarray(x), columns=self.numbers)
        if source.labels is None or self.label_column is None:
            if source.labels is not None:
                notes.append(left_out(f"labels of {source.name} are left out: the data have none."))
            return Table(source.name, frame)
        return Table(source.name, frame.assign(**{str(self.label_column): source.labels}))

    def _renamed(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Return a frame with our names: a Parquet file writes numbers in names as words, and texts may be escaped."""
        words = {str(name): name for name in (*self.names, *(count.name for count in self.counts))}
        known = lambda name: words.get(str(name), words.get(unescaped(str(name)), name))
        return frame.rename(columns={name: known(name) for name in frame.columns})

    def _without_counts(self, frame: pd.DataFrame, whose: str, notes: list[str]) -> pd.DataFrame:
        """Drop row numbers: those of the data's names, and others that are no columns of the data."""
        ours = [count.name for count in self.counts if count.name in frame and count.name not in self.names]
        others = row_numbers(frame.drop(columns=ours), keep=self.names)
        notes += row_number_notes(
            [*(count for count in self.counts if count.name in ours), *others], whose, written=False
        )
        return frame.drop(columns=[*ours, *(count.name for count in others)])

    def _columns(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Return our columns, without those that count rows.

        Raises:
            Refused: naming the columns of ours that are missing, or those that are none of ours.
        """
        if not len(frame):
            raise Refused("the table must have rows below its names of columns, got none.")
        frame = self._without_counts(self._renamed(frame), "the table", [])
        missing = [str(name) for name in self.modelled if name not in frame]
        extra = [str(name) for name in frame.columns if name not in self.names]
        if missing or extra:
            wrong = f"{', '.join(missing)} is missing" if missing else f"{', '.join(extra)} is not among them"
            names = ", ".join(str(name) for name in self.names)
            raise Refused(f"the table must have the columns {names} as the data have; {wrong}.")
        return frame


def _words(column: pd.Series) -> np.ndarray:
    """Return labels as they were before they were escaped for a spreadsheet."""
    words = column.to_numpy()
    if words.dtype.kind != "O":
        return words
    return np.array([unescaped(word) if isinstance(word, str) else word for word in words], dtype=object)
