"""The rows of a whole data set or of an array, encoded block by block, from wherever they lie."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from pushforward.data.base import Data, Part
from pushforward.data.codecs.base import Codec
from pushforward.data.parts.stored import FilePart
from pushforward.data.raw.checks import refuse_not_finite
from pushforward.data.raw.source import Source
from pushforward.rows import Rows
from pushforward.spaces import Space


@dataclass(frozen=True, eq=False)
class EncodedRows(Rows):
    """The rows of an array in the form the data came in, encoded block by block; the array may lie on disk.

    Args:
        source: the array, with its name for sentences.
        codec: of the data.

    Raises:
        Refused: if the rows are not of the data's form, or one of them is not finite; the first such row is named.
    """

    source: Source
    codec: Codec

    def __post_init__(self) -> None:
        refuse_not_finite(self.source.x, self.source.name)
        self.codec.encode(np.asarray(self.source.x[:1]))
        self.codec.doubt(self.source.x)

    def __len__(self) -> int:
        return len(self.source.x)

    @property
    def shape(self) -> tuple[int, ...]:
        return self.codec.space.shape

    def blocks(self, size: int | None = None) -> Iterator[Tensor]:
        if len(self):
            return self.codec.encoded(self.source.x, size or self.per_block)
        return iter([torch.empty(0, *self.codec.space.shape)])


@dataclass(frozen=True, eq=False)
class Joined(Rows):
    """The parts of a data set, one after another.

    Args:
        parts: in order.
        space: of their points.
    """

    parts: tuple[Part, ...]
    space: Space

    @property
    def shape(self) -> tuple[int, ...]:
        return self.space.shape

    def __len__(self) -> int:
        return sum(map(len, self.parts))

    def blocks(self, size: int | None = None) -> Iterator[Tensor]:
        size, ends = size or self.per_block, np.cumsum([0, *map(len, self.parts)]).tolist()
        for start in range(0, len(self), size):
            stop = min(start + size, len(self))
            pieces = [
                part.take(torch.arange(max(start, first), min(stop, last)) - first).x
                for part, first, last in zip(self.parts, ends, ends[1:], strict=False)
                if first < stop and last > start
            ]
            yield torch.cat(pieces)


def all_rows(data: Data) -> Rows:
    """Return every row of the data: in the order of their file where they lie in one, else test, validation, train."""
    parts = (data.test, data.validation, data.train)
    first = data.test
    if isinstance(first, FilePart) and len(first.source) == sum(map(len, parts)):
        return EncodedRows(Source(data.name, first.source), data.codec)
    return Joined(parts, data.space)
