"""The rows of another part as a function makes them, when they are taken."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import torch
from torch import Tensor

from pushforward.data.base import Part
from pushforward.spaces import Batch


@dataclass(frozen=True, eq=False)
class ChangedPart(Part):
    """A part whose points are f(x), with the labels of x: no copy of the others is held.

    Args:
        part: gives x.
        f: of a batch of points, row by row.
    """

    part: Part
    f: Callable[[Tensor], Tensor]

    @property
    def label(self) -> Tensor | None:  # type: ignore[override]  # never set here
        return self.part.label

    def __len__(self) -> int:
        return len(self.part)

    def take(self, index: Tensor) -> Batch:
        batch = self.part.take(index)
        return Batch(self.f(batch.x), batch.label)

    def to(self, device: torch.device | str) -> "ChangedPart":
        return replace(self, part=self.part.to(device))
