"""The inverse of the empirical CDF, coordinate by coordinate."""

from collections.abc import Sequence

import torch
from jaxtyping import Float, Int64
from torch import Tensor

from pushforward.samplers.kept_rows import KeptRows
from pushforward.spaces import Batch


class EmpiricalCDF(KeptRows):
    """x_i = F_i⁻¹(u_i), u uniform, F_i the empirical CDF of coordinate i, linear between its sorted values.

    F_i takes the j-th of n sorted values to (j − 1)/(n − 1), and its inverse is the sample's quantile. The density is
    1/((n − 1)·gap) in the gap between two values, and 0 below the first and above the last. In one dimension it is the
    inverse CDF itself; in more, coordinates are independent, whatever they are in the data.

    Args:
        shape: of a point.
        rows: n, whose places are filled when it is fitted.
    Source: Hyndman and Fan (1996), The American Statistician 50, definition 7 of a quantile.
    """

    exact = True

    def __init__(self, shape: Sequence[int], rows: int = 2):
        super().__init__(shape, rows)

    def put(self, rows: Float[Tensor, "n d"]) -> None:
        """Take these rows, at least two."""
        if len(rows) != len(self.rows):
            self.reserve(len(rows))
        self.rows.copy_(rows.sort(0).values)

    def draw_noise(self, n: int) -> Float[Tensor, "n k"]:
        return torch.rand(n, self.rows.shape[1], device=self.device)

    def push(self, z: Float[Tensor, "n k"], label: Tensor | None = None) -> Tensor:
        place = z.double() * (len(self.rows) - 1)
        i = place.long().clamp(0, len(self.rows) - 2)
        x = torch.lerp(self.rows.gather(0, i), self.rows.gather(0, i + 1), place - i)
        return x.to(z).view(-1, *self.shape)

    def log_prob(self, x: Batch) -> Float[Tensor, " n"]:
        """Return −Σ_i log((n − 1)·gap), in float64; −∞ beyond the first and last value of some coordinate."""
        at = x.x.flatten(1).double()
        i = self._gap(at)
        gap = self.rows.gather(0, i + 1) - self.rows.gather(0, i)
        inside = ((at >= self.rows[0]) & (at <= self.rows[-1])).all(1)
        return torch.where(inside, -((len(self.rows) - 1) * gap).log().sum(1), -torch.inf)

    def codes(self, x: Batch) -> Float[Tensor, "n k"]:
        """Return F_i(x_i): 0 below the first value and 1 above the last."""
        at = x.x.flatten(1).double()
        i = self._gap(at)
        low, high = self.rows.gather(0, i), self.rows.gather(0, i + 1)
        return ((i + (at - low) / (high - low)) / (len(self.rows) - 1)).clamp(0, 1)

    def decode(self, codes: Float[Tensor, "n k"], label: Tensor | None = None) -> Tensor:
        """Return the quantiles of the codes."""
        return self.push(codes, label)

    def _gap(self, at: Float[Tensor, "n d"]) -> Int64[Tensor, "n d"]:
        """Return the number of the value below each point, the last that another one follows at some distance."""
        values = self.rows.T.contiguous()
        below = torch.searchsorted(values, at.T.contiguous(), right=True).T - 1
        last = torch.searchsorted(values, values[:, -1:].contiguous()).T - 1
        return torch.minimum(below, last).clamp(min=0)
