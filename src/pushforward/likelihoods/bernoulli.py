"""The law of points whose coordinates have two values, given logits."""

from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor

from pushforward.errors import Refused
from pushforward.likelihoods.base import Decoded, Likelihood, unbounded
from pushforward.likelihoods.two_values import TwoValueNats, between
from pushforward.spaces import Space


@dataclass(frozen=True)
class Bernoulli(Likelihood):
    """log p(x|v) = Σ_i b_i v_i − softplus(v_i), b = (x − low)/(high − low) in {0, 1}: v are logits of the higher value.

    Nats of a probability, not of a density. With b between 0 and 1 it would be no likelihood of anything, so that grey
    pictures are refused unless `binarise` makes points of two values of them.

    Args:
        binarise: a grey value is the probability of white, and pictures are drawn by it, anew each time they are seen.
    Source: Kingma and Welling (2014), arXiv 1312.6114, appendix C.1; Burda et al. (2016), arXiv 1509.00519, for drawing
        anew.
    """

    discrete = True

    binarise: bool = False

    def output(self, space: Space) -> Space:
        return unbounded(space)

    def first(self, mean: Tensor, space: Space) -> Tensor:
        """Return the logits of the shares of white, each at least a thousandth from 0 and 1."""
        return _share(mean, space).clamp(1e-3, 1 - 1e-3).logit()

    def log_prob(self, x: Tensor, given: Decoded) -> Float[Tensor, " n"]:
        return -self.losses(x, given, 1)

    def losses(self, x: Tensor, given: Decoded, draws: int) -> Float[Tensor, " nk"]:
        """Return −log p(x|v) of each point under so many successive rows of logits, in nats."""
        b, v = _share(x, given.space).flatten(1), given.v.flatten(1).unflatten(0, (len(x), draws))
        return -TwoValueNats.apply(b.to(v.dtype), v).flatten()

    def mean(self, given: Decoded) -> Tensor:
        low, high = _bounds(given.space)
        return low + (high - low) * given.v.sigmoid()

    def draw(self, u: Tensor, given: Decoded) -> Tensor:
        low, high = _bounds(given.space)
        return torch.where(u < (-given.v).sigmoid(), low, high).to(given.v.dtype)

    def seen(self, x: Tensor, space: Space) -> Tensor:
        """Return points of two values: x itself, or drawn by its grey values."""
        if not self.binarise:
            return x
        low, high = _bounds(space)
        return torch.where(torch.rand_like(x) < _share(x, space), high, low).to(x.dtype)

    def demand(self, x: Tensor, space: Space, grain: Float[Tensor, ""]) -> None:
        """Refuse values between the two.

        Raises:
            Refused: for grey values, with the three ways out.
        """
        low, high = _bounds(space)
        if not self.binarise and between(x, low, high):
            raise Refused(
                "Bernoulli is a likelihood of points with two values, and the data have values between; make them "
                "black and white (--threshold 0.5), draw them by their grey values, once (--binarise true) or anew "
                "each time (--likelihood Bernoulli --likelihood.binarise true), or take a likelihood of grey values "
                "(--likelihood DiscretisedLogistic)."
            )


def _bounds(space: Space) -> tuple[float, float]:
    """Return the two values.

    Raises:
        Refused: for a space without bounds.
    """
    if space.range is None:
        raise Refused("Bernoulli needs points between two bounds, such as pictures, and these have none; take "
                      "--likelihood Gaussian.")  # fmt: skip
    return space.range


def _share(x: Tensor, space: Space) -> Tensor:
    low, high = _bounds(space)
    return (x - low) / (high - low)
