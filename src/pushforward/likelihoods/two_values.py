"""The nats of points of two values under logits, and their gradient, some rows at a time and nothing repeated."""

from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn.functional import softplus

AT_ONCE = 2**18
"""Logits that are taken at a time, if not those of one point: what a processor keeps at hand."""

EXACT = 40.0
"""Logits from which softplus(v) is v itself, in float64 too."""


def between(x: Tensor, low: float, high: float) -> bool:
    """Return whether a value is neither of the two."""
    return bool(((x != low) & (x != high)).any())


class TwoValueNats(torch.autograd.Function):
    """Σ_i b_i v_ki − softplus(v_ki) of each point's b and each of its K rows of logits; the gradient is b − σ(v).

    Written out as operations on whole batches it passes ten times over memory that is new each time, which costs as
    much as a matrix product does; here the passes are over blocks, and the gradient is the only thing of v's size.
    """

    @staticmethod
    def forward(ctx: Any, b: Float[Tensor, "n d"], v: Float[Tensor, "n k d"]) -> Float[Tensor, "n k"]:
        ctx.save_for_backward(b, v)
        nats = [(w * share).sub_(softplus(w, threshold=EXACT)).sum(2) for share, w in _blocks(b, v)]
        return torch.cat(nats)

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor | None, Tensor]:
        (g,), (b, v) = gradients, ctx.saved_tensors
        of_b = (g.unsqueeze(2) * v).sum(1) if ctx.needs_input_grad[0] else None
        if torch.is_grad_enabled():  # to be differentiated once more
            return of_b, (b.unsqueeze(1) - v.sigmoid()) * g.unsqueeze(2)
        of_v = torch.empty_like(v)
        for (share, w), (minus, out) in zip(_blocks(b, v), _blocks(-g, of_v), strict=True):
            torch.sigmoid(w, out=out).sub_(share).mul_(minus.transpose(1, 2))
        return of_b, of_v


def _blocks(b: Tensor, v: Float[Tensor, "n k d"]) -> list[tuple[Tensor, Tensor]]:
    """Return views of both, some points at a time, the first with a dimension of 1 in the middle."""
    points = max(1, AT_ONCE // max(1, v.shape[1] * v.shape[2]))
    return list(zip(b.unsqueeze(1).split(points), v.split(points), strict=True))
