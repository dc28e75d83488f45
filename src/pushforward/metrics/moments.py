"""Mean and covariance of many rows, in float64, without a second copy of them."""

from dataclasses import dataclass

from jaxtyping import Float
from torch import Tensor

BLOCK = 2**16
"""Rows that are centred at a time."""


@dataclass(frozen=True, eq=False)
class Moments:
    """What a Fréchet distance knows of one side.

    Args:
        n: number of rows.
        mean: of the rows.
        covariance: divided by n − 1.
    """

    n: int
    mean: Float[Tensor, " d"]
    covariance: Float[Tensor, "d d"]

    @classmethod
    def of(cls, x: Float[Tensor, "n d"]) -> "Moments":
        """Two passes: the mean first, so that nothing cancels.

        Args:
            x: at least 2 rows.

        Example:
            >>> import torch
            >>> Moments.of(torch.tensor([[0.0], [2.0]], dtype=torch.float64)).covariance
            tensor([[2.]], dtype=torch.float64)
        """
        mean = x.mean(0)
        covariance = x.new_zeros(x.shape[1], x.shape[1])
        for part in x.split(BLOCK):
            centered = part - mean
            covariance.addmm_(centered.T, centered)
        return cls(len(x), mean, covariance / (len(x) - 1))
