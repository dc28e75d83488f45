"""The mean and covariance of many rows, in float64, without a second copy of them."""

from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor

BLOCK = 2**10
"""Rows that are widened and centred at a time."""

COLUMNS = 512
"""Columns of a product: the later columns with these, the earlier ones being known by symmetry."""


@dataclass(frozen=True, eq=False)
class Moments:
    """The number, the mean and the covariance of rows: all that a Fréchet distance reads of one side.

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
        """Compute the moments in two passes: the mean first, so that nothing cancels.

        Args:
            x: at least 2 rows, float32 or float64; all sums are in float64.

        Example:
            >>> Moments.of(torch.tensor([[0.0], [2.0]], dtype=torch.float64)).covariance
            tensor([[2.]], dtype=torch.float64)
        """
        mean = torch.stack([part.sum(0, dtype=torch.float64) for part in x.split(BLOCK)]).sum(0) / len(x)
        covariance = torch.zeros(x.shape[1], x.shape[1], dtype=torch.float64)
        room = torch.empty(min(len(x), BLOCK), x.shape[1], dtype=torch.float64)
        for part in x.split(BLOCK):
            scatter(covariance, torch.sub(part, mean, out=room[: len(part)]))
        return cls(len(x), mean, covariance.div_(len(x) - 1))


def scatter(total: Float[Tensor, "d d"], u: Float[Tensor, "b d"]) -> None:
    """Add uᵀu to a symmetric matrix, by little more than half of its products.

    Args:
        total: what is added to, in place.
        u: centred rows.
    """
    for first in range(0, u.shape[1], COLUMNS):
        here, later = slice(first, first + COLUMNS), slice(first + COLUMNS, None)
        total[first:, here].addmm_(u[:, first:].T, u[:, here])
        total[here, later] = total[later, here].T
