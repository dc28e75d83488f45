"""The rows of a table in little memory: a level is one small number, and becomes indicators when rows are taken."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd
import torch
from torch import Tensor

from pushforward.data.base import Part
from pushforward.data.codecs.base import Codec
from pushforward.spaces import Batch, Block, OneOf

ROWS = 2**15
"""Rows that are encoded at a time."""


@dataclass(frozen=True, eq=False)
class PackedPart(Part):
    """A part whose numbers are one tensor and whose levels another, on one device.

    Args:
        numbers: coordinates of the real blocks, side by side.
        levels: place of each row's level, one column a block of levels.
        sizes: of the blocks, in order; negative for those of levels.
        label: class indices.
    """

    numbers: Tensor
    levels: Tensor
    sizes: tuple[int, ...]
    label: Tensor | None = None

    def __len__(self) -> int:
        return len(self.numbers)

    def take(self, index: Tensor) -> Batch:
        index = index.to(self.numbers.device)
        x = numbers = self.numbers[index]
        if self.levels.shape[1]:
            x = numbers.new_zeros(len(index), sum(map(abs, self.sizes)))
            x[:, self._reals] = numbers
            x.scatter_(1, self.levels[index].long() + self._starts, 1.0)
        return Batch(x, None if self.label is None else self.label[index])

    def to(self, device: torch.device | str) -> "PackedPart":
        label = None if self.label is None else self.label.to(device)
        return replace(self, numbers=self.numbers.to(device), levels=self.levels.to(device), label=label)

    @cached_property
    def _reals(self) -> Tensor:
        """Which coordinates are of real blocks."""
        real = [torch.full((abs(size),), size > 0) for size in self.sizes]
        return torch.cat(real).nonzero()[:, 0].to(self.numbers.device)

    @cached_property
    def _starts(self) -> Tensor:
        """The first coordinate of each block of levels."""
        ends = np.cumsum(np.abs(self.sizes))
        starts = [int(end) + size for end, size in zip(ends, self.sizes, strict=True) if size < 0]
        return torch.tensor(starts, dtype=torch.int64, device=self.numbers.device)


def packed(codec: Codec, frame: pd.DataFrame, index: Sequence[np.ndarray]) -> list[PackedPart]:
    """Return the parts of a table, encoded block by block.

    Args:
        codec: of the table.
        frame: its columns.
        index: the rows of each part.
    """
    blocks = codec.space.blocks
    pieces = [_packed(codec.encode(frame.iloc[i : i + ROWS]), blocks) for i in range(0, len(frame), ROWS)]
    numbers, levels = torch.cat([piece[0] for piece in pieces]), torch.cat([piece[1] for piece in pieces])
    known = [label for *_, label in pieces if label is not None]
    labels = torch.cat(known) if known else None
    sizes = tuple(-block.size if isinstance(block, OneOf) else block.size for block in blocks)
    rows = [torch.from_numpy(part) for part in index]
    return [PackedPart(numbers[i], levels[i], sizes, None if labels is None else labels[i]) for i in rows]


def _packed(batch: Batch, blocks: Sequence[Block]) -> tuple[Tensor, Tensor, Tensor | None]:
    parts = list(zip(batch.x.split([block.size for block in blocks], 1), blocks, strict=True))
    numbers = torch.cat([batch.x[:, :0], *(part for part, block in parts if not isinstance(block, OneOf))], 1)
    places = [part.argmax(1).to(torch.int16) for part, block in parts if isinstance(block, OneOf)]
    none = torch.zeros(len(batch.x), 0, dtype=torch.int16)
    return numbers, torch.stack(places, 1) if places else none, batch.label
