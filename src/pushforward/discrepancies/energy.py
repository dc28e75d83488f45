"""The energy distance, twice the MMD² of the distance kernel."""

from dataclasses import dataclass

from jaxtyping import Float
from torch import Tensor

from pushforward.discrepancies.base import Discrepancy
from pushforward.discrepancies.estimators import Estimate, Estimator
from pushforward.discrepancies.mmd import MMD
from pushforward.discrepancies.quadratic import Unbiased
from pushforward.kernels import Distance


@dataclass(frozen=True)
class Energy(Discrepancy):
    """D = 2·E‖x − y‖^β − E‖x − x′‖^β − E‖y − y′‖^β: twice the MMD² of the distance kernel.

    Zero only for P = Q; nothing to choose. In one dimension, β = 1, it is twice the squared L2 distance of the
    distribution functions (Cramér's).

    Args:
        exponent: β, between 0 and 2, both excluded.
        estimator: how the expectations are estimated.
    Source: Székely and Rizzo (2013), doi 10.1016/j.jspi.2013.03.018.
    Example:
        >>> import torch
        >>> from pushforward.discrepancies import Biased
        >>> Energy(estimator=Biased())(torch.zeros(1, 1), torch.ones(1, 1)).item()  # 2t for points t apart
        2.0
    """

    exponent: float = 1.0
    estimator: Estimator = Unbiased()
    degree = 2

    def __post_init__(self) -> None:
        Distance(self.exponent)

    @property
    def mmd(self) -> MMD:
        """The MMD² whose double the energy distance is."""
        return MMD(Distance(self.exponent), self.estimator)

    @property
    def paired(self) -> bool:  # type: ignore[override]
        return self.estimator.paired

    def __call__(self, x: Float[Tensor, "n d"], y: Float[Tensor, "m d"]) -> Float[Tensor, ""]:
        return 2 * self.mmd(x, y)

    def witness(self, h: Float[Tensor, "l d"], x: Float[Tensor, "n d"], y: Float[Tensor, "m d"]) -> Float[Tensor, " l"]:
        """mean_j ‖h − y_j‖^β − mean_i ‖h − x_i‖^β, plus a constant."""
        return 2 * self.mmd.witness(h, x, y)

    def estimate(self, x: Float[Tensor, "n d"], y: Float[Tensor, "m d"], block: int | None = None) -> Estimate:
        """Return value and variance of twice the MMD²; arguments as in `MMD.estimate`."""
        half = self.mmd.estimate(x, y, block)
        return Estimate(2 * half.value, 4 * half.variance)
