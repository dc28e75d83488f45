"""The noise µ, the law that a sampler pushes forward."""

from dataclasses import dataclass
from math import lgamma, log, pi
from typing import ClassVar

import torch
from jaxtyping import Float
from torch import Generator, Tensor

from pushforward.distributions import Device, Distribution
from pushforward.errors import Refused


class Noise(Distribution):
    """A distribution on R^dim that is cheap to draw from, and can be had in any size.

    Attributes:
        independent: whether coordinates are.
        surface: whether its points fill a surface, of whose area its density is one.
    """

    independent: ClassVar[bool] = True
    surface: ClassVar[bool] = False

    @property
    def variance(self) -> float:
        """The variance of a coordinate, which all have; by 10,000 draws unless stated."""
        return float(self.draw(10_000, Generator().manual_seed(0)).var())


@dataclass(frozen=True)
class Normal(Noise):
    """N(0, σ²I).

    Args:
        dim: size of the noise, at least 1.
        scale: σ, positive.
    """

    dim: int = 100
    scale: float = 1.0

    def __post_init__(self) -> None:
        _check_dim(self)
        _check_positive("scale", self, self.scale)

    @property
    def normal_scale(self) -> float:
        """The number σ, its own scale."""
        return self.scale

    @property
    def variance(self) -> float:
        return self.scale**2

    def draw(self, n: int, generator: Generator | None = None, device: Device = None) -> Float[Tensor, "n d"]:
        return torch.randn(n, self.dim, generator=generator, device=device).mul_(self.scale)

    def log_prob(self, x: Float[Tensor, "n d"]) -> Float[Tensor, " n"]:
        return -(x / self.scale).square().sum(1) / 2 - self.dim * (log(2 * pi) / 2 + log(self.scale))


@dataclass(frozen=True)
class Uniform(Noise):
    """The uniform law U[low, high]^dim.

    Args:
        dim: size of the noise, at least 1.
        low: lower end.
        high: upper end.
    """

    everywhere: ClassVar[bool] = False

    dim: int = 100
    low: float = -1.0
    high: float = 1.0

    def __post_init__(self) -> None:
        _check_dim(self)
        if not self.low < self.high:
            raise Refused(f"low of Uniform must be below high, got {self.low} and {self.high}.")

    @property
    def variance(self) -> float:
        return (self.high - self.low) ** 2 / 12

    def draw(self, n: int, generator: Generator | None = None, device: Device = None) -> Float[Tensor, "n d"]:
        u = torch.rand(n, self.dim, generator=generator, device=device)
        return u.mul_(self.high - self.low).add_(self.low)

    def log_prob(self, x: Float[Tensor, "n d"]) -> Float[Tensor, " n"]:
        inside = ((x >= self.low) & (x <= self.high)).all(1)
        density = x.new_full((len(x),), -self.dim * log(self.high - self.low))
        return density.masked_fill(~inside, -torch.inf)


@dataclass(frozen=True)
class Sphere(Noise):
    """The uniform law on the sphere of radius r about 0, whose density is one over its area.

    Args:
        dim: size of the noise, at least 1.
        radius: r, positive.
    Source: Davidson et al. (2018), arXiv 1804.00891, for codes.
    """

    everywhere: ClassVar[bool] = False
    independent: ClassVar[bool] = False
    surface: ClassVar[bool] = True

    dim: int = 100
    radius: float = 1.0

    def __post_init__(self) -> None:
        _check_dim(self)
        _check_positive("radius", self, self.radius)

    @property
    def variance(self) -> float:
        return self.radius**2 / self.dim

    def draw(self, n: int, generator: Generator | None = None, device: Device = None) -> Float[Tensor, "n d"]:
        z = torch.randn(n, self.dim, generator=generator, device=device)
        return self.radius * z / z.norm(dim=1, keepdim=True)

    def log_prob(self, x: Float[Tensor, "n d"]) -> Float[Tensor, " n"]:
        """Return −log of the area, −∞ farther than a thousandth of the radius from the sphere."""
        d = self.dim
        log_area = log(2) + d / 2 * log(pi) - lgamma(d / 2) + (d - 1) * log(self.radius)
        off = (x.norm(dim=1) / self.radius - 1).abs() > 1e-3
        return x.new_full((len(x),), -log_area).masked_fill(off, -torch.inf)


@dataclass(frozen=True)
class Mixture(Noise):
    """The law of 2·dim normal clusters, N(±r·e_i, σ²I) for every unit vector e_i, all as likely.

    Args:
        dim: size of the noise, at least 1.
        radius: r, of the centres from 0, at least 0.
        scale: σ, positive.
    """

    independent: ClassVar[bool] = False

    dim: int = 100
    radius: float = 3.0
    scale: float = 1.0

    def __post_init__(self) -> None:
        _check_dim(self)
        _check_positive("scale", self, self.scale)
        if not self.radius >= 0:
            raise Refused(f"radius of Mixture must be at least 0, got {self.radius}.")

    @property
    def variance(self) -> float:
        return self.scale**2 + self.radius**2 / self.dim

    def draw(self, n: int, generator: Generator | None = None, device: Device = None) -> Float[Tensor, "n d"]:
        cluster = torch.randint(2 * self.dim, (n,), generator=generator, device=device)
        z = torch.randn(n, self.dim, generator=generator, device=device).mul_(self.scale)
        return z + self._centres(z)[cluster]

    def log_prob(self, x: Float[Tensor, "n d"]) -> Float[Tensor, " n"]:
        square = (x.square().sum(1, keepdim=True) - 2 * x @ self._centres(x).T + self.radius**2) / self.scale**2
        constant = self.dim * (log(2 * pi) / 2 + log(self.scale)) + log(2 * self.dim)
        return (-square / 2).logsumexp(1) - constant

    def _centres(self, like: Tensor) -> Float[Tensor, "c d"]:
        eye = self.radius * torch.eye(self.dim, dtype=like.dtype, device=like.device)
        return torch.cat([eye, -eye])


def _check_dim(noise: Noise) -> None:
    if noise.dim < 1:
        raise Refused(f"dim of {type(noise).__name__} must be at least 1, got {noise.dim}.")


def _check_positive(name: str, noise: Noise, value: float) -> None:
    if not value > 0:
        raise Refused(f"{name} of {type(noise).__name__} must be positive, got {value}.")
