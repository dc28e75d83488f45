"""The Laplacian kernel, of one scale or summed over several."""

from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor

from pushforward.kernels.bandwidth import Bandwidth
from pushforward.kernels.pairwise import root
from pushforward.kernels.radial import Radial, column


@dataclass(frozen=True)
class Laplacian(Radial):
    """k(x, y) = Σ_ℓ exp(−‖x − y‖ / ℓ).

    Characteristic, and heavier-tailed than the Gaussian. It has a kink at x = y: automatic derivatives are zero there,
    while κ′(0) = −∞ and κ″(0) = +∞, and so do `dkappa` and `ddkappa` say.

    Args:
        bandwidth: ℓ, above 0; several are summed; `Median()` takes it from the data.
    Source: Sriperumbudur et al. (2010), JMLR 11.
    Example:
        >>> Laplacian(2.0)(torch.zeros(1, 1), torch.full((1, 1), 2.0)).item()  # 1/e
        0.3678794503211975
    """

    bandwidth: Bandwidth = 1.0

    def __post_init__(self) -> None:
        self.check()

    def kappas(self, s: Float[Tensor, "*shape"]) -> Float[Tensor, "c *shape"]:
        return torch.exp(root(s).unsqueeze(0) * self._rate(s))

    def dkappas(self, s: Float[Tensor, "*shape"]) -> Float[Tensor, "c *shape"]:
        return self._rate(s) / (2 * s.sqrt()) * self.kappas(s)

    def ddkappas(self, s: Float[Tensor, "*shape"]) -> Float[Tensor, "c *shape"]:
        rate, r = self._rate(s), s.sqrt()
        return (rate**2 / (4 * s) - rate / (4 * s * r)) * self.kappas(s)

    def _rate(self, s: Tensor) -> Tensor | float:
        return column((-1 / b for b in self.scales()), s)
