"""The law of a table's row: a normal law of its numbers, and the probabilities of the levels of each other column."""

from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn.functional import one_hot

from pushforward.likelihoods.base import Decoded, Likelihood, unbounded
from pushforward.likelihoods.gaussian import Gaussian
from pushforward.spaces import Space, Vector


@dataclass(frozen=True)
class Blocks(Likelihood):
    """log p(x|v) = log p(numbers|v) + Σ_b log softmax(v_b)_{i_b}, i_b the level of block b of indicators.

    Nats of a density of the numbers times a probability of the levels.

    Args:
        numbers: the normal law of the real coordinates, whose scales are given or shared, not the decoder's own.
    """

    numbers: Gaussian = Gaussian()

    def output(self, space: Space) -> Space:
        return unbounded(space)

    def free(self, space: Space) -> int:
        return self.numbers.free(Vector(int(_real(space).sum()))) if _real(space).any() else 0

    def log_prob(self, x: Tensor, given: Decoded) -> Float[Tensor, " n"]:
        real, nats = _real(given.space), x.new_zeros(len(x))
        if real.any():
            nats = nats + self.numbers.log_prob(x[:, real], _of_numbers(given, real))
        for _, place in given.space.choices:
            nats = nats + (x[:, place] * given.v[:, place].log_softmax(1)).sum(1)
        return nats

    def mean(self, given: Decoded) -> Tensor:
        """Return the means of the numbers, and of every other column the level that is most likely."""
        x = given.v.clone()
        for _, place in given.space.choices:
            x[:, place] = one_hot(given.v[:, place].argmax(1), given.v[:, place].shape[1]).to(x)
        return x

    def draw(self, u: Tensor, given: Decoded) -> Tensor:
        """Return draws: of a block of levels by the uniform number of its first coordinate."""
        real, x = _real(given.space), torch.zeros_like(given.v)
        if real.any():
            x[:, real] = self.numbers.draw(u[:, real], _of_numbers(given, real))
        for _, place in given.space.choices:
            p = given.v[:, place].softmax(1)
            level = (u[:, place][:, :1] >= p.cumsum(1)).sum(1).clamp(max=p.shape[1] - 1)
            x[:, place] = one_hot(level, p.shape[1]).to(x)
        return x


def _real(space: Space) -> Tensor:
    """Return which coordinates are numbers."""
    real = torch.ones(space.dim, dtype=torch.bool)
    for _, place in space.choices:
        real[place] = False
    return real


def _of_numbers(given: Decoded, real: Tensor) -> Decoded:
    return given._replace(v=given.v[:, real], space=Vector(int(real.sum())))
