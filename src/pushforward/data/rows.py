"""Rows of numbers as vectors: as they are, or standardised where their scale is far from 1."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import pandas as pd
import torch

from pushforward.data.arrays import ARRAYS, points_of, read_arrays, write_arrays
from pushforward.data.checks import finite
from pushforward.data.codec import Codec
from pushforward.data.columns import numeric
from pushforward.data.frames import ENDINGS, read_table, write_table
from pushforward.data.labels import Labels
from pushforward.data.numbers import restored
from pushforward.data.source import Source
from pushforward.data.standard import Standard
from pushforward.errors import Refused
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

    def encode(self, obj: Any) -> Batch:
        x, labels = points_of(obj)
        x = x[:, None] if x.ndim == 1 else x
        if x.ndim != 2 or x.shape[1] != len(self.standard.mean):
            came = x.shape[1] if x.ndim == 2 else f"shape {x.shape}; flatten them, or give the data as images too"
            raise Refused(f"rows must have {len(self.standard.mean)} coordinates as the data have, got {came}.")
        finite(x, "rows")
        single = not self.native or np.can_cast(x.dtype, np.float32)
        u = torch.from_numpy(self.standard.encode(x)).to(torch.float32 if single else torch.float64)
        return Batch(u, None if self.labels is None else self.labels.tensor(labels))

    def as_given(self) -> "RowsCodec":
        return replace(self, standard=Standard.none(len(self.standard.mean)), native=True)

    def decode(self, batch: Batch) -> Any:
        values = restored(self.standard.decode(batch.x.detach().cpu().numpy()), self.dtype)
        values = values[:, 0] if self.flat else values
        return torch.from_numpy(values) if self.tensor else values

    def read(self, path: str | Path, said: list[str] | None = None) -> Batch:
        path = Path(path)
        if path.suffix.lower() in ENDINGS:
            frame = read_table(path).drop(columns=["label"], errors="ignore")
            return self.encode(numeric(frame, path.name))
        found = read_arrays(path)
        return self.encode((found.x, self.known_labels(found.labels)))

    def rows(self, path: Path) -> Source | None:
        return read_arrays(path) if path.suffix.lower() in ARRAYS else None

    def write(self, batch: Batch, path: str | Path) -> None:
        path, values = Path(path), np.asarray(self.decode(batch))
        if path.suffix in ARRAYS:
            return write_arrays(path, values, self.classes_of(batch))
        if path.suffix in ENDINGS:
            return write_table(self._framed(values.reshape(len(values), -1), self.classes_of(batch)), path)
        raise Refused(f"rows of numbers are written as .npz, .npy, .csv or .parquet, got {str(path)!r}.")

    def show(self, batch: Batch) -> np.ndarray:
        return self.standard.decode(batch.x.detach().cpu().numpy())[:, self.standard.moving]

    @staticmethod
    def _framed(values: np.ndarray, labels: np.ndarray | None) -> pd.DataFrame:
        frame = pd.DataFrame(values, columns=[f"x{i}" for i in range(values.shape[1])])
        return frame if labels is None else frame.assign(label=labels)
