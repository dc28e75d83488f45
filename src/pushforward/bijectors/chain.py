"""The chain of bijectors, one after the other."""

from collections.abc import Iterable

from jaxtyping import Float
from torch import Tensor, nn

from pushforward.bijectors.base import Bijector, in_order


class Chain(Bijector):
    """f = f_L ∘ … ∘ f_1; logarithms of determinants add up.

    Args:
        parts: f_1, …, f_L.
    """

    def __init__(self, parts: Iterable[Bijector]):
        super().__init__()
        self.parts = nn.ModuleList(parts)

    def forward(
        self, x: Float[Tensor, "n *d"], label: Tensor | None = None
    ) -> tuple[Float[Tensor, "n *e"], Float[Tensor, " n"]]:
        total = x.new_zeros(len(x))
        for part in in_order(self.parts):
            x, log_det = part(x, label)
            total = total + log_det
        return x, total

    def inverse(self, y: Float[Tensor, "n *e"], label: Tensor | None = None) -> Float[Tensor, "n *d"]:
        for part in reversed(in_order(self.parts)):
            y = part.inverse(y, label)
        return y

    def prepare(self, x: Float[Tensor, "n *d"], label: Tensor | None = None) -> Float[Tensor, "n *e"]:
        for part in in_order(self.parts):
            x = part.prepare(x, label)
        return x
