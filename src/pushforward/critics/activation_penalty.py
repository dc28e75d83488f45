"""A penalty on the size of a critic's activations."""

from dataclasses import dataclass

import torch
from torch import Tensor

from pushforward.critics.base import Constraint, View
from pushforward.critics.gradient_penalty import check_weight


@dataclass(frozen=True)
class ActivationPenalty(Constraint):
    """weight·Σ_layers (E a(x)² + E a(y)²), a the outputs of the critic's linear maps and convolutions.

    It changes no witness by itself: it keeps features within floating point where a kernel's exact loss does not mind
    their scale, as with the linear kernel added to the rational quadratic one.

    Args:
        weight: at least 0; 1 for rq*, 0.0001 for the distance kernel.
    Source: Bińkowski et al. (2018), section 4.
    Differs: squares are taken before the rectifiers.
    """

    weight: float = 1.0
    layers = True

    def __post_init__(self) -> None:
        check_weight(self.weight, "ActivationPenalty")

    def tax(self, v: View) -> Tensor:
        outputs = (a if a.dtype.itemsize >= 4 else a.float() for a in v.activations)
        return self.weight * torch.stack([a.square().mean() for a in outputs]).sum()
