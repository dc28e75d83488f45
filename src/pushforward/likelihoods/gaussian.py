"""The normal law of points around what a decoder says, with a scale that is given, shared or the decoder's own."""

from dataclasses import dataclass
from math import log, pi

import torch
from jaxtyping import Float
from torch import Tensor

from pushforward.errors import Refused
from pushforward.likelihoods.base import Decoded, Likelihood, unbounded
from pushforward.spaces import Space

LEAST = -6.0
"""The least log-scale that is learnt: without one a coordinate that is rebuilt exactly has a density without bound."""


@dataclass(frozen=True)
class Gaussian(Likelihood):
    """log p(x|v) = −Σ_i (x_i − v_i)²/2σ_i² + log σ_i + ½ log 2π.

    A fixed σ weighs reconstructions against the prior as β does: by 1/σ². A shared one is at best the root mean square
    of what is left of its coordinate.

    Args:
        scale: σ of every coordinate, positive; if absent it is learnt, one for each coordinate of all points.
        own: the decoder says σ as well, for each point and coordinate.

    Raises:
        Refused: for a scale that is not positive, or one beside the decoder's own.
    Source: Kingma and Welling (2014), arXiv 1312.6114, appendix C.2; Rybkin et al. (2021), arXiv 2006.13202, for one
        that is shared.
    """

    scale: float | None = None
    own: bool = False

    def __post_init__(self) -> None:
        if self.scale is not None and not (self.scale > 0 and not self.own):
            raise Refused(f"scale of Gaussian must be positive, and absent with own, got {self.scale}.")

    def output(self, space: Space) -> Space:
        if space.choices:
            raise Refused("Gaussian is a likelihood of numbers, and columns hold levels; take --likelihood Blocks, "
                          "which gives each level a probability.")  # fmt: skip
        return unbounded(space, 2) if self.own else space

    def free(self, space: Space) -> int:
        return space.dim if self.scale is None and not self.own else 0

    def log_prob(self, x: Tensor, given: Decoded) -> Float[Tensor, " n"]:
        log_scale = self._log_scale(given)
        e = (x - self.mean(given)) * (-log_scale).exp()
        return -(e.square() / 2 + log_scale + log(2 * pi) / 2).flatten(1).sum(1)

    def mean(self, given: Decoded) -> Tensor:
        if not self.own:
            return given.v
        return given.v.chunk(2, 1)[0].reshape(-1, *given.space.shape)

    def draw(self, u: Tensor, given: Decoded) -> Tensor:
        return self.mean(given) + self._log_scale(given).exp() * torch.special.ndtri(u)

    def _log_scale(self, given: Decoded) -> Tensor:
        """Return log σ, of a shape that fits the points'."""
        shape = given.space.shape
        if self.scale is not None:
            return given.v.new_full((1, *shape), log(self.scale))
        raw = given.v.chunk(2, 1)[1].reshape(-1, *shape) if self.own else given.free.view(1, *shape)
        return raw.clamp(min=LEAST)
