"""The logarithm of Lambert's W, twice differentiable."""

from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor

# From the right of the root of a convex function Newton's method only falls; this many steps reach rounding error.
STEPS = 10


def log_lambert(s: Float[Tensor, "*shape"]) -> Float[Tensor, "*shape"]:
    """w with w + eʷ = s, that is log W₀(eˢ).

    Source: Corless et al. (1996), Advances in Computational Mathematics 5.
    Example:
        >>> round(log_lambert(torch.ones(())).item(), 6)  # W₀(e) = 1
        0.0
    """
    found: Tensor = _LogLambert.apply(s)
    return found


class _LogLambert(torch.autograd.Function):
    """Newton's method forwards, dw/ds = 1/(1 + eʷ) backwards."""

    @staticmethod
    def forward(ctx: Any, s: Tensor) -> Tensor:
        w = torch.where(s > 1, s.clamp(min=1).log(), s)
        for _ in range(STEPS):
            w = w - (w + w.exp() - s) / (1 + w.exp())
        ctx.save_for_backward(w)
        return w

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> Any:
        (w,) = ctx.saved_tensors
        return gradients[0] * torch.sigmoid(-w)
