"""The exact transport of two samples of any sizes on the line, by the pieces on which both quantile functions rest."""

from dataclasses import dataclass

import torch
from jaxtyping import Float, Int
from torch import Tensor


@dataclass(frozen=True, eq=False)
class QuantilePieces:
    """The pieces on which both quantile functions are constant.

    Args:
        weight: length of each piece.
        i: rank of x there.
        j: rank of y there.
        n: rows of x.
        m: rows of y.
    """

    weight: Float[Tensor, " pieces"]
    i: Int[Tensor, " pieces"]
    j: Int[Tensor, " pieces"]
    n: int
    m: int

    @classmethod
    def of(cls, n: int, m: int) -> "QuantilePieces":
        """Divide the unit interval at k/n and k/m; in units of 1/nm these are integers and coincide exactly."""
        ends = torch.cat([torch.arange(1, n + 1) * m, torch.arange(1, m + 1) * n]).unique()
        starts = torch.cat([ends.new_zeros(1), ends[:-1]])
        return cls((ends - starts).double() / (n * m), starts // m, starts // n, n, m)

    def matched(
        self, a: Float[Tensor, "n l"], b: Float[Tensor, "m l"]
    ) -> tuple[Float[Tensor, "pieces l"], Float[Tensor, "pieces l"]]:
        """Return which value of a goes to which of b on each piece, column by column; differentiable in both."""
        return a.sort(0).values[self.i], b.sort(0).values[self.j]

    def transport(self, a: Float[Tensor, " n"], b: Float[Tensor, " m"]) -> tuple[float, Tensor, Tensor]:
        """Return W₂² on the line and both potentials, up to constants, in the order of the given rows."""
        (sorted_a, of_a), (sorted_b, of_b) = a.sort(), b.sort()
        matched_a, matched_b = sorted_a[self.i], sorted_b[self.j]
        value = float(self.weight @ (matched_a - matched_b).square())
        to_b = self.n * torch.zeros_like(a).index_add_(0, self.i, self.weight * matched_b)
        to_a = self.m * torch.zeros_like(b).index_add_(0, self.j, self.weight * matched_a)
        return value, potential(sorted_a, to_b)[_places(of_a)], potential(sorted_b, to_a)[_places(of_b)]


def potential(points: Tensor, images: Tensor) -> Tensor:
    """Return ∫ 2(t − T(t)) dt at every point, by trapezia between neighbours.

    Args:
        points: in rising order.
        images: T of each, the mean of where it goes.
    """
    slope = 2 * (points - images)
    return torch.cat([points.new_zeros(1), ((slope[1:] + slope[:-1]) / 2 * points.diff()).cumsum(0)])


def _places(order: Tensor) -> Tensor:
    """Return the rank of each row, of the rows in rising order."""
    return torch.empty_like(order).scatter_(0, order, torch.arange(len(order), device=order.device))
