"""The law of grey levels whose masses a logistic law, or a mixture of some, gives to each."""

from dataclasses import dataclass

from jaxtyping import Float
from torch import Tensor

from pushforward.errors import Refused
from pushforward.likelihoods.base import Decoded, Likelihood, unbounded
from pushforward.likelihoods.grey_levels import GreyLevels
from pushforward.spaces import Space

MOST = 65_536
"""Levels beyond which values are taken for continuous."""


@dataclass(frozen=True)
class DiscretisedLogistic(Likelihood):
    """log p(x|v) = Σ_i log P(k_i; v_i) − log step, k_i the grey level of x_i: masses of `GreyLevels`, as a density.

    The decoder says mean and scale of each coordinate, without bounds, and the tails belong to black and white: so a
    background can be black for sure. Spread evenly over a level each mass is a density, whose bits are those of the
    grey values exactly.

    Args:
        components: logistic laws a coordinate, at least 1; the decoder says two numbers of one, three of each of more.
        floor: share of the uniform law in [0, 1), which samples leave out.
    Source: Kingma et al. (2016), arXiv 1606.04934, appendix; Salimans et al. (2017), arXiv 1701.05517, section 2.1.
    Differs: the decoder says the scale of each coordinate; tails belong to the end levels; the floor.
    """

    components: int = 1
    floor: float = 1e-3

    def __post_init__(self) -> None:
        _ = self._law

    def output(self, space: Space) -> Space:
        return unbounded(space, self._law.size)

    def first(self, mean: Tensor, space: Space) -> Tensor:
        """Return parameters with the means of all components moved by as much as the data's is from the middle."""
        low, high = _bounds(space)
        parts = mean.new_zeros(self._law.size, *mean.shape)
        ends = slice(-2 * self.components, -self.components)  # weights, means, scales
        parts[ends] = (mean - low) / (high - low) - 0.5
        return parts.reshape(self.output(space).shape)

    def log_prob(self, x: Tensor, given: Decoded) -> Float[Tensor, " n"]:
        low, _, levels = _levels(given)
        k = ((x - low) / given.grain).round().clamp(0, levels - 1)
        nats = self._law.log_mass(k, self._parameters(given), levels)
        return nats.flatten(1).sum(1) - given.space.dim * given.grain.log()

    def mean(self, given: Decoded) -> Tensor:
        """Return the mean of the law that levels are made of, cut to the range: that of grey values to half a level."""
        low, high, levels = _levels(given)
        share = self._law.mean(self._parameters(given))
        return (low + (levels * share - 0.5) * given.grain).clamp(low, high)

    def draw(self, u: Tensor, given: Decoded) -> Tensor:
        low, _, levels = _levels(given)
        return low + self._law.quantile(u, self._parameters(given), levels) * given.grain

    def demand(self, x: Tensor, space: Space, grain: Float[Tensor, ""]) -> None:
        """Refuse values on no levels.

        Raises:
            Refused: for values that are multiples of no step, or a space without bounds.
        """
        low, high = _bounds(space)
        if not grain or (high - low) / grain > MOST:
            raise Refused(
                "DiscretisedLogistic is a likelihood of grey levels, and the values of these data are multiples of no "
                "step; give pictures of whole numbers, or take --likelihood Gaussian."
            )

    def _parameters(self, given: Decoded) -> Float[Tensor, "*n p"]:
        """Return the parameters of each coordinate's law, last."""
        return given.v.unflatten(1, (self._law.size, -1)).movedim(1, -1).reshape(-1, *given.space.shape, self._law.size)

    @property
    def _law(self) -> GreyLevels:
        return GreyLevels(self.components, self.floor)


def _bounds(space: Space) -> tuple[float, float]:
    if space.range is None:
        raise Refused("DiscretisedLogistic needs grey levels between two bounds, as pictures have, and these points "
                      "have none; take --likelihood Gaussian.")  # fmt: skip
    return space.range


def _levels(given: Decoded) -> tuple[float, float, int]:
    """Return the lowest value, the highest and how many there are."""
    low, high = _bounds(given.space)
    return low, high, round((high - low) / float(given.grain)) + 1
