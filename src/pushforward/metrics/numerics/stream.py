"""Rows that need not fit into memory: read in blocks, as often as somebody asks, and the same every time."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

MEMORY = 2**23
"""Bytes of float64 in one block: it stays in the processor's cache."""


class Stream(ABC):
    """z_1, …, z_n, one block of rows after another; every pass gives the same rows in the same order."""

    @abstractmethod
    def __len__(self) -> int:
        """Rows of one pass."""

    @property
    @abstractmethod
    def width(self) -> int:
        """Coordinates of a row."""

    @abstractmethod
    def blocks(self, size: int) -> Iterator[Tensor]:
        """One pass: float64 blocks of `size` rows, the last one of what is left.

        Args:
            size: rows of a block.
        """

    def rows_of(self, wanted: int | None = None) -> int:
        """Rows whose float64 take MEMORY bytes, each of them `wanted` numbers wide instead of `width`."""
        return max(16, MEMORY // (8 * max(1, self.width if wanted is None else wanted)))

    def gathered(self, index: Int[Tensor, " l"]) -> Float[Tensor, "l d"]:
        """Rows at ascending indices, from one pass.

        Example:
            >>> InMemory(torch.tensor([[0.0], [1.0], [2.0]])).gathered(torch.tensor([0, 2])).squeeze(1)
            tensor([0., 2.], dtype=torch.float64)
        """
        found, start, size = [], 0, self.rows_of()
        for block in self.blocks(size):
            first, last = torch.searchsorted(index, torch.tensor([start, start + len(block)])).tolist()
            found.append(block[index[first:last] - start])
            start += len(block)
        return torch.cat(found)


@dataclass(frozen=True, eq=False)
class InMemory(Stream):
    """Rows that are there.

    Args:
        x: of any floating-point type.
    """

    x: Float[Tensor, "n d"]

    def __len__(self) -> int:
        return len(self.x)

    @property
    def width(self) -> int:
        return self.x.shape[1]

    def blocks(self, size: int) -> Iterator[Tensor]:
        for block in self.x.split(size):
            yield block.double()


@dataclass(frozen=True, eq=False)
class Marked(Stream):
    """The marked rows of another stream.

    Args:
        whole: the other one.
        mark: true for the rows that belong to this one.
    """

    whole: Stream
    mark: Bool[Tensor, " n"]

    def __len__(self) -> int:
        return int(self.mark.sum())

    @property
    def width(self) -> int:
        return self.whole.width

    def blocks(self, size: int) -> Iterator[Tensor]:
        yield from in_blocks((z[here] for z, here in self._read(size)), size)

    def _read(self, size: int) -> Iterator[tuple[Tensor, Tensor]]:
        start = 0
        for block in self.whole.blocks(size):
            yield block, self.mark[start : start + len(block)]
            start += len(block)


def in_blocks(batches: Iterable[Tensor], size: int) -> Iterator[Tensor]:
    """The same rows, `size` at a time, the last block of what is left.

    Args:
        batches: rows as they come.
        size: rows of a block.
    """
    left: list[Tensor] = []
    for batch in batches:
        left.append(batch)
        if sum(map(len, left)) < size:
            continue
        *whole, last = torch.cat(left).split(size)
        left = [last] if len(last) < size else []
        yield from whole
        if not left:
            yield last
    if left and sum(map(len, left)):
        yield torch.cat(left)
