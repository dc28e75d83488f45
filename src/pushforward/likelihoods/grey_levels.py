"""The laws on equally spaced levels that mixtures of logistic laws give: their masses, and their inverse CDF."""

from dataclasses import dataclass
from math import ceil, log2

import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn.functional import softplus

from pushforward.errors import Refused

MEANS = (-0.2, 1.2)
"""Where means begin, in shares of the way from the lowest level to the highest: evenly, and beyond both."""

LOG_SCALE = -2.5
"""Where the logarithm of a scale begins, in the same shares."""

SMALLEST = -7.0
"""The least one: a quarter of a level of 256, below which nothing is gained."""


@dataclass(frozen=True)
class GreyLevels:
    """P(k) = ε/L + (1 − ε)·(F((k + 1)/L) − F(k/L)), k = 0, …, L − 1, F a mixture of logistic CDFs; tails in end levels.

    Spread evenly over its level each mass is a density, of which F is the CDF, linear within a level; so noise that is
    uniform over a level costs nothing, and the bound on the probability of grey values is tight.

    Args:
        components: number of logistic laws, at least 1.
        floor: ε in [0, 1), a share of the uniform law, without which one level that was never seen costs everything.
    Source: Salimans et al. (2017), arXiv 1701.05517, section 2.1, for masses of mixtures of logistic laws.
    Differs: the floor.
    """

    components: int = 5
    floor: float = 1e-3

    def __post_init__(self) -> None:
        if self.components < 1:
            raise Refused(f"components of GreyLevels must be at least 1, got {self.components}.")
        if not 0 <= self.floor < 1:
            raise Refused(f"floor of GreyLevels must lie in [0, 1), got {self.floor}.")

    @property
    def size(self) -> int:
        """The number of parameters of one law; a single component has no weight."""
        return 3 * self.components if self.components > 1 else 2

    def log_mass(self, k: Float[Tensor, "*n"], p: Float[Tensor, "*n p"], levels: int) -> Float[Tensor, "*n"]:
        """Return log P(k).

        Args:
            k: whole numbers from 0 to levels − 1.
            p: parameters of each.
            levels: L.
        """
        w, m, rate = self._parts(p)
        below = self._cdf(k, w, m, rate, levels)
        above = self._cdf(k + 1, w, m, rate, levels)
        return (self.floor / levels + (1 - self.floor) * (above - below).clamp(min=0)).log()  # rounding may be below 0

    def quantile(self, u: Float[Tensor, "*n"], p: Float[Tensor, "*n p"], levels: int) -> Float[Tensor, "*n"]:
        """Return the k in whose interval of cumulated masses u lies, without the floor: a search by halves.

        Without it, since a speck of salt in every thousandth pixel is what one sees first of the uniform share.

        Args:
            u: in [0, 1).
            p: parameters of each.
            levels: L.
        """
        parts = self._parts(p)
        low, high = torch.zeros_like(u), torch.full_like(u, levels)
        for _ in range(ceil(log2(levels)) + 1):
            middle = ((low + high) / 2).floor()
            reached = self._cdf(middle, *parts, levels) <= u
            low, high = torch.where(reached, middle, low), torch.where(reached, high, middle)
        return low.clamp(max=levels - 1)

    def mean(self, p: Float[Tensor, "*n p"]) -> Float[Tensor, "*n"]:
        """Return E min(max(X, 0), 1) for X of law F, in shares of the way: ∫ (1 − F) over [0, 1].

        Args:
            p: parameters of each.
        """
        w, m, rate = self._parts(p)
        return (w * (softplus(m * rate) - softplus((m - 1) * rate)) / rate).sum(-1)

    def _cdf(self, k: Tensor, w: Tensor, m: Tensor, rate: Tensor, levels: int) -> Float[Tensor, "*n"]:
        """Return the sum of masses below k: 0 below the first level, 1 below one after the last."""
        F = (w * torch.sigmoid((k[..., None] / levels - m) * rate)).sum(-1)
        return torch.where(k <= 0, 0.0, torch.where(k >= levels, 1.0, F))

    def _parts(self, p: Float[Tensor, "*n p"]) -> tuple[Tensor, Tensor, Tensor]:
        """Return w, m and 1/s of every component."""
        *weights, shifts, scales = p.unflatten(-1, (-1, self.components)).unbind(-2)
        means = torch.linspace(*MEANS, self.components + 2, dtype=p.dtype, device=p.device)[1:-1]
        w = weights[0].softmax(-1) if weights else torch.ones_like(shifts)
        return w, means + shifts, (-(scales + LOG_SCALE).clamp(min=SMALLEST)).exp()
