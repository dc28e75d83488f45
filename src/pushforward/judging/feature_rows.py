"""The features of any number of points, as rows that metrics read block by block."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import torch
from torch import Tensor

from pushforward.data.raw.npy import release_pages
from pushforward.data.raw.spool import spool
from pushforward.features import Features
from pushforward.features.base import Mapped
from pushforward.progress import watched
from pushforward.rows import Rows, in_blocks


@dataclass(frozen=True, eq=False)
class StoredRows(Rows):
    """A part of the columns of an array's rows, in memory or on disk.

    Args:
        x: one row a point.
        columns: first and last but one that are read.
    """

    x: np.ndarray
    columns: tuple[int, int]

    def __len__(self) -> int:
        return len(self.x)

    @property
    def shape(self) -> tuple[int, ...]:
        return (self.columns[1] - self.columns[0],)

    def blocks(self, size: int | None = None) -> Iterator[Tensor]:
        size = size or self.per_block
        for start in range(0, len(self.x), size):
            yield torch.from_numpy(self.x[start : start + size, slice(*self.columns)].astype(np.float64))
            release_pages(self.x)


@dataclass(frozen=True, eq=False)
class MappedRows(Rows):
    """f(x) of points, computed again at every pass: for maps that cost less than a file would.

    Args:
        f: the map.
        points: where it is evaluated.
        name: of the points, for whoever waits.
    """

    f: Features
    points: Rows
    name: str

    def __len__(self) -> int:
        return len(self.points)

    @cached_property
    def shape(self) -> tuple[int, ...]:
        return (width(self.f, self.points),)

    def blocks(self, size: int | None = None) -> Iterator[Tensor]:
        size = size or self.per_block
        read = watched(self.points.blocks(), f"reading {self.name}", len(self), size=len)
        return in_blocks((part.features.double().cpu() for part in self.f.stream(read)), size)


def width(f: Features, points: Rows) -> int:
    """Return the number of features of a point."""
    return f.mapped(next(points.blocks(1))[:1]).features.shape[1]


def feature_rows(f: Features, points: Rows, name: str, classes: bool = False) -> tuple[Rows, Rows | None]:
    """Return features of all points, and class probabilities where they are asked for and the map knows classes.

    Computed in one pass and kept, in memory or on disk, where that takes long.

    Args:
        f: the map.
        points: where it is evaluated.
        name: of the points, for whoever waits.
        classes: probabilities too.
    """
    if f.rows is None and not classes:
        return MappedRows(f, points, name), None
    read = watched(points.blocks(), f"features of {name}", len(points), size=len)
    kept, d = spool(map(_side_by_side, f.stream(read, classes=classes)), name), width(f, points)
    return StoredRows(kept, (0, d)), StoredRows(kept, (d, kept.shape[1])) if kept.shape[1] > d else None


def _side_by_side(part: Mapped) -> np.ndarray:
    """Return features and probabilities side by side, one row a point."""
    return torch.cat([z for z in part if z is not None], 1).cpu().numpy()
