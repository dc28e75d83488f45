"""µ, the law that is pushed forward."""

from abc import ABC, abstractmethod
from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor

from pushforward.errors import Refused


class Noise(ABC):
    """A law on R^dim that is cheap to draw from."""

    dim: int

    @abstractmethod
    def draw(self, n: int, device: torch.device | str | None = None) -> Float[Tensor, "n d"]:
        """n independent draws, from torch's own generator."""


@dataclass(frozen=True)
class Normal(Noise):
    """N(0, I).

    Args:
        dim: size of the noise, at least 1.
    """

    dim: int = 100

    def __post_init__(self) -> None:
        _sized(self)

    def draw(self, n: int, device: torch.device | str | None = None) -> Float[Tensor, "n d"]:
        return torch.randn(n, self.dim, device=device)


@dataclass(frozen=True)
class Uniform(Noise):
    """U[low, high]^dim.

    Args:
        dim: size of the noise, at least 1.
        low: lower end.
        high: upper end.
    """

    dim: int = 100
    low: float = -1.0
    high: float = 1.0

    def __post_init__(self) -> None:
        _sized(self)
        if not self.low < self.high:
            raise Refused(f"low of Uniform must be below high, got {self.low} and {self.high}.")

    def draw(self, n: int, device: torch.device | str | None = None) -> Float[Tensor, "n d"]:
        return torch.rand(n, self.dim, device=device).mul_(self.high - self.low).add_(self.low)


def _sized(noise: Noise) -> None:
    if noise.dim < 1:
        raise Refused(f"dim of {type(noise).__name__} must be at least 1, got {noise.dim}.")
