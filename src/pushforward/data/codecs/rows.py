"""The codec of rows of numbers as vectors: as they are, or standardised where their scale is far from 1."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import pandas as pd
import torch
from jaxtyping import Float
from torch import Tensor

from pushforward.data.codecs.base import Codec
from pushforward.data.codecs.columns import numeric
from pushforward.data.codecs.dtypes import in_dtype, to_dtype
from pushforward.data.codecs.standardising import Standard
from pushforward.data.raw.checks import refuse_not_finite
from pushforward.data.raw.labels import Labels
from pushforward.data.raw.row_numbers import nameless, row_number_notes, row_numbers
from pushforward.data.raw.source import Source
from pushforward.data.readers.albums import Album
from pushforward.data.readers.arrays import ARRAYS, points_of, read_arrays, write_arrays
from pushforward.data.readers.csv_forms import table_ending
from pushforward.data.readers.tables import Table, read_table, write_table
from pushforward.errors import Refused
from pushforward.notes import left_out
from pushforward.spaces import Batch, Vector


@dataclass(frozen=True)
class RowsCodec(Codec):
    """u = (x − mean) / std a coordinate, with mean 0 and std 1 where the data's scale is near 1 already.

    Args:
        standard: scale of each coordinate; constants are carried, not modelled.
        dtype: of the array that the data came in.
        flat: the data came as (n,), not (n, 1).
        labels: classes, or None.
        suffix: native ending.
        tensor: the data came as a torch tensor.
        native: points are as the data came, for judges: in float32 where that holds them, else in float64.
    """

    kind: ClassVar[str] = "rows"

    standard: Standard
    dtype: str
    flat: bool = False
    labels: Labels | None = None
    suffix: str = ".npz"
    tensor: bool = False
    native: bool = False

    @property
    def space(self) -> Vector:
        return Vector(len(self.standard.moving), () if self.labels is None else self.labels.names)

    @property
    def axes(self) -> int:
        return 0 if self.flat else 1

    def encode(self, obj: Any) -> Batch:
        x, labels = points_of(obj)
        x = x[:, None] if x.ndim == 1 else x
        if x.ndim != 2 or x.shape[1] != len(self.standard.mean):
            came = x.shape[1] if x.ndim == 2 else f"shape {x.shape}; flatten them, or give the data as images too"
            raise Refused(f"rows must have {len(self.standard.mean)} coordinates as the data have, got {came}.")
        refuse_not_finite(x, "rows")
        single = not self.native or np.can_cast(x.dtype, np.float32)
        u = torch.from_numpy(self.standard.encode(x)).to(torch.float32 if single else torch.float64)
        return Batch(u, None if self.labels is None else self.labels.tensor(labels))

    def log_det(self, batch: Batch) -> Float[torch.Tensor, " n"]:
        return torch.full((len(batch.x),), self.standard.log_det, dtype=torch.float64)

    def as_given(self) -> "RowsCodec":
        return replace(self, standard=Standard.none(len(self.standard.mean)), native=True)

    def taken(self, raw: Source | Table | Album, notes: list[str]) -> Source:
        if isinstance(raw, Album):
            raise Refused(f"the data are rows of numbers, and {raw.name} pictures; give rows of numbers.")
        notes += raw.notes
        source = self._by_position(raw, notes) if isinstance(raw, Table) else raw
        labels = self.known_labels(source.labels)
        if labels is None and source.labels is not None:
            why = "the data have none" if self.labels is None else "they are not those of the data"
            notes.append(left_out(f"labels of {source.name} are left out: {why}."))
        return replace(source, labels=labels)

    def decode(self, batch: Batch) -> Any:
        values = to_dtype(self.standard.decode(batch.x.detach().cpu().numpy()), self.dtype)
        values = values[:, 0] if self.flat else values
        return torch.from_numpy(values) if self.tensor else values

    def units(self, x: Tensor) -> Tensor:
        values = in_dtype(self.standard.units(x), self.dtype)
        return values[:, 0] if self.flat else values

    def read(self, path: str | Path, notes: list[str] | None = None) -> Batch:
        path = Path(path)
        raw = read_table(path) if table_ending(path) else read_arrays(path, likely=self.label_array)
        source = self.taken(raw, [] if notes is None else notes)
        return self.encode((source.x, source.labels))

    def rows(self, path: Path) -> Source | None:
        return read_arrays(path, likely=self.label_array) if path.suffix.lower() in ARRAYS else None

    def named(self, path: str | Path) -> Path:
        if not table_ending(path) and Path(path).suffix not in ARRAYS:
            raise Refused(f"rows of numbers are written as .npz, .npy, .csv or .parquet, got {str(path)!r}.")
        return Path(path)

    def write(self, batch: Batch, path: str | Path, escape_formulas: bool = False) -> None:
        path, values = self.named(path), np.asarray(self.decode(batch))
        if path.suffix in ARRAYS:
            return write_arrays(path, values, self.classes_of(batch))
        frame = self._framed(values.reshape(len(values), -1), self.classes_of(batch))
        return write_table(frame, path, escape_formulas)

    def show(self, batch: Batch) -> np.ndarray:
        return self.standard.decode(batch.x.detach().cpu().numpy())[:, self.standard.moving]

    def _by_position(self, table: Table, notes: list[str]) -> Source:
        """Return the columns of a table as coordinates, in order, but those that count rows and the labels."""
        frame, width = table.frame, len(self.standard.mean)
        if not len(frame):
            raise Refused("the table must have rows below its names of columns, got none.")
        labels = None
        label = table.labels or next((name for name in ("label", "labels") if name in frame), None)
        if label is not None and frame.shape[1] > width:
            labels, frame = frame[label].to_numpy(), frame.drop(columns=[label])
        counts = [c for c in row_numbers(frame) if frame.shape[1] > width or nameless(c.name)]
        frame = frame.drop(columns=[count.name for count in counts])
        notes += row_number_notes(counts, table.name, written=False)
        names = [str(name) for name in frame]
        if len(names) != width:
            raise Refused(
                f"rows must have {width} coordinates as the data have, got the {len(names)} columns "
                f"{', '.join(names)}; give the data with names too, or these as an array."
            )
        if width > 1 and names != [f"x{i}" for i in range(width)]:
            notes.append(
                f"columns of {table.name} are taken by position, since the data have no names: {', '.join(names)}."
            )
        return Source(table.name, numeric(frame, table.name), labels)

    @staticmethod
    def _framed(values: np.ndarray, labels: np.ndarray | None) -> pd.DataFrame:
        frame = pd.DataFrame(values, columns=[f"x{i}" for i in range(values.shape[1])])
        return frame if labels is None else frame.assign(label=labels)
