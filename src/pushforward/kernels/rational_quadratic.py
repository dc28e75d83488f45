"""The rational quadratic kernel, summed over its exponents and scales."""

from dataclasses import dataclass
from itertools import product

import torch
from jaxtyping import Float
from torch import Tensor

from pushforward.kernels.bandwidth import Bandwidth, as_numbers, positive
from pushforward.kernels.radial import Radial, column


@dataclass(frozen=True)
class RationalQuadratic(Radial):
    """k(x, y) = Σ_α,ℓ (1 + ‖x − y‖² / 2αℓ²)^(−α).

    Characteristic; a mixture of Gaussians over all scales, with polynomial tails, so that gradients reach far points.

    Args:
        alpha: α, each above 0; small is heavy-tailed; several are summed.
        bandwidth: ℓ, above 0; several are summed, each with every α; `Median()` takes it from the data.
    Source: Bińkowski et al. (2018), arXiv 1801.01401, section 4 (α in {0.2, 0.5, 1, 2, 5}, ℓ = 1).
    Example:
        >>> RationalQuadratic(1.0)(torch.zeros(1, 1), torch.ones(1, 1)).item()  # 2/3
        0.6666666865348816
    """

    alpha: float | tuple[float, ...] = (0.2, 0.5, 1.0, 2.0, 5.0)
    bandwidth: Bandwidth = 1.0

    def __post_init__(self) -> None:
        self.check()
        object.__setattr__(self, "alpha", positive(self.alpha, "alpha", "RationalQuadratic"))

    def kappas(self, s: Float[Tensor, "*shape"]) -> Float[Tensor, "c *shape"]:
        return self._power(s, 0)

    def dkappas(self, s: Float[Tensor, "*shape"]) -> Float[Tensor, "c *shape"]:
        return column((-0.5 / b**2 for _, b in self._pairs()), s) * self._power(s, 1)

    def ddkappas(self, s: Float[Tensor, "*shape"]) -> Float[Tensor, "c *shape"]:
        return column(((a + 1) / (4 * a * b**4) for a, b in self._pairs()), s) * self._power(s, 2)

    def _power(self, s: Tensor, order: int) -> Tensor:
        """(1 + s/2αℓ²)^(−α−order), as exp of log1p: faster than a power, and accurate for small s."""
        stretch = column((0.5 / (a * b**2) for a, b in self._pairs()), s)
        return torch.exp(torch.log1p(s.unsqueeze(0) * stretch) * column((-a - order for a, _ in self._pairs()), s))

    def _pairs(self) -> list[tuple[float, float]]:
        return list(product(as_numbers(self.alpha, "RationalQuadratic"), self.scales()))
