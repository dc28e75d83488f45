"""The scaling by a bound of the witness's norm: scaled MMD and scaled WGAN."""

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from pushforward import ranks
from pushforward.critics.base import Constraint, View
from pushforward.critics.diagonal import diagonal, kernel, terms
from pushforward.critics.slopes import along, refuse_batch_norm, rows, uniform
from pushforward.discrepancies import Discrepancy
from pushforward.errors import Refused


@dataclass(frozen=True)
class Scaling(Constraint):
    """D becomes σ²·D (σ·D for a D of degree 1), σ⁻² = ridge + height·E k(x,x) + slope·E Σ_i ∂_i ∂_i′ k(x,x) over data.

    The witness is divided by an upper bound of its norm in L²(P), with its slope: with both weights 1 the value is a
    lower bound of `GradientConstrained` with the same ridge. k is the kernel on the critic's outputs, so the last term
    is b·E‖∇f‖_F², b = −2κ′(0) for radial kernels and 1 for the linear one. Critic and sampler see the scale; it is no
    tax.

    Args:
        ridge: λ, at least 0.
        height: weight of E k(x,x), at least 0.
        slope: weight of the derivatives, positive; the released code's 10.
        exact: compute the norm of the Jacobian with one pass an output; else estimate it without bias in one pass,
            along random signs, which is exact for one output.
    Source: Arbel et al. (2018), proposition 3 and released code.
    """

    ridge: float = 0.0
    height: float = 1.0
    slope: float = 10.0
    exact: bool = True
    slopes = True

    def __post_init__(self) -> None:
        if not (self.ridge >= 0 and self.height >= 0 and self.slope > 0):
            numbers = f"{self.ridge}, {self.height} and {self.slope}"
            raise Refused(f"ridge and height of Scaling must be at least 0 and slope positive, got {numbers}.")

    def suits(self, D: Discrepancy) -> None:
        list(terms(kernel(D, "Scaling"), "Scaling"))

    def attach(self, f: nn.Module) -> None:
        refuse_batch_norm(f, "Scaling")

    def scale(self, v: View, value: Tensor) -> Tensor:
        precision = self.precision(v)
        return value / (precision if v.D.degree == 2 else precision.sqrt())

    def precision(self, v: View) -> Tensor:
        """σ⁻² over the data of all processes, a constant for the sampler."""
        c, a, b = diagonal(kernel(v.D, "Scaling"), "Scaling")
        fx = v.own_fx if v.own_fx.dtype.itemsize >= 4 else v.own_fx.float()
        norms = self.height * a * fx.square().sum(1) + self.slope * b * self._jacobian(v)
        precision = self.ridge + self.height * c + ranks.gather(norms).mean()
        return precision if v.learns else precision.detach()

    def _jacobian(self, v: View) -> Tensor:
        """‖∇f(x_i)‖_F², or an estimate of it."""
        if self.exact:
            return torch.stack([row.square().sum(1) for row in rows(v, v.learns)]).sum(0)
        signs = (uniform(v.own_fx, v.own_fx.shape[1]) < 0.5).to(v.own_fx.dtype) * 2 - 1
        return along(v, signs, v.learns).square().sum(1)
