"""The map whose law is a mixture of logistic laws."""

from dataclasses import dataclass
from math import log
from typing import ClassVar

import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn.functional import logsigmoid

from pushforward.errors import Refused
from pushforward.monotone.base import Monotone

SPREAD = 2.0
"""Where means begin: evenly between −SPREAD and SPREAD, in the standard deviations of standardised data."""

SMALLEST = -7.0
"""The least logarithm of a component's scale: nothing is gained by a narrower one but an overflow."""

STEPS = 60
"""Halvings of the bracket after which an inverse in float64 has no digit left to gain; most end far earlier."""


@dataclass(frozen=True)
class LogisticMixture(Monotone):
    """T(x; p) = logit F(x) with F(x) = Σ_k w_k σ((x − m_k)/s_k), a mixture of K logistic laws.

    Of p the first K are the logits of w, then the shifts of m from evenly spaced means, then the logarithms of s,
    relative to that spacing. T is computed as log F − log(1 − F), each a log-sum of its own, with digits in both tails.

    T⁻¹(y) lies between the least and the largest of m_k + s_k·y, the inverses of single components: from there by
    Newton's steps, or halves of the bracket where these leave it. Its gradient is that of the implicit function.

    Args:
        components: K, at least 1.
    Source: Ho et al. (2019), arXiv 1902.00275, section 3.2, for the coupling; the bracket and log-sums are ours.
    Example:
        >>> import torch
        >>> T, p = LogisticMixture(3), torch.zeros(1, 9)
        >>> y, _ = T(torch.tensor([0.7]), p)
        >>> round(T.inverse(y, p).item(), 5)
        0.7
    """

    scale: ClassVar[float] = 1.0

    components: int = 8

    def __post_init__(self) -> None:
        if self.components < 1:
            raise Refused(f"components of LogisticMixture must be at least 1, got {self.components}.")

    @property
    def size(self) -> int:
        return 3 * self.components

    def __call__(
        self, x: Float[Tensor, "*n"], p: Float[Tensor, "*n p"]
    ) -> tuple[Float[Tensor, "*n"], Float[Tensor, "*n"]]:
        return _map(x, *self.parts(p))

    def inverse(self, y: Float[Tensor, "*n"], p: Float[Tensor, "*n p"]) -> Float[Tensor, "*n"]:
        parts = self.parts(p)
        with torch.no_grad():
            x = _solved(y, *parts)
            slope = _map(x, *parts)[1].exp()
        reached = _map(x, *parts)[0]
        return x - (reached - y) / slope  # the value of one more of Newton's steps, the gradient of the inverse

    def parts(
        self, p: Float[Tensor, "*n p"]
    ) -> tuple[Float[Tensor, "*n K"], Float[Tensor, "*n K"], Float[Tensor, "*n K"]]:
        """Return log w, m and log s of every component."""
        k = self.components
        logits, shifts, scales = p.unflatten(-1, (3, k)).unbind(-2)
        means = torch.linspace(-SPREAD, SPREAD, k, dtype=p.dtype, device=p.device) if k > 1 else p.new_zeros(1)
        width = 2 * SPREAD / k if k > 1 else 1.0
        return (
            logits.log_softmax(-1),
            means + shifts,
            (scales + log(width) / 2).clamp(min=SMALLEST),
        )


def _map(
    x: Float[Tensor, "*n"], log_w: Float[Tensor, "*n K"], m: Float[Tensor, "*n K"], log_s: Float[Tensor, "*n K"]
) -> tuple[Float[Tensor, "*n"], Float[Tensor, "*n"]]:
    """Return logit F and its logarithmic slope, log f − log F − log(1 − F)."""
    v = (x[..., None] - m) * (-log_s).exp()
    below = logsigmoid(v)
    above = below - v  # logsigmoid(−v)
    log_F, log_rest = (log_w + below).logsumexp(-1), (log_w + above).logsumexp(-1)
    log_f = (log_w + below + above - log_s).logsumexp(-1)
    return log_F - log_rest, log_f - log_F - log_rest


def _solved(
    y: Float[Tensor, "*n"], log_w: Float[Tensor, "*n K"], m: Float[Tensor, "*n K"], log_s: Float[Tensor, "*n K"]
) -> Float[Tensor, "*n"]:
    """Return the inverse to the last digits of the type."""
    ends = m + log_s.exp() * y[..., None]
    low, high = ends.amin(-1), ends.amax(-1)
    x = (low + high) / 2
    rounding = 4 * torch.finfo(y.dtype).eps
    for _ in range(STEPS):
        reached, log_slope = _map(x, log_w, m, log_s)
        low, high = torch.where(reached < y, x, low), torch.where(reached < y, high, x)
        newton = x - (reached - y) * (-log_slope).exp()
        inside = (newton > low) & (newton < high)
        new = torch.where(inside, newton, (low + high) / 2)
        done = (new - x).abs() <= rounding * (1 + x.abs())
        x = new
        if bool(done.all()):
            break
    return x
