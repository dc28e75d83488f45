"""The mixtures of Gaussians on a ring and on a grid, on which mode collapse is counted."""

from dataclasses import dataclass
from math import cos, pi, sin
from typing import ClassVar

import torch
from jaxtyping import Float
from torch import Generator, Tensor

from pushforward.data.base import Modes
from pushforward.data.toys.base import Law, mixture_draw, mixture_log_prob
from pushforward.distributions import Device
from pushforward.errors import Refused


@dataclass(frozen=True)
class Ring(Law):
    """1/K Σ N(c_k, std² I) in the plane, centres evenly on a circle.

    Args:
        count: K, how many modes.
        radius: of the circle.
        std: of a mode; a share 1 − exp(−9/2) = 0.989 of the points lies within three of it.
    Source: Srivastava, Xu, Gutmann, Sutton (2020), Generative Ratio Matching Networks, the 2-D ring.
    """

    name: ClassVar[str] = "ring"

    count: int = 8
    radius: float = 2.0
    std: float = 0.2

    @property
    def dim(self) -> int:
        return 2

    @property
    def modes(self) -> Modes:
        angle = torch.arange(self.count, dtype=torch.float64) * (2 * pi / self.count)
        return Modes(self.radius * torch.stack([angle.cos(), angle.sin()], 1), self.std)

    def draw(self, n: int, generator: Generator | None = None, device: Device = None) -> Float[Tensor, "n 2"]:
        return mixture_draw(n, self.modes.centers, self.std, generator, device)

    def log_prob(self, x: Float[Tensor, "n 2"]) -> Float[Tensor, " n"]:
        return mixture_log_prob(x, self.modes.centers, self.std)


@dataclass(frozen=True)
class UnequalRing(Law):
    """Σ_k w_k N(c_k, std² I), the centres of a planar ring, w_k ∝ ratio^k: modes that are rarer from one to the next.

    Args:
        ring: its centres and deviation.
        ratio: of the weight of a mode to that of the one before, in (0, 1].

    Raises:
        Refused: for another ratio.
    """

    name: ClassVar[str] = "ring-unequal"

    ring: Ring = Ring(std=0.1)
    ratio: float = 0.55

    def __post_init__(self) -> None:
        if not 0 < self.ratio <= 1:
            raise Refused(f"ratio of UnequalRing must be in (0, 1], got {self.ratio}.")

    @property
    def dim(self) -> int:
        return 2

    @property
    def modes(self) -> Modes:
        weights = self.ratio ** torch.arange(self.ring.count, dtype=torch.float64)
        return Modes(self.ring.modes.centers, self.ring.std, weights / weights.sum())

    def draw(self, n: int, generator: Generator | None = None, device: Device = None) -> Float[Tensor, "n 2"]:
        return mixture_draw(n, self.modes.centers, self.ring.std, generator, device, self.modes.weights)

    def log_prob(self, x: Float[Tensor, "n 2"]) -> Float[Tensor, " n"]:
        return mixture_log_prob(x, self.modes.centers, self.ring.std, self.modes.weights)


@dataclass(frozen=True)
class Grid(Law):
    """1/K Σ N(c_k, std² I) in the plane, centres on a square grid around 0.

    Args:
        side: centres along one side, so that K = side².
        spacing: between neighbours.
        std: of a mode.
    Source: Dumoulin et al. (2017), Adversarially Learned Inference, the 25 Gaussians.
    """

    name: ClassVar[str] = "grid"

    side: int = 5
    spacing: float = 1.0
    std: float = 0.05

    @property
    def dim(self) -> int:
        return 2

    @property
    def modes(self) -> Modes:
        ticks = (torch.arange(self.side, dtype=torch.float64) - (self.side - 1) / 2) * self.spacing
        return Modes(torch.cartesian_prod(ticks, ticks), self.std)

    def draw(self, n: int, generator: Generator | None = None, device: Device = None) -> Float[Tensor, "n 2"]:
        return mixture_draw(n, self.modes.centers, self.std, generator, device)

    def log_prob(self, x: Float[Tensor, "n 2"]) -> Float[Tensor, " n"]:
        return mixture_log_prob(x, self.modes.centers, self.std)


@dataclass(frozen=True)
class TiltedRing(Law):
    """R (r, w): a point r of the planar ring and w ~ N(0, depth²), turned by `tilt` about the first axis.

    Args:
        ring: in the plane.
        depth: standard deviation across the plane.
        tilt: angle in radians.
    Source: Srivastava, Xu, Gutmann, Sutton (2020), Generative Ratio Matching Networks, the 3-D ring.
    """

    name: ClassVar[str] = "ring-3d"

    ring: Ring = Ring()
    depth: float = 0.1
    tilt: float = pi / 3

    @property
    def dim(self) -> int:
        return 3

    @property
    def modes(self) -> Modes:
        centers = self.ring.modes.centers
        flat = torch.cat([centers, torch.zeros(len(centers), 1, dtype=torch.float64)], 1)
        return Modes(flat @ self._turn.T, max(self.ring.std, self.depth))

    def draw(self, n: int, generator: Generator | None = None, device: Device = None) -> Float[Tensor, "n 3"]:
        flat = self.ring.draw(n, generator, device)
        across = self.depth * torch.randn(n, 1, generator=generator, device=device)
        return torch.cat([flat, across], 1) @ self._turn.T.float().to(flat.device)

    def log_prob(self, x: Float[Tensor, "n 3"]) -> Float[Tensor, " n"]:
        turned = x.double() @ self._turn.to(x.device)
        across = torch.distributions.Normal(0.0, self.depth).log_prob(turned[:, 2])
        return self.ring.log_prob(turned[:, :2]) + across

    @property
    def _turn(self) -> Float[Tensor, "3 3"]:
        c, s = cos(self.tilt), sin(self.tilt)
        return torch.tensor([[1, 0, 0], [0, c, -s], [0, s, c]], dtype=torch.float64)
