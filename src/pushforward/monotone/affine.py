"""The affine map with a bounded scale."""

from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor

from pushforward.errors import Refused
from pushforward.monotone.base import Monotone


@dataclass(frozen=True)
class Affine(Monotone):
    """T(x; s, t) = x·exp(b·tanh(s/b)) + t.

    Args:
        bound: b, the largest log-scale: a chain of maps without one overflows where a network is far from its data.
    Source: Dinh et al. (2017), arXiv 1605.08803, equation 7 and the tanh of its section 4.1.
    Example:
        >>> import torch
        >>> Affine()(torch.ones(1), torch.tensor([[0.0, 3.0]]))
        (tensor([4.]), tensor([0.]))
    """

    bound: float = 3.0

    def __post_init__(self) -> None:
        if not self.bound > 0:
            raise Refused(f"bound of Affine must be positive, got {self.bound}.")

    @property
    def size(self) -> int:
        return 2

    def __call__(
        self, x: Float[Tensor, "*n"], p: Float[Tensor, "*n p"]
    ) -> tuple[Float[Tensor, "*n"], Float[Tensor, "*n"]]:
        log_scale, shift = self._parts(p)
        return torch.addcmul(shift, x, log_scale.exp()), log_scale

    def inverse(self, y: Float[Tensor, "*n"], p: Float[Tensor, "*n p"]) -> Float[Tensor, "*n"]:
        log_scale, shift = self._parts(p)
        return (y - shift) * (-log_scale).exp()

    def _parts(self, p: Float[Tensor, "*n p"]) -> tuple[Float[Tensor, "*n"], Float[Tensor, "*n"]]:
        """Return the logarithm of the scale, and the shift."""
        free, shift = p.unbind(-1)
        return self.bound * (free / self.bound).tanh(), shift
