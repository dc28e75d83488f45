"""The abstract cost of a reconstruction, and the abstract likelihood, whose cost is −log p(x|v) in nats."""

from abc import ABC, abstractmethod
from dataclasses import replace
from math import inf
from typing import NamedTuple, final

from jaxtyping import Float
from torch import Tensor

from pushforward.spaces import Image, Space, Vector, without_classes


class Decoded(NamedTuple):
    """A decoder's word on each of n points, beside what all points share.

    Args:
        v: the decoder's output, (n, …).
        space: of the points.
        free: numbers that are learnt for all points together, as many as the cost asks for.
        grain: the step between values of a coordinate in the data, in encoded units; 0 where there is none.
    """

    v: Tensor
    space: Space
    free: Float[Tensor, " f"]
    grain: Float[Tensor, ""]


class Cost(ABC):
    """A number that says how badly a point is rebuilt from what a decoder said of it; members are frozen values."""

    discrete = False
    """Whether `log_prob` is that of a probability of points with few values, not of a density."""

    @abstractmethod
    def output(self, space: Space) -> Space:
        """Return the space in which a decoder of points of a space must end."""

    def free(self, space: Space) -> int:
        """Return how many numbers are learnt for all points together; none unless stated."""
        return 0

    def first(self, mean: Tensor, space: Space) -> Tensor | None:
        """Return what a decoder should say of every point before it has learnt, of its output's shape; None for 0.

        Args:
            mean: of the data, of a point's shape.
            space: of the points.
        """
        return None

    @abstractmethod
    def loss(self, x: Tensor, given: Decoded) -> Float[Tensor, " n"]:
        """Return the cost of each point; the member says in which unit.

        Args:
            x: points.
            given: what the decoder said of each.
        """

    def losses(self, x: Tensor, given: Decoded, draws: int) -> Float[Tensor, " nk"]:
        """Return the cost of each point under so many successive words of a decoder.

        Args:
            x: n points.
            given: what the decoder said, n·draws times.
            draws: of each point, at least 1.
        """
        return self.loss(x.repeat_interleave(draws, 0), given)

    @abstractmethod
    def mean(self, given: Decoded) -> Tensor:
        """Return the point in the middle of what the decoder said: the mean, where there is a law."""

    def demand(self, x: Tensor, space: Space, grain: Float[Tensor, ""]) -> None:  # noqa: B027
        """Refuse data that it does not suit; none unless stated.

        Args:
            x: some of the data.
            space: of the points.
            grain: the step between values of a coordinate, 0 where there is none.

        Raises:
            Refused: with the ways out.
        """

    def seen(self, x: Tensor, space: Space) -> Tensor:
        """Return the points that are to be rebuilt, drawn anew each time where the data say only how likely they are.

        Args:
            x: points of the data.
            space: of the points.
        """
        return x


class Likelihood(Cost):
    """p(x|v), a law of points given what a decoder says, of independent coordinates; the cost is −log p(x|v), in nats.

    Sums are over all coordinates of a point, never means: a mean would weigh the prior's part by their number.
    """

    @abstractmethod
    def log_prob(self, x: Tensor, given: Decoded) -> Float[Tensor, " n"]:
        """Return log p(x|v) of each point in nats, summed over its coordinates."""

    @abstractmethod
    def draw(self, u: Tensor, given: Decoded) -> Tensor:
        """Return a draw from p(·|v) for each point: x with P(X ≤ x|v) = u, coordinate by coordinate.

        Args:
            u: uniform in (0, 1), of the points' shape.
            given: what the decoder said of each.
        """

    @final
    def loss(self, x: Tensor, given: Decoded) -> Float[Tensor, " n"]:
        """Return −log p(x|v) in nats."""
        return -self.log_prob(x, given)


def unbounded(space: Space, maps: int = 1) -> Space:
    """Return the space of so many real numbers without bounds for each coordinate, one map of all after the other."""
    bare = without_classes(space)
    if isinstance(bare, Image):
        return replace(bare, channels=maps * bare.channels, low=-inf, high=inf, classes=space.classes)
    return Vector(maps * space.dim, space.classes)
