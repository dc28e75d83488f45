"""The curves in the plane, blurred by Gaussian noise: connected supports, with a density by quadrature."""

from abc import abstractmethod
from dataclasses import dataclass
from math import pi
from typing import ClassVar

import torch
from jaxtyping import Float
from torch import Generator, Tensor

from pushforward.data.toys.base import Law, mixture_log_prob
from pushforward.distributions import Device

# Midpoints along a curve. Their distance, at most 16/4096, is far below the noise, where the rule errs by less than
# its end points do: O(distance²).
NODES = 4096


class Curve(Law):
    """p(x) = ∫₀¹ N(x; γ(t), std² I) dt, with t uniform."""

    std: float

    @property
    def dim(self) -> int:
        return 2

    @abstractmethod
    def at(self, t: Float[Tensor, " n"]) -> Float[Tensor, "n 2"]:
        """Return γ(t), the points of the curve."""

    def draw(self, n: int, generator: Generator | None = None, device: Device = None) -> Float[Tensor, "n 2"]:
        t = torch.rand(n, generator=generator, device=device, dtype=torch.float64)
        return self.at(t).float() + self.std * torch.randn(n, 2, generator=generator, device=device)

    def log_prob(self, x: Float[Tensor, "n 2"]) -> Float[Tensor, " n"]:
        t = (torch.arange(NODES, dtype=torch.float64) + 0.5) / NODES
        return mixture_log_prob(x, self.at(t), self.std)


@dataclass(frozen=True)
class SwissRoll(Curve):
    """γ(t) = radius · a/a₁ · (cos a, sin a) with a = 3π/2 · (1 + 2t), a₁ = 9π/2: one and a half turns.

    Args:
        radius: of the outer end; arms are 0.44 of it apart.
        std: of the noise.
    """

    name: ClassVar[str] = "swiss-roll"

    radius: float = 2.0
    std: float = 0.1

    def at(self, t: Float[Tensor, " n"]) -> Float[Tensor, "n 2"]:
        angle = 1.5 * pi * (1 + 2 * t)
        return (self.radius * angle / (4.5 * pi))[:, None] * torch.stack([angle.cos(), angle.sin()], 1)


@dataclass(frozen=True)
class TwoMoons(Curve):
    """A pair of half circles of radius 1 that reach into each other, centred on 0.

    Args:
        std: of the noise.
    """

    name: ClassVar[str] = "two-moons"

    std: float = 0.1

    def at(self, t: Float[Tensor, " n"]) -> Float[Tensor, "n 2"]:
        angle = pi * ((2 * t) % 1)
        upper = torch.stack([angle.cos() - 0.5, angle.sin() - 0.25], 1)
        lower = torch.stack([0.5 - angle.cos(), 0.25 - angle.sin()], 1)
        return torch.where((t < 0.5)[:, None], upper, lower)
