"""The windows of kernel density estimates: spherical densities with a closed form, in any dimension."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from math import exp, inf, lgamma, log, pi

import torch
from jaxtyping import Float
from torch import Tensor


class Window(ABC):
    """A density k(v) on R^d that depends on ‖v‖ alone and falls with it; members are frozen values."""

    @abstractmethod
    def log_values(self, squares: Float[Tensor, "*n"], d: int) -> Float[Tensor, "*n"]:
        """Return log k at squared norms, −∞ outside of its support.

        Args:
            squares: ‖v‖².
            d: the dimension.
        """

    @property
    @abstractmethod
    def profile(self) -> tuple[float, float]:
        """The numbers a and b of k(v) ∝ r(a − b·‖v‖²), r the function `rise`."""

    @property
    @abstractmethod
    def exponential(self) -> bool:
        """Whether r(u + c) = r(u)·e^c, so that sums far out can be taken from wherever their terms are near 1."""

    @abstractmethod
    def rise_(self, u: Tensor) -> Tensor:
        """Replace u by r(u), and return it."""

    @property
    @abstractmethod
    def more(self) -> int:
        """The number of normal numbers that a draw takes, more than d."""

    @abstractmethod
    def from_normals(self, e: Float[Tensor, "n k"]) -> Float[Tensor, "n d"]:
        """Return draws from k, each from d + `more` independent normal numbers."""

    @property
    @abstractmethod
    def reach(self) -> float:
        """The norm at which the support ends."""

    @abstractmethod
    def widening(self, d: int) -> float:
        """Return by how much wider than the Gaussian window this one must be for the same mean squared error."""


@dataclass(frozen=True)
class GaussianWindow(Window):
    """k(v) = (2π)^{−d/2} exp(−‖v‖²/2)."""

    def log_values(self, squares: Float[Tensor, "*n"], d: int) -> Float[Tensor, "*n"]:
        return squares / -2 - d / 2 * log(2 * pi)

    @property
    def profile(self) -> tuple[float, float]:
        return 0.0, 0.5

    @property
    def exponential(self) -> bool:
        return True

    def rise_(self, u: Tensor) -> Tensor:
        return u.exp_()

    @property
    def more(self) -> int:
        return 0

    def from_normals(self, e: Float[Tensor, "n k"]) -> Float[Tensor, "n d"]:
        return e

    @property
    def reach(self) -> float:
        return inf

    def widening(self, d: int) -> float:
        return 1.0


@dataclass(frozen=True)
class EpanechnikovWindow(Window):
    """k(v) = (d + 2)/(2 c_d)·(1 − ‖v‖²)₊, c_d = π^{d/2}/Γ(d/2 + 1) the volume of the unit ball.

    It is the law of the first d of the d + 4 coordinates of a uniform point on the unit sphere.

    Source: Epanechnikov (1969), Theory of Probability and its Applications 14, for d = 1.
    """

    def log_values(self, squares: Float[Tensor, "*n"], d: int) -> Float[Tensor, "*n"]:
        log_volume = d / 2 * log(pi) - lgamma(d / 2 + 1)
        return torch.log1p(-squares.clamp(max=1.0)) + log((d + 2) / 2) - log_volume

    @property
    def profile(self) -> tuple[float, float]:
        return 1.0, 1.0

    @property
    def exponential(self) -> bool:
        return False

    def rise_(self, u: Tensor) -> Tensor:
        return u.clamp_(min=0.0)

    @property
    def more(self) -> int:
        return 4

    def from_normals(self, e: Float[Tensor, "n k"]) -> Float[Tensor, "n d"]:
        return e[:, : -self.more] / e.norm(dim=1, keepdim=True)

    @property
    def reach(self) -> float:
        return 1.0

    def widening(self, d: int) -> float:
        log_volume = d / 2 * log(pi) - lgamma(d / 2 + 1)
        log_ratio = log(2 * (d + 2) * (d + 4)) - log_volume + d / 2 * log(4 * pi)
        return exp(log_ratio / (d + 4))
