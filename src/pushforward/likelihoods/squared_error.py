"""The squared error of a reconstruction, which is a cost and no likelihood."""

from dataclasses import dataclass

from jaxtyping import Float
from torch import Tensor

from pushforward.likelihoods.base import Cost, Decoded
from pushforward.spaces import Space


@dataclass(frozen=True)
class SquaredError(Cost):
    """‖x − v‖²/dim, the mean square of a coordinate, so that a weight beside it means the same in any dimension."""

    def output(self, space: Space) -> Space:
        return space

    def loss(self, x: Tensor, given: Decoded) -> Float[Tensor, " n"]:
        """Return the mean square of a coordinate, in squared units of the encoded points."""
        return (x - given.v).square().flatten(1).mean(1)

    def mean(self, given: Decoded) -> Tensor:
        """Return v, the rebuilt point itself."""
        return given.v
