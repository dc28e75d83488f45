"""The codec of tables: standardised numbers and indicators of levels, and back in names, order and types."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, ClassVar
from zlib import crc32

import numpy as np
import pandas as pd
import torch
from jaxtyping import Float
from torch import Tensor

from pushforward.data.codecs.after import After, gaps_since, times_of
from pushforward.data.codecs.as_numbers import AsNumbers
from pushforward.data.codecs.base import Codec
from pushforward.data.codecs.columns import numeric, typed_column
from pushforward.data.codecs.dates import Dates
from pushforward.data.codecs.gaps import Gap, absent_of, filled
from pushforward.data.codecs.identifiers import Identifier, Naming
from pushforward.data.codecs.levels import Levels
from pushforward.data.codecs.rules import Bound, Order
from pushforward.data.codecs.standardising import Standard
from pushforward.data.codecs.table_matching import matched, own_columns, words_of, writable
from pushforward.data.codecs.table_units import table_units
from pushforward.data.codecs.typed_columns import TypedColumn
from pushforward.data.raw.labels import Labels
from pushforward.data.raw.row_numbers import RowNumber
from pushforward.data.raw.source import Source
from pushforward.data.readers.albums import Album
from pushforward.data.readers.arrays import read_arrays, write_arrays
from pushforward.data.readers.arrow_frames import in_library
from pushforward.data.readers.csv_forms import TextForm, table_ending
from pushforward.data.readers.tables import Table, read_table, write_table
from pushforward.notes import left_out
from pushforward.spaces import Batch, Block, Columns, Real


@dataclass(frozen=True)
class TableCodec(Codec):
    """u = (value − mean) / std a column of numbers, by the training part; e_i a column of levels that holds the i-th.

    A constant column is carried, not modelled. Where numbers may be missing, indicators before the number say so.

    Args:
        names: of all columns in order, that of the labels among them.
        dtypes: pandas' name of the type of each.
        standard: scale of each column of numbers: all but those of levels and that of the labels.
        decimals: that all values of such a column, or nearly all, are written with; None for more than 6.
        label_column: which one holds the labels, or None.
        labels: classes, or None.
        suffix: native ending.
        native: points are as the data came, in float64, for judges.
        counts: columns beside all of these that count rows; a table that is written has them afresh.
        levels: the columns of levels.
        gaps: the columns of numbers with missing cells.
        dates: the columns of numbers that stand for dates.
        identifiers: columns beside all of these that name rows; a table that is written has new names.
        library: whose table the data came as, in which samples are given back.
        form: of the text that the data came as.
        rules: the orders of columns that hold in every row.
        bounds: the ends of their ranges that do.
        typed: the columns of numbers that types written elsewhere read.
        after: the columns of dates that are modelled as times since others.
        unused: columns of the data that say parts or groups, or that somebody left out; other tables may hold them.
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
    gaps: tuple[Gap, ...] = ()
    dates: tuple[Dates, ...] = ()
    identifiers: tuple[Identifier, ...] = ()
    library: str = "pandas"
    form: TextForm = TextForm()
    rules: tuple[Order, ...] = ()
    bounds: tuple[Bound, ...] = ()
    unused: tuple[str, ...] = ()
    typed: tuple[TypedColumn, ...] = ()
    after: tuple[After, ...] = ()

    @property
    def space(self) -> Columns:
        return Columns(tuple(block for _, block in self.blocks), () if self.labels is None else self.labels.names)

    @property
    def blocks(self) -> list[tuple[str | int, Block]]:
        """The blocks in order, each with its column: numbers and levels that vary, and what is missing."""
        moving, gaps = {self.numbers[i] for i in self.standard.moving}, {gap.column: gap for gap in self.gaps}
        known, found = {c.column: c for c in self.levels}, list[tuple[str | int, Block]]()
        for name in self.names:
            if name in known:
                found += [(name, known[name].block(self.native))] if self.native or known[name].varies else []
                continue
            absent = name in gaps and not gaps[name].always
            found += [(name, gaps[name].block)] if absent else []
            found += [(name, Real(str(name), absent=absent))] if name in moving else []
        return found

    @property
    def coded(self) -> tuple[AsNumbers, ...]:
        """The columns of numbers whose cells stand for them: dates, and those of types written elsewhere."""
        return (*self.dates, *self.typed)

    @property
    def foreign(self) -> tuple[str, ...]:
        return tuple(column.class_path for column in self.typed)

    @property
    def numbers(self) -> list[str | int]:
        """The columns of numbers: all but those of levels and that of the labels."""
        others = {c.column for c in self.levels} | ({self.label_column} - {None})
        return [name for name in self.names if name not in others]

    @property
    def naming(self) -> list[Naming]:
        """The columns that number or name rows, in order."""
        found: list[Naming] = [*self.counts, *self.identifiers]
        return sorted(found, key=lambda column: column.position)

    @property
    def modelled(self) -> list[str | int]:
        """The names of the columns that vary."""
        return list(dict.fromkeys(name for name, _ in self.blocks))

    def encode(self, obj: Any) -> Batch:
        frame, moving = own_columns(self, obj), self.standard.moving
        frame = frame.assign(**{str(c.column): c.numbers(frame[c.column]) for c in self.coded if c.column in frame})
        frame = gaps_since(self.after, frame)
        columns = [self.numbers[i] for i in moving]
        values = np.tile(np.array(self.standard.mean), (len(frame), 1))
        values[:, moving] = filled(numeric(frame[columns], "the table", self._gaps), columns, self.gaps)
        u = torch.from_numpy(self._joined(frame, self.standard.encode(values)))
        u = u.to(torch.float64 if self.native else torch.float32)
        if self.labels is None or self.label_column not in frame:
            return Batch(u)
        return Batch(u, self.labels.tensor(words_of(frame[self.label_column])))

    def log_det(self, batch: Batch) -> Float[torch.Tensor, " n"]:
        """Return −Σ log std over the numbers that are there: of Lebesgue measure, with probabilities of levels."""
        numbers = [self.numbers[i] for i in self.standard.moving]
        logs = torch.tensor([self.standard.std[i] for i in self.standard.moving], dtype=torch.float64).log()
        indicators = self._divided(batch.x.detach().cpu().numpy())[1]
        there = np.stack([1 - absent_of(indicators, name, len(batch.x)) for name in numbers], 1) if numbers else logs
        return -(torch.as_tensor(there, dtype=torch.float64).view(len(batch.x), -1) @ logs)

    def as_given(self) -> "TableCodec":
        return replace(self, standard=Standard.none(len(self.numbers)), native=True, after=())

    def decode(self, batch: Batch) -> pd.DataFrame:
        x = batch.x.detach().cpu().numpy()
        numbers, indicators = self._divided(x)
        values, kinds = self.standard.decode(numbers), dict(zip(self.names, self.dtypes, strict=True))
        columns = {
            name: typed_column(values[:, i], kinds[name], self.decimals[i]) for i, name in enumerate(self.numbers)
        }
        for gap in self.gaps:
            absent = np.ones(len(values)) if gap.always else absent_of(indicators, gap.column, len(values))
            columns[gap.column] = columns[gap.column].mask(absent > 0)
        columns |= times_of(self.after, columns)
        columns |= {c.column: c.decode(columns[c.column].to_numpy(dtype=np.float64)) for c in self.coded}
        draw = np.random.default_rng(crc32(x.tobytes()))
        columns |= {c.column: c.decode(indicators.get(c.column, np.ones((len(values), 1))), draw) for c in self.levels}
        if (labels := self.classes_of(batch)) is not None and self.label_column is not None:
            columns[self.label_column] = pd.Series(labels).astype(kinds[self.label_column])
        frame = pd.DataFrame({name: columns[name] for name in self.names if name in columns})
        for column in self.naming:
            frame.insert(min(column.position, frame.shape[1]), column.name, column.fresh(len(frame)))
        return frame

    def given_back(self, batch: Batch) -> Any:
        return in_library(self.decode(batch), self.library)

    def without_index(self) -> "TableCodec":
        return replace(self, counts=(), identifiers=())

    def units(self, x: Tensor) -> Tensor:
        return table_units(self, x)

    def legend(self) -> dict[str, Any]:
        levels = {str(c.column): list(c.names) for c in self.levels}
        return {"columns": [str(name) for name in self.names if name != self.label_column], "levels": levels}

    def taken(self, raw: Source | Table | Album, notes: list[str]) -> pd.DataFrame:
        return matched(self, raw, notes)

    def read(self, path: str | Path, notes: list[str] | None = None) -> Batch:
        raw = read_table(path, self.form) if table_ending(path := Path(path)) else read_arrays(path)
        return self.encode(self.taken(raw, [] if notes is None else notes))

    def named(self, path: str | Path) -> Path:
        return writable(self, Path(path))

    def write(self, batch: Batch, path: str | Path, escape_formulas: bool = False) -> None:
        path, frame = self.named(path), self.decode(batch)
        if table_ending(path):
            texts = {c.column: c.absent for c in self.levels if c.absent}
            return write_table(
                frame, path, escape_formulas, texts | {g.column: g.written for g in self.gaps if g.written}, self.form
            )
        plain = frame.assign(**{str(c.column): c.numbers(frame[c.column]) for c in self.coded})
        return write_arrays(path, numeric(plain[self.numbers], path.name, self._gaps), self.classes_of(batch))

    def remarks(self, labelled: bool) -> tuple[str, ...]:
        notes = [column.remark for column in self.naming]
        if self.label_column is not None and not labelled:
            notes.append(left_out(f"column {self.label_column!r} is left out: the sampler makes no classes."))
        return tuple(notes)

    def show(self, batch: Batch) -> np.ndarray:
        numbers, indicators = self._divided(batch.x.detach().cpu().numpy())
        values = iter(self.standard.decode(numbers)[:, self.standard.moving].T)
        shown = [next(values) if isinstance(block, Real) else indicators[name].argmax(1) for name, block in self.blocks]
        return np.stack(shown, 1).astype(np.float64)

    @property
    def _gaps(self) -> set[str | int]:
        """The columns of numbers that may be missing."""
        return {gap.column for gap in self.gaps}

    def _joined(self, frame: pd.DataFrame, numbers: np.ndarray) -> np.ndarray:
        """Return the coordinates of all blocks, in order, from modelled numbers and a frame that holds the rest."""
        if not self.levels and not self.gaps:
            return numbers
        known, left = {c.column: c for c in self.levels}, iter(numbers.T[:, :, None])
        indicators = lambda name: (
            known[name].encode(frame[name], self.native) if name in known else np.eye(2)[frame[name].isna().astype(int)]
        )
        parts = [next(left) if isinstance(block, Real) else indicators(name) for name, block in self.blocks]
        return np.concatenate(parts, 1)

    def _divided(self, u: np.ndarray) -> tuple[np.ndarray, dict[str | int, np.ndarray]]:
        """Return the coordinates of the numbers, and the indicators by column: of levels, or of what is missing."""
        if not self.levels and not self.gaps:
            return u, {}
        ends = np.cumsum([block.size for _, block in self.blocks])[:-1]
        parts = list(zip(self.blocks, np.split(u, ends, axis=1), strict=True))
        indicators = {name: part for (name, block), part in parts if not isinstance(block, Real)}
        return np.concatenate([u[:, :0], *(part for (_, b), part in parts if isinstance(b, Real))], 1), indicators
