"""The posterior of an encoder that is sure: one code a point."""

import torch
from jaxtyping import Float
from torch import Tensor

from pushforward.distributions import Device
from pushforward.posteriors.base import Coded, Posterior


class Deterministic(Posterior):
    """z = h, without noise and so without a density.

    Args:
        dim: of a code.
    """

    def __init__(self, dim: int):
        super().__init__()
        self.dim = self.size = dim

    def forward(self, h: Float[Tensor, "n s"], noise: Float[Tensor, "n e"]) -> Coded:
        return Coded(h, None)

    def mean(self, h: Float[Tensor, "n s"]) -> Float[Tensor, "n k"]:
        return h

    def draw_noise(self, n: int, device: Device = None) -> Float[Tensor, "n e"]:
        """Return n rows of nothing."""
        return torch.empty(n, 0, device=device)
