"""The rows of a part, in memory as one tensor, as bytes where floats would not fit, or on disk until asked for."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import torch
from torch import Tensor

from pushforward.data.base import Part
from pushforward.data.codecs.base import Codec
from pushforward.data.raw.npy import release_pages
from pushforward.spaces import Batch

# Rows that are encoded at a time while a part is built.
ROWS = 4096


@dataclass(frozen=True, eq=False)
class TensorPart(Part):
    """A part as one tensor, on one device.

    Args:
        x: encoded points, or bytes that `encoded` turns into points.
        label: class indices.
        encoded: from the rows of x to points; the identity for points.
    """

    x: Tensor
    label: Tensor | None = None
    encoded: Callable[[Tensor], Tensor] | None = None

    def __len__(self) -> int:
        return len(self.x)

    def take(self, index: Tensor) -> Batch:
        index = index.to(self.x.device)
        x = self.x[index]
        return Batch(x if self.encoded is None else self.encoded(x), None if self.label is None else self.label[index])

    def to(self, device: torch.device | str) -> "TensorPart":
        return replace(self, x=self.x.to(device), label=None if self.label is None else self.label.to(device))


@dataclass(frozen=True, eq=False)
class FilePart(Part):
    """A part whose rows are those of an array on disk; its members say when they are encoded.

    Args:
        source: the memory-mapped array, all parts of it.
        index: which of its rows belong to the part, in the part's order.
        codec: encodes them.
        label: class indices, of our rows.
    """

    source: np.ndarray
    index: np.ndarray
    codec: Codec
    label: Tensor | None = None

    @property
    def shape(self) -> tuple[int, ...]:
        return self.codec.space.shape


@dataclass(frozen=True, eq=False)
class PostponedPart(FilePart):
    """A part that encodes all its rows when the first are taken: reading the file in blocks needs no second copy."""

    @cached_property
    def held(self) -> TensorPart:
        """The part in memory, from now on."""
        return TensorPart(encoded_rows(self.source, self.index, self.codec), self.label)

    def __len__(self) -> int:
        return len(self.index)

    def take(self, index: Tensor) -> Batch:
        return self.held.take(index)

    def all(self, limit: int | None = None) -> Batch:
        if limit is None or limit >= len(self) or "held" in vars(self):
            return self.held.all(limit)
        rows = self.index[:limit]
        return Batch(encoded_rows(self.source, rows, self.codec), None if self.label is None else self.label[:limit])

    def to(self, device: torch.device | str) -> TensorPart:
        return self.held.to(device)


@dataclass(frozen=True, eq=False)
class MappedPart(FilePart):
    """A part whose rows are encoded as they are asked for.

    Args:
        device: of the batches.
    """

    device: torch.device | str = "cpu"

    def __len__(self) -> int:
        return len(self.index)

    def take(self, index: Tensor) -> Batch:
        index = index.cpu()
        rows = self.index[index.numpy()]
        order = np.argsort(rows, kind="stable")  # the disk is read forwards
        raw = np.empty((len(rows), *self.source.shape[1:]), dtype=self.source.dtype)
        raw[order] = self.source[rows[order]]
        x = self.codec.encode(raw).x.to(self.device)
        return Batch(x, None if self.label is None else self.label[index].to(self.device))

    def to(self, device: torch.device | str) -> "MappedPart":
        return replace(self, device=device)


def encoded_rows(x: np.ndarray, index: np.ndarray, codec: Codec) -> Tensor:
    """Return the rows at `index` as one tensor in the codec's precision, encoded block by block."""
    out = torch.empty(len(index), *codec.space.shape, dtype=codec.encode(x[index[:1]]).x.dtype)
    for start in range(0, len(index), ROWS):
        out[start : start + ROWS] = codec.encode(x[index[start : start + ROWS]]).x
        release_pages(x)
    return out
