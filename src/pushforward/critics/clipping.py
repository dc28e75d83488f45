"""The clipping of a critic's weights to an interval."""

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from pushforward.critics.autoencoder import Autoencoder
from pushforward.critics.base import Constraint
from pushforward.errors import Refused


@dataclass(frozen=True)
class Clipping(Constraint):
    """Clip every parameter of the critic to [−bound, bound] before its next step; of an autoencoder, the encoder's.

    It bounds the witness's slope by a constant nobody knows, and drives the singular values of the layers apart.

    Args:
        bound: largest absolute value, positive.
    Source: Arjovsky et al. (2017), Algorithm 1; Li et al. (2017), released code, for the encoder.
    """

    bound: float = 0.01

    def __post_init__(self) -> None:
        if not self.bound > 0:
            raise Refused(f"bound of Clipping must be positive, got {self.bound}.")

    @torch.no_grad()
    def project(self, f: nn.Module) -> None:
        clipped = f.encoder if isinstance(f, Autoencoder) else f
        parameters: list[Tensor] = list(clipped.parameters())
        torch._foreach_clamp_min_(parameters, -self.bound)
        torch._foreach_clamp_max_(parameters, self.bound)
