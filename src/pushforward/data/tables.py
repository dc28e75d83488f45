"""Numeric tables: standardised columns, written back under the same names, in the same order and types."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import pandas as pd
import torch

from pushforward.data.arrays import ARRAYS, read_arrays, write_arrays
from pushforward.data.codec import Codec
from pushforward.data.columns import numeric, typed
from pushforward.data.frames import ENDINGS, read_table, write_table
from pushforward.data.labels import Labels
from pushforward.data.standard import Standard
from pushforward.errors import Refused
from pushforward.spaces import Batch, Columns


@dataclass(frozen=True)
class TableCodec(Codec):
    """u = (value − mean) / std a column, by the training part; a constant column is carried, not modelled.

    Args:
        names: of all columns in order, that of the labels among them.
        dtypes: pandas' name of the type of each.
        standard: scale of each column but that of the labels.
        decimals: that every value of such a column is written with; None for more than 6.
        label_column: which one holds the labels, or None.
        labels: classes, or None.
        suffix: native ending.
        native: points are as the data came, in float64, for judges.
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

    @property
    def space(self) -> Columns:
        return Columns(tuple(str(name) for name in self.modelled), () if self.labels is None else self.labels.names)

    @property
    def numbers(self) -> list[str | int]:
        """The columns of numbers: all but that of the labels."""
        return [name for name in self.names if name != self.label_column or self.label_column is None]

    @property
    def modelled(self) -> list[str | int]:
        """The columns of numbers that vary."""
        return [self.numbers[i] for i in self.standard.moving]

    def encode(self, obj: Any) -> Batch:
        frame = self._columns(obj)
        values = np.tile(np.array(self.standard.mean), (len(frame), 1))
        values[:, self.standard.moving] = numeric(frame[self.modelled], "the table")
        u = torch.from_numpy(self.standard.encode(values)).to(torch.float64 if self.native else torch.float32)
        if self.labels is None or self.label_column not in frame:
            return Batch(u)
        return Batch(u, self.labels.tensor(frame[self.label_column].to_numpy()))

    def as_given(self) -> "TableCodec":
        return replace(self, standard=Standard.none(len(self.numbers)), native=True)

    def decode(self, batch: Batch) -> pd.DataFrame:
        values = self.standard.decode(batch.x.detach().cpu().numpy())
        kinds = dict(zip(self.names, self.dtypes, strict=True))
        columns = {name: typed(values[:, i], kinds[name], self.decimals[i]) for i, name in enumerate(self.numbers)}
        labels = self.classes_of(batch)
        if labels is not None and self.label_column is not None:
            columns[self.label_column] = pd.Series(labels).astype(kinds[self.label_column])
        return pd.DataFrame({name: columns[name] for name in self.names if name in columns})

    def read(self, path: str | Path, said: list[str] | None = None) -> Batch:
        path = Path(path)
        table = path.suffix.lower() in ENDINGS
        frame = read_table(path) if table else self._framed(read_arrays(path).x)
        if self.label_column in frame and self.known_labels(frame[self.label_column].to_numpy()) is None:
            frame = frame.drop(columns=[self.label_column])
        return self.encode(frame)

    def write(self, batch: Batch, path: str | Path) -> None:
        path, frame = Path(path), self.decode(batch)
        if path.suffix in ENDINGS:
            return write_table(frame, path)
        if path.suffix in ARRAYS:
            return write_arrays(path, numeric(frame[self.numbers], path.name), self.classes_of(batch))
        raise Refused(f"a table is written as .csv, .parquet, .npz or .npy, got {str(path)!r}.")

    def show(self, batch: Batch) -> np.ndarray:
        return self.standard.decode(batch.x.detach().cpu().numpy())[:, self.standard.moving]

    def _framed(self, x: np.ndarray) -> pd.DataFrame:
        if x.ndim != 2 or x.shape[1] != len(self.numbers):
            raise Refused(f"rows must have {len(self.numbers)} columns as the table has, got shape {x.shape}.")
        return pd.DataFrame(x, columns=self.numbers)

    def _columns(self, frame: pd.DataFrame) -> pd.DataFrame:
        """With the names of ours: a Parquet file writes numbers in names as words."""
        if not len(frame):
            raise Refused("the table must have rows below its names of columns, got none.")
        words = {str(name): name for name in self.names}
        frame = frame.rename(columns={name: words.get(str(name), name) for name in frame.columns})
        missing = [str(name) for name in self.modelled if name not in frame]
        extra = [str(name) for name in frame.columns if name not in self.names]
        if missing or extra:
            wrong = f"{', '.join(missing)} is missing" if missing else f"{', '.join(extra)} is not among them"
            raise Refused(f"the table must have the columns {', '.join(words)} as the data have; {wrong}.")
        return frame
