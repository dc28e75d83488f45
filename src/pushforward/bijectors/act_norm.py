"""A shift and a scale a channel, which begin at the data's."""

from math import prod

import torch
from jaxtyping import Float
from torch import Tensor, nn

from pushforward.bijectors.base import Bijector

CONSTANT = 1e-6
"""A standard deviation, as a share of the mean's size, below which a channel is constant and keeps its scale."""


class ActNorm(Bijector):
    """y = (x − m)·e^{−s}, channel by channel, with m and e^s at first the mean and the deviation of the data.

    A channel that is constant in those data keeps its scale.

    Args:
        channels: size of the first axis of a point.
    Source: Kingma and Dhariwal (2018), arXiv 1807.03039, section 3.1.
    """

    def __init__(self, channels: int):
        super().__init__()
        self.mean, self.log_std = nn.Parameter(torch.zeros(channels)), nn.Parameter(torch.zeros(channels))

    def forward(
        self, x: Float[Tensor, "n *d"], label: Tensor | None = None
    ) -> tuple[Float[Tensor, "n *e"], Float[Tensor, " n"]]:
        pixels = prod(x.shape[2:])
        y = (x - self._beside(self.mean, x)) * self._beside((-self.log_std).exp(), x)
        return y, (-pixels * self.log_std.sum()).expand(len(x))

    def inverse(self, y: Float[Tensor, "n *e"], label: Tensor | None = None) -> Float[Tensor, "n *d"]:
        return y * self._beside(self.log_std.exp(), y) + self._beside(self.mean, y)

    @torch.no_grad()
    def prepare(self, x: Float[Tensor, "n *d"], label: Tensor | None = None) -> None:
        """Take mean and deviation of these points."""
        rows = x.transpose(0, 1).flatten(1)
        std, mean = torch.std_mean(rows, 1, correction=0)
        varies = std > CONSTANT * (1 + mean.abs())
        self.mean.copy_(mean)
        self.log_std.copy_(torch.where(varies, std, 1.0).log())

    def _beside(self, v: Tensor, x: Tensor) -> Tensor:
        return v.view(-1, *[1] * (x.ndim - 2))
