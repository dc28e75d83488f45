"""The share by which each level of a hierarchy of codes is open: one after another over turns, the coarsest first."""

from collections.abc import Sequence

import torch
from jaxtyping import Float
from torch import Tensor, nn


class Opening(nn.Module):
    """o_0 = 1 and o_l(t) = min(1, max(0, t/growth − l)) at turn t: level l opens from turn l·growth to (l + 1)·growth.

    A turn of training writes its number into `turns`, and a state that is kept carries its own.

    Args:
        sizes: of the levels, the coarsest first.
        growth: turns in which a level opens, at least 1.
    """

    def __init__(self, sizes: Sequence[int], growth: int):
        super().__init__()
        self.sizes, self.growth = tuple(sizes), growth
        self.turns = nn.Buffer(torch.zeros((), dtype=torch.int64))
        starts = torch.tensor([-1.0, *range(1, len(self.sizes))])
        self.starts = nn.Buffer(starts, persistent=False)
        self.level = nn.Buffer(
            torch.arange(len(self.sizes)).repeat_interleave(torch.tensor(self.sizes)), persistent=False
        )

    def forward(self) -> Float[Tensor, " l"]:
        """Return o_l of every level, in [0, 1]."""
        return (self.turns / self.growth - self.starts).clamp(0.0, 1.0)

    def of_numbers(self) -> Float[Tensor, " k"]:
        """Return the same for every number of a code, in the order of levels."""
        opened: Tensor = self()
        return opened[self.level]


def opening(sizes: Sequence[int], growth: int) -> Opening | None:
    """Return what opens levels, where they are to be opened and there is more than one; None where all are open.

    Args:
        sizes: of the levels.
        growth: turns in which a level opens; 0 for all levels at once.
    """
    return Opening(sizes, growth) if growth and len(sizes) > 1 else None


def openings(module: nn.Module) -> list[Opening]:
    """Return all that opens levels within a module."""
    return [m for m in module.modules() if isinstance(m, Opening)]
