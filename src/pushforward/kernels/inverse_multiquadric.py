"""The inverse multiquadric kernel, of one scale or summed over several."""

from dataclasses import dataclass

from jaxtyping import Float
from torch import Tensor

from pushforward.kernels.bandwidth import Bandwidth
from pushforward.kernels.radial import Radial, column


@dataclass(frozen=True)
class InverseMultiquadric(Radial):
    """k(x, y) = Σ_ℓ C / (C + ‖x − y‖²), C = ℓ².

    Characteristic, with polynomial tails: distant points still attract. The kernel of Wasserstein autoencoders.

    Args:
        bandwidth: ℓ, above 0; several are summed; `Median()` takes it from the data.
    Source: Tolstikhin et al. (2018), arXiv 1711.01558, section 4.
    Example:
        >>> import torch
        >>> InverseMultiquadric(2.0)(torch.zeros(1, 1), torch.full((1, 1), 2.0)).item()
        0.5
    """

    bandwidth: Bandwidth = 1.0

    def __post_init__(self) -> None:
        self.check()

    def kappas(self, s: Float[Tensor, "*shape"]) -> Float[Tensor, "c *shape"]:
        return 1 / (1 + s.unsqueeze(0) * self._rate(s))

    def dkappas(self, s: Float[Tensor, "*shape"]) -> Float[Tensor, "c *shape"]:
        return -self._rate(s) * self.kappas(s) ** 2

    def ddkappas(self, s: Float[Tensor, "*shape"]) -> Float[Tensor, "c *shape"]:
        return 2 * self._rate(s) ** 2 * self.kappas(s) ** 3

    def _rate(self, s: Tensor) -> Tensor | float:
        return column((1 / b**2 for b in self.scales()), s)
