"""The abstract distribution that can be drawn from and whose density is known: noise, priors and toy data."""

from abc import ABC, abstractmethod
from typing import ClassVar

import torch
from jaxtyping import Float
from torch import Generator, Tensor

Device = torch.device | str | None


class Distribution(ABC):
    """A distribution on R^dim with a normalised density; members are frozen values.

    Attributes:
        everywhere: whether its density is positive at every point, so that no law diverges from it without bound for
            having points where it has none.
    """

    everywhere: ClassVar[bool] = True

    @property
    def normal_scale(self) -> float | None:
        """The number σ where it is N(0, σ²I), from which normal laws diverge in closed form; None where it is not."""
        return None

    @property
    @abstractmethod
    def dim(self) -> int:
        """The number of coordinates of a point."""

    @abstractmethod
    def draw(self, n: int, generator: Generator | None = None, device: Device = None) -> Float[Tensor, "n d"]:
        """Return n independent points, in float32.

        Args:
            n: number of points.
            generator: what they are drawn from; torch's own if absent.
            device: where they lie, which must be the generator's.
        """

    @abstractmethod
    def log_prob(self, x: Float[Tensor, "n d"]) -> Float[Tensor, " n"]:
        """Return the log-density at each point in nats, −∞ outside of the support."""
