"""The sorting of points into leaves, boxes with equally many near points, so that far ones can be left out of sums."""

from dataclasses import dataclass

import torch
from jaxtyping import Float, Int
from torch import Tensor

LEAF = 512
"""Points in a leaf: a product of two leaves is large enough for a processor, and small enough for its caches."""


@dataclass(frozen=True)
class Leaves:
    """An order of rows in which leaves are slices, with the box of each.

    Args:
        x: rows, in that order.
        order: x is the given rows at these indices.
        starts: of each leaf, and the end of the last.
        low: lower corners of boxes.
        high: upper corners.
    """

    x: Float[Tensor, "n d"]
    order: Int[Tensor, " n"]
    starts: list[int]
    low: Float[Tensor, "l d"]
    high: Float[Tensor, "l d"]

    @classmethod
    def of(cls, x: Float[Tensor, "n d"]) -> "Leaves":
        """Return the leaves of rows: the longest side of a box is halved at the median while it holds more than LEAF.

        Args:
            x: rows.
        """
        todo, done = [torch.arange(len(x), device=x.device)], []
        while todo:
            index = todo.pop()
            if len(index) <= LEAF:
                done.append(index)
                continue
            rows = x[index]
            longest = int((rows.amax(0) - rows.amin(0)).argmax())
            halves = rows[:, longest].argsort()
            todo += [index[halves[len(index) // 2 :]], index[halves[: len(index) // 2]]]
        starts = [0, *torch.tensor([len(index) for index in done]).cumsum(0).tolist()]
        order = torch.cat(done)
        low = torch.stack([x[index].amin(0) for index in done])
        high = torch.stack([x[index].amax(0) for index in done])
        return cls(x[order], order, starts, low, high)

    def slices(self) -> list[slice]:
        """Return the place of each leaf."""
        return [slice(a, b) for a, b in zip(self.starts[:-1], self.starts[1:], strict=True)]

    def squares_to(self, low: Float[Tensor, " d"], high: Float[Tensor, " d"]) -> tuple[Tensor, Tensor]:
        """Return the least and the largest squared distance of a point of each leaf's box to one of another box.

        Args:
            low: lower corner of the other box.
            high: upper corner.
        """
        gap = (self.low - high).clamp(min=0) + (low - self.high).clamp(min=0)
        reach = torch.maximum((self.high - low).abs(), (high - self.low).abs())
        return gap.square().sum(1), reach.square().sum(1)
