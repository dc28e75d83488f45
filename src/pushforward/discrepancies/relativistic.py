"""The relativistic loss, which asks of every pair whether this point is more like data than that sample."""

from dataclasses import dataclass

from jaxtyping import Float
from torch import Tensor
from torch.nn.functional import softplus

from pushforward.discrepancies.base import Discrepancy
from pushforward.discrepancies.mean_difference import only_column
from pushforward.errors import Refused


@dataclass(frozen=True)
class Relativistic(Discrepancy):
    """D = −E softplus(−(x − y)) over pairs of rows; a sampler lowers E softplus(−(y − x)).

    No common boundary exists that all samples could sit just beyond, which plain GAN losses allow. Zero-centred
    penalties on both sides make it converge.

    Source: Jolicoeur-Martineau (2019), arXiv 1807.00734; Huang et al. (2024), section 2, arXiv 2501.05441.
    Example:
        >>> import torch
        >>> Relativistic()(torch.zeros(1, 1), torch.zeros(1, 1)).item()  # -log 2
        -0.6931471824645996
    """

    paired = True

    def __call__(self, x: Float[Tensor, "n d"], y: Float[Tensor, "m d"]) -> Float[Tensor, ""]:
        return -softplus(-_gap(x, y)).mean()

    def surrogate(self, x: Float[Tensor, "n d"], y: Float[Tensor, "m d"]) -> Float[Tensor, ""]:
        return softplus(_gap(x, y)).mean()

    def witness(self, h: Float[Tensor, "l d"], x: Float[Tensor, "n d"], y: Float[Tensor, "m d"]) -> Float[Tensor, " l"]:
        """Return the single output of the critic."""
        return only_column(h, "Relativistic")


def _gap(x: Tensor, y: Tensor) -> Tensor:
    if len(x) != len(y):
        raise Refused(f"Relativistic pairs rows and needs as many of x as of y, got {len(x)} and {len(y)}.")
    return only_column(x, "Relativistic") - only_column(y, "Relativistic")
