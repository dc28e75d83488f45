"""The table of f-divergences, each row of it a value."""

from dataclasses import dataclass
from math import log

import torch
from torch import Tensor
from torch.nn.functional import softplus

from pushforward.discrepancies.divergence import Divergence
from pushforward.errors import Refused


@dataclass(frozen=True)
class ForwardKL(Divergence):
    """f(u) = u·log u: KL(P‖Q); its best Gaussian has the data's moments."""

    def f(self, u: Tensor) -> Tensor:
        return torch.xlogy(u, u)

    def activation(self, v: Tensor) -> Tensor:
        return v

    def conjugate(self, v: Tensor) -> Tensor:
        return torch.exp(v - 1)

    def log_ratio(self, v: Tensor) -> Tensor:
        return v - 1


@dataclass(frozen=True)
class ReverseKL(Divergence):
    """f(u) = −log u: KL(Q‖P), which prefers one mode well to all of them badly."""

    def f(self, u: Tensor) -> Tensor:
        return -u.log()

    def activation(self, v: Tensor) -> Tensor:
        return -torch.exp(-v)

    def conjugate(self, v: Tensor) -> Tensor:
        return v - 1

    def log_ratio(self, v: Tensor) -> Tensor:
        return v


@dataclass(frozen=True)
class Pearson(Divergence):
    """f(u) = (u − 1)²: Pearson's χ².

    Differs: f* is −1 below t = −2, exact for ratios u ≥ 0, where the paper's parabola t²/4 + t grows again.
    """

    def f(self, u: Tensor) -> Tensor:
        return (u - 1).square()

    def activation(self, v: Tensor) -> Tensor:
        return v

    def conjugate(self, v: Tensor) -> Tensor:
        return (1 + v / 2).clamp(min=0).square() - 1

    def log_ratio(self, v: Tensor) -> Tensor:
        return _log(1 + v / 2)


@dataclass(frozen=True)
class Neyman(Divergence):
    """f(u) = (1 − u)²/u: Neyman's χ²."""

    def f(self, u: Tensor) -> Tensor:
        return (1 - u).square() / u

    def activation(self, v: Tensor) -> Tensor:
        return -torch.expm1(-v)

    def conjugate(self, v: Tensor) -> Tensor:
        return -2 * torch.expm1(-v / 2)

    def log_ratio(self, v: Tensor) -> Tensor:
        return v / 2


@dataclass(frozen=True)
class SquaredHellinger(Divergence):
    """f(u) = (√u − 1)²: the squared Hellinger distance, at most 2."""

    def f(self, u: Tensor) -> Tensor:
        return (u.sqrt() - 1).square()

    def activation(self, v: Tensor) -> Tensor:
        return -torch.expm1(-v)

    def conjugate(self, v: Tensor) -> Tensor:
        return torch.expm1(v)

    def log_ratio(self, v: Tensor) -> Tensor:
        return 2 * v


@dataclass(frozen=True)
class JS(Divergence):
    """f(u) = u·log u − (u + 1)·log((u + 1)/2): twice the Jensen–Shannon divergence."""

    def f(self, u: Tensor) -> Tensor:
        return torch.xlogy(u, u) - (u + 1) * ((u + 1) / 2).log()

    def activation(self, v: Tensor) -> Tensor:
        return log(2) - softplus(-v)

    def conjugate(self, v: Tensor) -> Tensor:
        return softplus(v) - log(2)

    def log_ratio(self, v: Tensor) -> Tensor:
        return v


@dataclass(frozen=True)
class GAN(Divergence):
    """f(u) = u·log u − (u + 1)·log(u + 1): twice the Jensen–Shannon divergence less log 4."""

    def f(self, u: Tensor) -> Tensor:
        return torch.xlogy(u, u) - (u + 1) * (u + 1).log()

    def activation(self, v: Tensor) -> Tensor:
        return -softplus(-v)

    def conjugate(self, v: Tensor) -> Tensor:
        return softplus(v)

    def log_ratio(self, v: Tensor) -> Tensor:
        return v


@dataclass(frozen=True)
class TotalVariation(Divergence):
    """f(u) = ½·|u − 1|: the total variation distance; the best critic knows the sign of log p/q and no more."""

    def f(self, u: Tensor) -> Tensor:
        return (u - 1).abs() / 2

    def activation(self, v: Tensor) -> Tensor:
        return v.tanh() / 2

    def conjugate(self, v: Tensor) -> Tensor:
        return v.tanh() / 2

    def log_ratio(self, v: Tensor) -> None:
        return None


@dataclass(frozen=True)
class Jeffreys(Divergence):
    """f(u) = (u − 1)·log u: KL(P‖Q) + KL(Q‖P); the bound is the sum of the two bounds, at the same log-ratio v.

    Differs: the activation is v + 1 − e^{−v}, the derivative f′ at u = e^v, under which f* is e^v + v − 1, where the
    paper's is v, whose f* needs Lambert's W and whose best critic, log u + 1 − 1/u, explodes where data are rare.
    """

    def f(self, u: Tensor) -> Tensor:
        return (u - 1) * u.log()

    def activation(self, v: Tensor) -> Tensor:
        return v - torch.expm1(-v)

    def conjugate(self, v: Tensor) -> Tensor:
        return v + torch.expm1(v)

    def log_ratio(self, v: Tensor) -> Tensor:
        return v


@dataclass(frozen=True)
class Alpha(Divergence):
    """f(u) = (u^α − 1 − α(u − 1)) / α(α − 1): forward KL as α → 1, reverse KL as α → 0, half of Pearson's χ² at 2.

    Args:
        alpha: α, above 0 and not 1.
    Source: Amari (1985); Nowozin et al. (2016), Table 6, for the activations.
    """

    alpha: float = 0.5

    def __post_init__(self) -> None:
        if not self.alpha > 0 or self.alpha == 1:
            raise Refused(
                f"alpha of Alpha must be above 0 and not 1, got {self.alpha}; its limits are ReverseKL and ForwardKL."
            )

    def f(self, u: Tensor) -> Tensor:
        a = self.alpha
        return (u**a - 1 - a * (u - 1)) / (a * (a - 1))

    def activation(self, v: Tensor) -> Tensor:
        return v if self.alpha > 1 else 1 / (1 - self.alpha) - softplus(-v)

    def conjugate(self, v: Tensor) -> Tensor:
        a = self.alpha
        return (self._base(v) ** (a / (a - 1)) - 1) / a

    def log_ratio(self, v: Tensor) -> Tensor:
        return _log(self._base(v)) / (self.alpha - 1)

    def _base(self, v: Tensor) -> Tensor:
        """(α − 1)·g(v) + 1 = u^(α−1), which no ratio makes negative."""
        a = self.alpha
        return ((a - 1) * v + 1).clamp(min=0) if a > 1 else (1 - a) * softplus(-v)


def _log(u: Tensor) -> Tensor:
    """Return log u, and that of the smallest positive number where a critic far from its best gives u ≤ 0."""
    return u.clamp(min=torch.finfo(u.dtype).tiny).log()
