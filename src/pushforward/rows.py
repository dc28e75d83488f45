"""The rows of points or features in any number: read by block or by index, from memory, disk or a computation."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import prod

import torch
from jaxtyping import Bool, Int
from torch import Tensor

BLOCK = 2**24
"""The bytes of float32 in one block, where nobody says how many rows a block has."""

CACHE = 2**23
"""The bytes of float64 in a block that stays in the processor's cache."""


class Rows(ABC):
    """z_1, …, z_n in one order, which need not fit into memory; every pass gives the same rows."""

    @abstractmethod
    def __len__(self) -> int: ...

    @property
    @abstractmethod
    def shape(self) -> tuple[int, ...]:
        """The shape of one row."""

    @property
    def width(self) -> int:
        """The number of coordinates of one row."""
        return prod(self.shape)

    @abstractmethod
    def blocks(self, size: int | None = None) -> Iterator[Tensor]:
        """Yield all rows in one pass, `size` at a time and the rest at last; by default as many as take BLOCK bytes."""

    def whole(self) -> Tensor:
        """Return all rows in memory."""
        return torch.cat(list(self.blocks()))

    def taken(self, index: Int[Tensor, " l"]) -> Tensor:
        """Return the rows at ascending indices, from one pass.

        Example:
            >>> Held(torch.tensor([[5.0], [6.0], [7.0]])).taken(torch.tensor([0, 2])).squeeze(1)
            tensor([5., 7.])
        """
        rows, start = [], 0
        for block in self.blocks():
            first, last = torch.searchsorted(index, torch.tensor([start, start + len(block)])).tolist()
            rows.append(block[index[first:last] - start])
            start += len(block)
        return torch.cat(rows)

    @property
    def per_block(self) -> int:
        """The number of rows in a block of BLOCK bytes."""
        return max(1, BLOCK // (4 * max(1, self.width)))

    def per_cache(self, width: int | None = None) -> int:
        """Return how many rows of float64 take CACHE bytes, each `width` numbers wide; as wide as they are for None."""
        return max(16, CACHE // (8 * max(1, self.width if width is None else width)))


@dataclass(frozen=True, eq=False)
class Held(Rows):
    """The rows of an array that is in memory.

    Args:
        x: first axis the rows.
        dtype: of the blocks that are read; that of x for None.
    """

    x: Tensor
    dtype: torch.dtype | None = None

    def __len__(self) -> int:
        return len(self.x)

    @property
    def shape(self) -> tuple[int, ...]:
        return tuple(self.x.shape[1:])

    def blocks(self, size: int | None = None) -> Iterator[Tensor]:
        for block in self.x.split(size or self.per_block):
            yield block if self.dtype is None else block.to(self.dtype)


@dataclass(frozen=True, eq=False)
class Marked(Rows):
    """The marked ones of other rows, in their order.

    Args:
        rows: the others.
        mark: true for the rows that belong to these.
    """

    rows: Rows
    mark: Bool[Tensor, " n"]

    def __len__(self) -> int:
        return int(self.mark.sum())

    @property
    def shape(self) -> tuple[int, ...]:
        return self.rows.shape

    def blocks(self, size: int | None = None) -> Iterator[Tensor]:
        size = size or self.per_block
        yield from in_blocks((z[here] for z, here in self._read(size)), size)

    def _read(self, size: int) -> Iterator[tuple[Tensor, Tensor]]:
        start = 0
        for block in self.rows.blocks(size):
            yield block, self.mark[start : start + len(block)]
            start += len(block)


def in_blocks(batches: Iterable[Tensor], size: int) -> Iterator[Tensor]:
    """Yield the same rows in the same order, `size` at a time; the last block may be short, and none is empty.

    Args:
        batches: rows as they come, of which no more is held than one batch and one block.
        size: rows of a block.
    Example:
        >>> [len(block) for block in in_blocks([torch.zeros(3, 2), torch.zeros(4, 2)], 2)]
        [2, 2, 2, 1]
    """
    pending: list[Tensor] = []
    for x in batches:
        while length := len(x):
            part, x = x.split([n := min(size - sum(map(len, pending)), length), length - n])
            pending.append(part)
            if sum(map(len, pending)) == size:
                yield _joined(pending)
                pending = []
    if pending:
        yield _joined(pending)


def _joined(parts: list[Tensor]) -> Tensor:
    return parts[0] if len(parts) == 1 else torch.cat(parts)
