"""The columns of encoded rows as ordered numbers, and samplers that put together cells of rows that they have seen."""

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any

import torch
from jaxtyping import Float, Int64
from torch import Tensor, nn

from pushforward.samplers.base import Sampler
from pushforward.spaces import Batch, Block, OneOf


def single_blocks(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """Return a block for each coordinate of a real one; those of levels as they are.

    Example:
        >>> from pushforward.spaces import Vector
        >>> len(single_blocks(Vector(3).blocks))
        3
    """
    parts = ([b] if isinstance(b, OneOf) else [type(b)(b.name, 1, b.absent)] * b.size for b in blocks)
    return tuple(block for part in parts for block in part)


def columns_of(blocks: Sequence[Block]) -> list[list[int]]:
    """Return the blocks of each column: one, or two where the first says whether the number is missing.

    Example:
        >>> from pushforward.spaces import Real
        >>> columns_of([Real("a"), OneOf("b missing", ("no", "yes")), Real("b", absent=True)])
        [[0], [1, 2]]
    """
    found = list[list[int]]()
    for i, block in enumerate(blocks):
        if not isinstance(block, OneOf) and block.absent:
            found[-1].append(i)
        else:
            found.append([i])
    return found


class SeenCells(Sampler):
    """y_j = x_{i(j), j}: each column of a sample is that of some row that was seen, i(j) the row that a member chooses.

    Samples hold values and levels of the data alone. The rows are buffers, so a run folder holds the training rows.

    Args:
        blocks: of a point's coordinates, in order, one for each real coordinate.
        order: the columns, by the numbers of their blocks, in the order of drawing.
        classes: number of labels; these are known before every column.
    """

    def __init__(self, blocks: Sequence[Block], order: Sequence[Sequence[int]], classes: int = 0):
        super().__init__()
        self.classes, self.blocks, self.order = classes, tuple(blocks), [list(column) for column in order]
        ends = torch.tensor([block.size for block in blocks]).cumsum(0).tolist()
        self.places = [slice(ends[column[0]] - blocks[column[0]].size, ends[column[-1]]) for column in self.order]
        self.rows = nn.Buffer(torch.zeros(1, ends[-1]))

    @property
    def features(self) -> int:
        """The count of numbers that a row is where columns are compared: the label, if any, and each column."""
        return len(self.order) + bool(self.classes)

    def draw_noise(self, n: int) -> Float[Tensor, "n k"]:
        return torch.rand(n, self.features, device=self.device, dtype=torch.float64)

    @abstractmethod
    def fit(self, x: Batch) -> None:
        """Take rows, and what is to be known of them."""

    def numbers(self, x: Float[Tensor, "n d"], label: Tensor | None = None) -> Float[Tensor, "n k"]:
        """Return each column as numbers in an order: levels by their place, what is missing below all."""
        found = [self.number(x, j) for j in range(len(self.order))]
        return torch.stack([*([label.to(x)] if self.classes and label is not None else []), *found], 1)

    def number(self, x: Float[Tensor, "n d"], j: int) -> Float[Tensor, " n"]:
        """Return one column as numbers."""
        cells, first = x[:, self.places[j]], self.blocks[self.order[j][0]]
        if len(self.order[j]) == 1:
            return cells.argmax(1).to(x) if isinstance(first, OneOf) else cells[:, 0]
        absent = cells[:, :2].argmax(1) > 0
        return cells[:, 2].masked_fill(absent, torch.finfo(torch.float32).min)

    def cells(self, j: int, row: Int64[Tensor, " n"]) -> Float[Tensor, "n s"]:
        """Return a column's coordinates of rows that were seen."""
        return self.rows[row][:, self.places[j]]

    def _load_from_state_dict(self, state_dict: Mapping[str, Any], prefix: str, *args: Any) -> None:
        """Make room for as many rows as come from a file, which the recipe's call does not say."""
        for name, buffer in self.named_buffers(recurse=False):
            stored = state_dict.get(f"{prefix}{name}")
            if stored is not None and stored.dim() == buffer.dim() and stored.shape != buffer.shape:
                setattr(self, name, nn.Buffer(buffer.new_zeros(stored.shape)))
        super()._load_from_state_dict(state_dict, prefix, *args)
