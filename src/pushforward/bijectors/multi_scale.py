"""The scales of pictures, from fine to coarse, each of which leaves half of its channels to noise."""

from collections.abc import Sequence
from math import prod

import torch
from jaxtyping import Float
from torch import Tensor, nn

from pushforward.bijectors.base import Bijector, in_order


class MultiScale(Bijector):
    """(a_1, x_1) = f_1(x), (a_2, x_2) = f_2(x_1), …, y = (a_1, …, a_{L−1}, x_L) as vectors, a_i half of the channels.

    Args:
        scales: f_1, …, f_L, each with the shape of a point that it gives.
    Source: Dinh et al. (2017), arXiv 1605.08803, section 3.6.
    """

    def __init__(self, scales: Sequence[tuple[Bijector, tuple[int, int, int]]]):
        super().__init__()
        self.scales = nn.ModuleList(f for f, _ in scales)
        self.shapes = [shape for _, shape in scales]

    def forward(
        self, x: Float[Tensor, "n *d"], label: Tensor | None = None
    ) -> tuple[Float[Tensor, "n *e"], Float[Tensor, " n"]]:
        total, left = x.new_zeros(len(x)), []
        for i, f in enumerate(in_order(self.scales)):
            x, log_det = f(x, label)
            total = total + log_det
            if i + 1 < len(self.scales):
                a, x = x.split(self._halves(self.shapes[i]), 1)
                left.append(a.flatten(1))
        return torch.cat([*left, x.flatten(1)], 1), total

    def inverse(self, y: Float[Tensor, "n *e"], label: Tensor | None = None) -> Float[Tensor, "n *d"]:
        sizes = [self._halves(s)[0] * prod(s[1:]) for s in self.shapes[:-1]] + [prod(self.shapes[-1])]
        *left, x = y.split(sizes, 1)
        *finer, coarsest = in_order(self.scales)
        x = coarsest.inverse(x.view(-1, *self.shapes[-1]), label)
        for f, shape, a in reversed(list(zip(finer, self.shapes[:-1], left, strict=True))):
            channels = self._halves(shape)[0]
            x = f.inverse(torch.cat([a.view(-1, channels, *shape[1:]), x], 1), label)
        return x

    def prepare(self, x: Float[Tensor, "n *d"], label: Tensor | None = None) -> Float[Tensor, "n *e"]:
        left = []
        for i, f in enumerate(in_order(self.scales)):
            x = f.prepare(x, label)
            if i + 1 < len(self.scales):
                a, x = x.split(self._halves(self.shapes[i]), 1)
                left.append(a.flatten(1))
        return torch.cat([*left, x.flatten(1)], 1)

    def _halves(self, shape: tuple[int, int, int]) -> list[int]:
        return [shape[0] // 2, shape[0] - shape[0] // 2]
