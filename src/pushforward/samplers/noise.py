"""The noise µ, the law that a sampler pushes forward."""

from dataclasses import dataclass
from math import log, pi
from typing import ClassVar

import torch
from jaxtyping import Float
from torch import Generator, Tensor

from pushforward.distributions import Device, Distribution
from pushforward.errors import Refused


class Noise(Distribution):
    """A distribution on R^dim that is cheap to draw from, and can be had in any size."""


@dataclass(frozen=True)
class Normal(Noise):
    """N(0, I).

    Args:
        dim: size of the noise, at least 1.
    """

    is_standard_normal: ClassVar[bool] = True

    dim: int = 100

    def __post_init__(self) -> None:
        _check_dim(self)

    def draw(self, n: int, generator: Generator | None = None, device: Device = None) -> Float[Tensor, "n d"]:
        return torch.randn(n, self.dim, generator=generator, device=device)

    def log_prob(self, x: Float[Tensor, "n d"]) -> Float[Tensor, " n"]:
        return -x.square().sum(1) / 2 - self.dim / 2 * log(2 * pi)


@dataclass(frozen=True)
class Uniform(Noise):
    """The uniform law U[low, high]^dim.

    Args:
        dim: size of the noise, at least 1.
        low: lower end.
        high: upper end.
    """

    dim: int = 100
    low: float = -1.0
    high: float = 1.0

    def __post_init__(self) -> None:
        _check_dim(self)
        if not self.low < self.high:
            raise Refused(f"low of Uniform must be below high, got {self.low} and {self.high}.")

    def draw(self, n: int, generator: Generator | None = None, device: Device = None) -> Float[Tensor, "n d"]:
        u = torch.rand(n, self.dim, generator=generator, device=device)
        return u.mul_(self.high - self.low).add_(self.low)

    def log_prob(self, x: Float[Tensor, "n d"]) -> Float[Tensor, " n"]:
        inside = ((x >= self.low) & (x <= self.high)).all(1)
        density = x.new_full((len(x),), -self.dim * log(self.high - self.low))
        return density.masked_fill(~inside, -torch.inf)


def _check_dim(noise: Noise) -> None:
    if noise.dim < 1:
        raise Refused(f"dim of {type(noise).__name__} must be at least 1, got {noise.dim}.")
