"""A field that leads each sample to its nearest datum, and away from the nearest other sample."""

from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor

from pushforward.errors import Refused
from pushforward.fields import Field
from pushforward.kernels import pairwise


@dataclass(frozen=True)
class Nearest(Field):
    """V(y_i) = step·(x_j − y′_l), x_j the nearest datum and y′_l the nearest other sample.

    With step 1 it is the limit of the score difference as its bandwidth goes to 0.

    Args:
        step: above 0.
    Example:
        >>> y, x = torch.tensor([[0.0], [3.0]]), torch.tensor([[1.0], [9.0]])
        >>> Nearest()(y, x).flatten()  # both are nearest to 1; from 3 and from 0
        tensor([-2.,  1.])
    """

    step: float = 1.0

    def __post_init__(self) -> None:
        if not self.step > 0:
            raise Refused(f"step of Nearest must be positive, got {self.step}.")

    def at(
        self, y: Float[Tensor, "m d"], x: Float[Tensor, "n d"], other: Float[Tensor, "l d"] | None
    ) -> Float[Tensor, "c m d"]:
        samples = y if other is None else other
        to_samples = pairwise.squared_distance(y, samples)
        if other is None:  # a sample does not repel itself
            to_samples.fill_diagonal_(torch.inf)
        towards = x[pairwise.squared_distance(y, x).argmin(1)] - samples[to_samples.argmin(1)]
        return self.step * towards.unsqueeze(0)
