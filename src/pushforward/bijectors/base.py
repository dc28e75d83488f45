"""The abstract invertible map of points, of data to noise where it stands in a flow."""

from abc import ABC, abstractmethod
from collections.abc import Iterable
from typing import cast

from jaxtyping import Float
from torch import Tensor, nn


class Bijector(nn.Module, ABC):
    """y = f(x), with its inverse and log |det ∂y/∂x|; for each label another one, if its networks take labels."""

    @abstractmethod
    def forward(
        self, x: Float[Tensor, "n *d"], label: Tensor | None = None
    ) -> tuple[Float[Tensor, "n *e"], Float[Tensor, " n"]]:
        """Return f(x) and log |det ∂f/∂x| of each point.

        Args:
            x: points.
            label: the class of each, where networks take labels.
        """

    @abstractmethod
    def inverse(self, y: Float[Tensor, "n *e"], label: Tensor | None = None) -> Float[Tensor, "n *d"]:
        """Return the points x with f(x) = y, differentiable in y and in the weights; arguments as above."""

    def prepare(self, x: Float[Tensor, "n *d"], label: Tensor | None = None) -> Float[Tensor, "n *e"]:
        """Read some data before the first step, for scales that begin at the data's, and return f of them.

        Nothing is read unless stated; arguments as above.
        """
        return self(x, label)[0]


def in_order(parts: nn.ModuleList | Iterable[nn.Module]) -> list[Bijector]:
    """Return the bijectors of a list of modules, as such."""
    return cast(list[Bijector], list(parts))
