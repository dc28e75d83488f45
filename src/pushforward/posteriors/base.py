"""The abstract posterior: a law of codes, drawn by a map of noise, for each point that an encoder has seen."""

from abc import ABC, abstractmethod
from math import log, pi
from typing import NamedTuple

import torch
from jaxtyping import Float
from torch import Tensor, nn

from pushforward.distributions import Device, Distribution


class Coded(NamedTuple):
    """A draw of one code for each point.

    Args:
        z: one code a point.
        log_prob: log q(z|x) of each in nats; None where the law has no density that is known.
        moments: mean of each law, and the lower triangle L with L·Lᵀ its covariance, differentiable; None where they
            are not said.
    """

    z: Float[Tensor, "n k"]
    log_prob: Float[Tensor, " n"] | None
    moments: tuple[Float[Tensor, "n k"], Float[Tensor, "n k k"]] | None = None

    def standardised(self) -> Float[Tensor, "n k"]:
        """Return L⁻¹ (z − mean) of each code, by the moments of its law."""
        mean, root = self._known()
        return torch.linalg.solve_triangular(root, (self.z - mean).unsqueeze(2), upper=False).squeeze(2)

    def log_normal(self) -> Float[Tensor, " n"]:
        """Return log N(z; mean, L·Lᵀ) of each code in nats, the normal law with the moments of its own."""
        spread = self._known()[1].diagonal(dim1=1, dim2=2).log()
        return -(self.standardised().square() / 2 + spread + log(2 * pi) / 2).sum(1)

    def _known(self) -> tuple[Tensor, Tensor]:
        assert self.moments is not None  # a game asked
        return self.moments


class Posterior(nn.Module, ABC):
    """q(z|x) = the law of z(h(x), ε), h what an encoder says of x and ε noise that q itself defines.

    Attributes:
        dim: of a code.
        size: numbers that the encoder says of a point.
        says_moments: whether a draw comes with the moments of its law.
        continuous: whether codes may be moved a little; not choices.
    """

    dim: int
    size: int
    says_moments: bool = False
    continuous: bool = True

    @abstractmethod
    def forward(self, h: Float[Tensor, "n s"], noise: Float[Tensor, "n e"]) -> Coded:
        """Return codes that are differentiable in h, and their log q in nats.

        Args:
            h: what the encoder says of each point.
            noise: as `draw_noise` gives it.
        """

    @abstractmethod
    def mean(self, h: Float[Tensor, "n s"]) -> Float[Tensor, "n k"]:
        """Return the code that stands for each point: the mean of q, or of the law that q is made from."""

    def draw_noise(self, n: int, device: Device = None) -> Float[Tensor, "n e"]:
        """Return ε for n codes, from torch's own generator: normal numbers, one a coordinate, unless stated."""
        return torch.randn(n, self.dim, device=device)

    def with_density(self) -> "Posterior":
        """Return the posterior of known density whose draws give bounds in place of its own: itself, unless stated."""
        return self

    def divergence(self, h: Float[Tensor, "n s"], prior: Distribution) -> Float[Tensor, "n k"] | None:
        """Return the parts of KL(q(·|x) ‖ π) in nats, one a coordinate or choice, in closed form; None without one.

        Args:
            h: what the encoder says of each point.
            prior: π.
        """
        return None

    def log_prob(self, z: Float[Tensor, "n k"], h: Float[Tensor, "n s"]) -> Float[Tensor, " n"] | None:
        """Return log q(z|x) in nats at codes that are given; None where that is not known.

        Args:
            z: codes.
            h: what the encoder says of each point.
        """
        return None


def clamped(log_variance: Tensor) -> Tensor:
    """Return the log-variance within [−10, 10], beyond which e to it is no number to compute with."""
    return log_variance.clamp(-10.0, 10.0)
