"""A bijector the other way round."""

from jaxtyping import Float
from torch import Tensor

from pushforward.bijectors.base import Bijector


class Inverted(Bijector):
    """f⁻¹ in place of f, with log |det ∂f⁻¹/∂y| = −log |det ∂f/∂x| at x = f⁻¹(y).

    Of an `Autoregressive` in a flow it is the inverse autoregressive flow: samples take one pass, densities one a
    coordinate. Who needs the density of draws of their own, as an encoder does, takes f itself from noise to codes:
    both in one pass.

    Args:
        other: f.
    """

    def __init__(self, other: Bijector):
        super().__init__()
        self.other = other

    def forward(
        self, x: Float[Tensor, "n *d"], label: Tensor | None = None
    ) -> tuple[Float[Tensor, "n *e"], Float[Tensor, " n"]]:
        y = self.other.inverse(x, label)
        return y, -self.other(y, label)[1]

    def inverse(self, y: Float[Tensor, "n *e"], label: Tensor | None = None) -> Float[Tensor, "n *d"]:
        return self.other(y, label)[0]
