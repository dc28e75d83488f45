"""The critic of points with a code beside each."""

from collections.abc import Sequence
from itertools import pairwise

import torch
from torch import Tensor, nn

from pushforward.spaces import Space


class Pairs(nn.Module):
    """f(x, z) = n([x, z]) − ½‖z‖², n fully connected and 0 at first: of log π(z)/q(z|x) it need only learn −log q.

    That known part is log π of a standard normal prior but for a constant.

    Args:
        space: of the points.
        dim: of a code.
        widths: of the hidden layers.
    Source: Mescheder, Nowozin, Geiger (2017), released code, for the part that is known.
    """

    def __init__(self, space: Space, dim: int, widths: Sequence[int]):
        super().__init__()
        layers: list[nn.Module] = []
        for n, m in pairwise((space.dim + dim, *widths)):
            layers += [nn.Linear(n, m), nn.LeakyReLU(0.2)]
        last = nn.Linear(widths[-1], 1)
        nn.init.zeros_(last.weight)
        nn.init.zeros_(last.bias)
        self.network = nn.Sequential(*layers, last)

    def forward(self, x: Tensor, z: Tensor) -> Tensor:
        return self.network(torch.cat([x.flatten(1), z], 1)) - z.square().sum(1, keepdim=True) / 2
