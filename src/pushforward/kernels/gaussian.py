"""The Gaussian kernel, of one bandwidth or summed over several."""

from dataclasses import dataclass

from jaxtyping import Float
from torch import Tensor

from pushforward.kernels.bandwidth import Bandwidth
from pushforward.kernels.radial import Radial, column


@dataclass(frozen=True)
class Gaussian(Radial):
    """k(x, y) = Σ_σ exp(−‖x − y‖² / 2σ²).

    Characteristic. Both it and its gradient vanish exponentially, so points a few bandwidths apart feel nothing: give
    several scales, or the median heuristic.

    Args:
        bandwidth: σ, above 0; several are summed; `Median()` takes it from the data.
    Source: Gretton et al. (2012), JMLR 13; the mixtures: Li, Swersky, Zemel (2015), arXiv 1502.02761.
    Differs: GMMN's code divides by 2σ, not by 2σ²; its numbers enter here as their square roots.
    Example:
        >>> import torch
        >>> Gaussian(2.0)(torch.zeros(1, 1), torch.full((1, 1), 2.0)).item()  # e^(-1/2)
        0.6065306663513184
    """

    bandwidth: Bandwidth = 1.0

    def __post_init__(self) -> None:
        self.check()

    def kappas(self, s: Float[Tensor, "*shape"]) -> Float[Tensor, "c *shape"]:
        return (s.unsqueeze(0) * self._rate(s)).exp_()

    def dkappas(self, s: Float[Tensor, "*shape"]) -> Float[Tensor, "c *shape"]:
        return self._rate(s) * self.kappas(s)

    def ddkappas(self, s: Float[Tensor, "*shape"]) -> Float[Tensor, "c *shape"]:
        return self._rate(s) ** 2 * self.kappas(s)

    def _rate(self, s: Tensor) -> Tensor | float:
        return column((-0.5 / b**2 for b in self.scales()), s)
