"""The simplest network that takes a time: beside its input."""

from math import pi

import torch
from jaxtyping import Float
from torch import Tensor, nn

OCTAVES = 6
"""The number of frequencies that a time is seen at: ½, 1, 2, … periods in the unit interval."""

FEATURES = 2 * OCTAVES
"""The number of coordinates that a time becomes."""


class Timed(nn.Module):
    """(x, t) ↦ g(x, φ(t)) in the shape of x, with φ(t) = (cos 2ᵏπt, sin 2ᵏπt), k = 0, …, 5.

    Args:
        network: takes flattened points with the FEATURES of the time beside them, and gives flattened points.
    Source: Vaswani et al. (2017), §3.5, for positions by sines and cosines.
    """

    def __init__(self, network: nn.Module):
        super().__init__()
        self.network = network

    def forward(self, x: Tensor, time: Float[Tensor, " n"]) -> Tensor:
        angles = time[:, None] * pi * 2 ** torch.arange(OCTAVES, device=x.device)
        features = torch.cat([x.flatten(1), angles.cos().to(x), angles.sin().to(x)], 1)
        return self.network(features).view_as(x)
