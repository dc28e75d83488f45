"""The posterior that is a network of noise beside what the encoder says, of any form and without a density."""

from collections.abc import Sequence
from itertools import pairwise

import torch
from jaxtyping import Float
from torch import Tensor, nn

from pushforward.distributions import Device
from pushforward.posteriors.base import Coded, Posterior


class Implicit(Posterior):
    """z = g(h, ε), ε ~ N(0, I), g a fully connected network; its density is not known, its code the mean of some draws.

    Args:
        dim: of a code.
        size: numbers that the encoder says of a point.
        noise: size of ε.
        widths: of g's hidden layers.
        draws: noises whose codes are averaged, the same for all points.
    Source: Mescheder, Nowozin, Geiger (2017), arXiv 1701.04722, figure 2.
    """

    def __init__(self, dim: int, size: int = 64, noise: int = 16, widths: Sequence[int] = (128, 128), draws: int = 64):
        super().__init__()
        self.dim, self.size, self.noise = dim, size, noise
        layers: list[nn.Module] = []
        for n, m in pairwise((size + noise, *widths)):
            layers += [nn.Linear(n, m), nn.ELU()]
        self.network = nn.Sequential(*layers, nn.Linear(widths[-1], dim))
        self.fixed = nn.Buffer(torch.randn(draws, noise))

    def draw_noise(self, n: int, device: Device = None) -> Float[Tensor, "n e"]:
        return torch.randn(n, self.noise, device=device)

    def forward(self, h: Float[Tensor, "n s"], noise: Float[Tensor, "n e"]) -> Coded:
        return Coded(self.network(torch.cat([h, noise], 1)), None)

    def mean(self, h: Float[Tensor, "n s"]) -> Float[Tensor, "n k"]:
        """Return the mean code of a point under noises that are kept for this."""
        draws = len(self.fixed)
        z = self(h.repeat_interleave(draws, 0), self.fixed.repeat(len(h), 1)).z
        return z.view(len(h), draws, self.dim).mean(1)
