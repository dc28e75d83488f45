"""The critic that has frozen features of a point beside what it learns to see of it."""

from collections.abc import Callable

import torch
from jaxtyping import Float
from torch import Tensor, nn

from pushforward.networks import takes


class Beside(nn.Module):
    """x ↦ (f(x), e(x)/s), f learnt and e frozen, s the root of the sum of the variances of e's coordinates in the data.

    In that unit two points of data are √2 apart on average, where e sees them. What e does not tell apart is left to f.

    Args:
        f: takes labels or not.
        features: e, through which gradients pass; no module, whose weights would be taken for a player's.
    """

    unit: Tensor

    def __init__(self, f: nn.Module, features: Callable[[Tensor], Tensor]):
        super().__init__()
        self.f, self.features = f, features
        self.unit = nn.Buffer(torch.ones(()))

    @torch.no_grad()
    def fit(self, x: Tensor) -> None:
        """Take the unit of e.

        Args:
            x: data, 2 rows or more.
        """
        spread = self.features(x).flatten(1).var(0).sum().sqrt()
        self.unit.copy_(spread if spread > 0 else self.unit)

    def forward(self, x: Tensor, label: Tensor | None = None) -> Float[Tensor, "n d"]:
        learnt = self.f(x, label=label) if "label" in takes(self.f) else self.f(x)
        return torch.cat([learnt.flatten(1), self.features(x).flatten(1) / self.unit], 1)
