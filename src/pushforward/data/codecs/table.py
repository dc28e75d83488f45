"""Tables: standardised numbers and indicators of levels, written back under the same names, in order and type."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import pandas as pd
import torch
from jaxtyping import Float

from pushforward.data.codecs.base import Codec
from pushforward.data.codecs.columns import numeric, typed
from pushforward.data.codecs.levels import Levels
from pushforward.data.codecs.standardising import Standard
from pushforward.data.raw.labels import Labels
from pushforward.data.raw.row_numbers import RowNumber, counted, row_numbers
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
        """The columns that vary."""
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
        numbers, indicators = self._apart(batch.x.detach().cpu().numpy())
        values, kinds = self.standard.decode(numbers), dict(zip(self.names, self.dtypes, strict=True))
        columns = {name: typed(values[:, i], kinds[name], self.decimals[i]) for i, name in enumerate(self.numbers)}
        columns |= {c.column: c.decode(indicators.get(c.column, np.ones((len(values), 1)))) for c in self.levels}
        labels = self.classes_of(batch)
        if labels is not None and self.label_column is not None:
            columns[self.label_column] = pd.Series(labels).astype(kinds[self.label_column])
        frame = pd.DataFrame({name: columns[name] for name in self.names if name in columns})
        for count in self.counts:
            frame.insert(min(count.position, frame.shape[1]), count.name, count.fresh(len(frame)))
        return frame

    def taken(self, found: Source | Table | Album, said: list[str]) -> pd.DataFrame:
        if isinstance(found, Album):
            raise Refused(f"the data are a table, and {found.name} pictures; give a table with the same columns.")
        said += found.notes
        table = found if isinstance(found, Table) else self._by_position(found, said)
        frame = self._without_counts(self._renamed(table.frame), table.name, said)
        if self.label_column in frame and self.known_labels(_words(frame[self.label_column])) is None:
            note = f"column {self.label_column!r} of {table.name} is left out: its labels are not those of the data."
            said.append(left_out(note))
            frame = frame.drop(columns=[self.label_column])
        return frame

    def read(self, path: str | Path, said: list[str] | None = None) -> Batch:
        path, told = Path(path), [] if said is None else said
        return self.encode(self.taken(read_table(path) if path.suffix.lower() in ENDINGS else read_arrays(path), told))

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
        said = [
            f"column {count.name!r} holds fresh row numbers, from {count.start}: those of the data are not modelled."
            for count in self.counts
        ]
        if self.label_column is not None and not labelled:
            said.append(left_out(f"column {self.label_column!r} is left out: the sampler makes no classes."))
        return tuple(said)

    def show(self, batch: Batch) -> np.ndarray:
        numbers, indicators = self._apart(batch.x.detach().cpu().numpy())
        values = iter(self.standard.decode(numbers)[:, self.standard.moving].T)
        shown = [indicators[c].argmax(1) if c in indicators else next(values) for c in self.modelled]
        return np.stack(shown, 1).astype(np.float64)

    def _joined(self, frame: pd.DataFrame, numbers: np.ndarray) -> np.ndarray:
        """The coordinates of all blocks, in order, from the modelled numbers and a frame that holds the levels."""
        if not self.levels:
            return numbers
        known, left = {c.column: c for c in self.levels}, iter(numbers.T[:, :, None])
        return np.concatenate(
            [known[c].encode(frame[c], self.native) if c in known else next(left) for c in self.modelled], 1
        )

    def _apart(self, u: np.ndarray) -> tuple[np.ndarray, dict[str | int, np.ndarray]]:
        """The coordinates of the numbers, and the indicators by column."""
        if not self.levels:
            return u, {}
        ends = np.cumsum([block.size for block in self.blocks.values()])[:-1]
        parts = dict(zip(self.modelled, np.split(u, ends, axis=1), strict=True))
        indicators = {c.column: parts.pop(c.column) for c in self.levels if c.column in parts}
        return np.concatenate([u[:, :0], *parts.values()], 1), indicators

    @property
    def _words(self) -> str:
        return ", ".join(str(c.column) for c in self.levels)

    def _by_position(self, found: Source, said: list[str]) -> Table:
        """An array as the table that the data are: its columns are theirs, in their order."""
        x = found.x[:, None] if found.x.ndim == 1 else found.x
        if self.levels:
            raise Refused(f"{found.name} holds numbers alone, and the table levels too ({self._words}); give a table.")
        if x.ndim != 2 or x.shape[1] != len(self.numbers):
            raise Refused(
                f"rows must have {len(self.numbers)} columns as the table has, got shape {x.shape}; give a table with "
                f"the columns {', '.join(map(str, self.numbers))}."
            )
        if len(self.numbers) > 1:
            names = ", ".join(map(str, self.numbers))
            said.append(f"columns of {found.name} have no names and are taken by position: {names}.")
        frame = pd.DataFrame(np.asarray(x), columns=self.numbers)
        if found.labels is None or self.label_column is None:
            if found.labels is not None:
                said.append(left_out(f"labels of {found.name} are left out: the data have none."))
            return Table(found.name, frame)
        return Table(found.name, frame.assign(**{str(self.label_column): found.labels}))

    def _renamed(self, frame: pd.DataFrame) -> pd.DataFrame:
        """With the names of ours: a Parquet file writes numbers in names as words, and formulas may be escaped."""
        words = {str(name): name for name in (*self.names, *(count.name for count in self.counts))}
        known = lambda name: words.get(str(name), words.get(unescaped(str(name)), name))
        return frame.rename(columns={name: known(name) for name in frame.columns})

    def _without_counts(self, frame: pd.DataFrame, whose: str, said: list[str]) -> pd.DataFrame:
        """Without row numbers: those of the data's names, and others that are no columns of the data."""
        ours = [count.name for count in self.counts if count.name in frame and count.name not in self.names]
        others = row_numbers(frame.drop(columns=ours), keep=self.names)
        said += counted([*(count for count in self.counts if count.name in ours), *others], whose, written=False)
        return frame.drop(columns=[*ours, *(count.name for count in others)])

    def _columns(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Ours, without those that count rows.

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
    """Labels as they were before they were escaped for a spreadsheet."""
    words = column.to_numpy()
    if words.dtype.kind != "O":
        return words
    return np.array([unescaped(word) if isinstance(word, str) else word for word in words], dtype=object)
