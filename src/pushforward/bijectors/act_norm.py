"""A shift and a scale a channel, which begin at the data's."""

from math import prod

import torch
from jaxtyping import Float
from torch import Tensor, nn

from pushforward.bijectors.base import Bijector

CONSTANT = 1e-6
"""A standard deviation, as a share of the mean's size, below which a channel is constant and keeps its scale."""


class ActNorm(Bijector):
    """y = e^s·x + b, channel by channel, which is (x − m)/σ at first, m and σ the mean and the deviation of the data.

    A channel that is constant in those data keeps its scale.

    Args:
        channels: size of the first axis of a point.
    Source: Kingma and Dhariwal (2018), arXiv 1807.03039, section 3.1.
    """

    def __init__(self, channels: int):
        super().__init__()
        self.log_scale, self.shift = nn.Parameter(torch.zeros(channels)), nn.Parameter(torch.zeros(channels))

    def forward(
        self, x: Float[Tensor, "n *d"], label: Tensor | None = None
    ) -> tuple[Float[Tensor, "n *e"], Float[Tensor, " n"]]:
        return self.scaled(x), (prod(x.shape[2:]) * self.log_scale.sum()).expand(len(x))

    def scaled(self, x: Float[Tensor, "n *d"]) -> Float[Tensor, "n *e"]:
        """Return the points alone, without the determinant."""
        return torch.addcmul(self._beside(self.shift, x), x, self._beside(self.log_scale.exp(), x))

    def inverse(self, y: Float[Tensor, "n *e"], label: Tensor | None = None) -> Float[Tensor, "n *d"]:
        return (y - self._beside(self.shift, y)) * self._beside((-self.log_scale).exp(), y)

    @torch.no_grad()
    def prepare(self, x: Float[Tensor, "n *d"], label: Tensor | None = None) -> Float[Tensor, "n *e"]:
        """Take mean and deviation of these points, and return them scaled."""
        std, mean = torch.std_mean(x.transpose(0, 1).flatten(1), 1, correction=0)
        std = torch.where(std > CONSTANT * (1 + mean.abs()), std, 1.0)
        self.log_scale.copy_(-std.log())
        self.shift.copy_(-mean / std)
        return self.scaled(x)

    def _beside(self, v: Tensor, x: Tensor) -> Tensor:
        return v if x.ndim == 2 else v.view(-1, *[1] * (x.ndim - 2))
