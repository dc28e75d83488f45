"""The map of an interval onto the real line."""

from math import log

import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn.functional import softplus

from pushforward.bijectors.base import Bijector
from pushforward.errors import Refused


class Logit(Bijector):
    """y = s·logit(α + (1 − 2α)·(x − low)/(high − low)), coordinate by coordinate.

    Args:
        low: lower end of the interval.
        high: upper end.
        margin: α in [0, ½), which keeps the ends finite; with 0 the map is onto R.
        scale: s, positive.
    Source: Dinh et al. (2017), arXiv 1605.08803, section 4.1.
    Differs: symmetric, since α + (1 − α)·x sends an end to infinity.
    """

    def __init__(self, low: float, high: float, margin: float = 0.05, scale: float = 1.0):
        super().__init__()
        if not low < high or not 0 <= margin < 0.5:
            raise Refused(f"Logit needs low < high and a margin in [0, 0.5), got {low}, {high} and {margin}.")
        if not scale > 0:
            raise Refused(f"scale of Logit must be positive, got {scale}.")
        self.low, self.high, self.margin, self.scale = low, high, margin, scale

    def forward(
        self, x: Float[Tensor, "n *d"], label: Tensor | None = None
    ) -> tuple[Float[Tensor, "n *e"], Float[Tensor, " n"]]:
        share = self.margin + (1 - 2 * self.margin) * (x - self.low) / (self.high - self.low)
        eps = torch.finfo(x.dtype).eps
        share = share.clamp(eps / 4, 1 - eps / 2)  # a uniform in float32 may be 0, one in 17 million times
        y = torch.log(share) - torch.log1p(-share)
        slope = log_slope(y, self.margin) + log(self.scale / (self.high - self.low))
        return self.scale * y, slope.flatten(1).sum(1)

    def inverse(self, y: Float[Tensor, "n *e"], label: Tensor | None = None) -> Float[Tensor, "n *d"]:
        share = ((y / self.scale).sigmoid() - self.margin) / (1 - 2 * self.margin)
        return self.low + (self.high - self.low) * share


def log_slope(y: Float[Tensor, "*n"], margin: float) -> Float[Tensor, "*n"]:
    """Return log dy/ds of y = logit(α + (1 − 2α)·s) at s(y): log(1 − 2α) + softplus(y) + softplus(−y).

    Args:
        y: what the map gives.
        margin: α.
    """
    return softplus(y) + softplus(-y) + log(1 - 2 * margin)
