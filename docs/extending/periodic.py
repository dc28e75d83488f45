"""A kernel for angles, hours of a day and days of a year."""

from dataclasses import dataclass
from math import tau

import torch
from jaxtyping import Float
from torch import Tensor

from pushforward.errors import Refused
from pushforward.kernels import Gaussian, Kernel, pairwise


@dataclass(frozen=True)
class Periodic(Kernel):
    """k(x, y) = exp(−2 Σ_i sin²(π(x_i − y_i)/period) / bandwidth²).

    The Gaussian kernel of points on circles of radius one: values a period apart are the
    same, and the distance from 23 o'clock to one o'clock is two hours.

    Args:
        period: after which a coordinate begins again, in its own units; above 0.
        bandwidth: of the Gaussian on the circles; above 0.
    Source: MacKay (1998), Introduction to Gaussian Processes.
    Example:
        >>> hours = torch.tensor([[23.0], [1.0], [12.0]])
        >>> Periodic(24.0)(hours, hours)[0].tolist()  # 1, e^(-2 sin² π/12), …
        [1.0, 0.8746..., 0.1400...]
    """

    period: float = tau
    bandwidth: float = 1.0

    def __post_init__(self) -> None:
        if not (self.period > 0 and self.bandwidth > 0):
            got = f"got {self.period} and {self.bandwidth}"
            raise Refused(f"period and bandwidth of Periodic must be above 0, {got}.")

    def __call__(self, x: Float[Tensor, "n d"], y: Float[Tensor, "m d"]) -> Float[Tensor, "n m"]:
        x, y = pairwise.matched(x, y)  # one type, float32 at least; equally wide, or refused
        return Gaussian(self.bandwidth)(self._circles(x), self._circles(y))

    def _circles(self, x: Tensor) -> Tensor:
        angle = x * (tau / self.period)
        return torch.cat([angle.cos(), angle.sin()], 1)
