"""Encoded points in any number: read in blocks from wherever they lie, as often as somebody asks."""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Int
from torch import Tensor

from pushforward.data.base import Data, Part
from pushforward.data.codecs.base import Codec
from pushforward.data.parts.stored import FilePart
from pushforward.data.raw.checks import finite
from pushforward.data.raw.source import Source

BLOCK = 2**24
"""Bytes of encoded points in one block."""


class Points(ABC):
    """x_1, …, x_n in the space of some data, in one order."""

    @abstractmethod
    def __len__(self) -> int: ...

    @abstractmethod
    def blocks(self, size: int | None = None) -> Iterator[Tensor]:
        """One pass, `size` points at a time and the rest at last; by default what takes BLOCK bytes."""

    def whole(self) -> Tensor:
        """All points in memory."""
        return torch.cat(list(self.blocks()))

    def taken(self, index: Int[Tensor, " l"]) -> Tensor:
        """The points at ascending indices, from one pass.

        Example:
            >>> Held(torch.tensor([[5.0], [6.0], [7.0]])).taken(torch.tensor([0, 2])).squeeze(1)
            tensor([5., 7.])
        """
        found, start = [], 0
        for block in self.blocks():
            first, last = torch.searchsorted(index, torch.tensor([start, start + len(block)])).tolist()
            found.append(block[index[first:last] - start])
            start += len(block)
        return torch.cat(found)


@dataclass(frozen=True, eq=False)
class Held(Points):
    """Points in memory.

    Args:
        x: encoded.
    """

    x: Tensor

    def __len__(self) -> int:
        return len(self.x)

    def blocks(self, size: int | None = None) -> Iterator[Tensor]:
        yield from self.x.split(size or fitting(self.x[:1].numel()))


@dataclass(frozen=True, eq=False)
class Raw(Points):
    """Rows of an array in the form the data came in, encoded block by block; the array may lie on disk.

    Args:
        source: the array, with its name for sentences.
        codec: of the data.

    Raises:
        Refused: if the rows are not of the data's form, or one of them is not finite; the first such row is named.
    """

    source: Source
    codec: Codec

    def __post_init__(self) -> None:
        finite(self.source.x, self.source.name)
        self.codec.encode(np.asarray(self.source.x[:1]))
        self.codec.doubt(self.source.x)

    def __len__(self) -> int:
        return len(self.source.x)

    def blocks(self, size: int | None = None) -> Iterator[Tensor]:
        if len(self):
            return self.codec.encoded(self.source.x, size or fitting(self.codec.space.dim))
        return iter([torch.empty(0, *self.codec.space.shape)])


@dataclass(frozen=True, eq=False)
class Joined(Points):
    """The parts of a data set, one after another.

    Args:
        parts: in order.
        dim: coordinates of a point.
    """

    parts: tuple[Part, ...]
    dim: int

    def __len__(self) -> int:
        return sum(map(len, self.parts))

    def blocks(self, size: int | None = None) -> Iterator[Tensor]:
        size, ends = size or fitting(self.dim), np.cumsum([0, *map(len, self.parts)]).tolist()
        for start in range(0, len(self), size):
            stop = min(start + size, len(self))
            pieces = [
                part.take(torch.arange(max(start, first), min(stop, last)) - first).x
                for part, first, last in zip(self.parts, ends, ends[1:], strict=False)
                if first < stop and last > start
            ]
            yield torch.cat(pieces)


def points_of_data(data: Data) -> Points:
    """Every row of the data: in the order of their file where they lie in one, else test, validation, train."""
    parts = (data.test, data.validation, data.train)
    first = data.test
    if isinstance(first, FilePart) and len(first.source) == sum(map(len, parts)):
        return Raw(Source(data.name, first.source), data.codec)
    return Joined(parts, data.space.dim)


def fitting(dim: int) -> int:
    """Points of so many float32 that take BLOCK bytes."""
    return max(1, BLOCK // (4 * max(1, dim)))
