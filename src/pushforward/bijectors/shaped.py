"""The changes of shape, whose determinant is 1."""

from collections.abc import Sequence

from jaxtyping import Float
from torch import Tensor
from torch.nn.functional import pixel_shuffle, pixel_unshuffle

from pushforward.bijectors.base import Bijector


class Squeeze(Bijector):
    """(c, 2h, 2w) ↦ (4c, h, w): each square of four pixels becomes one pixel of four times the channels.

    Source: Dinh et al. (2017), arXiv 1605.08803, section 3.6.
    """

    def forward(
        self, x: Float[Tensor, "n *d"], label: Tensor | None = None
    ) -> tuple[Float[Tensor, "n *e"], Float[Tensor, " n"]]:
        return pixel_unshuffle(x, 2), x.new_zeros(len(x))

    def inverse(self, y: Float[Tensor, "n *e"], label: Tensor | None = None) -> Float[Tensor, "n *d"]:
        return pixel_shuffle(y, 2)


class Flattened(Bijector):
    """A change of points of some shape into vectors.

    Args:
        shape: of a point.
    """

    def __init__(self, shape: Sequence[int]):
        super().__init__()
        self.shape = tuple(shape)

    def forward(
        self, x: Float[Tensor, "n *d"], label: Tensor | None = None
    ) -> tuple[Float[Tensor, "n *e"], Float[Tensor, " n"]]:
        return x.flatten(1), x.new_zeros(len(x))

    def inverse(self, y: Float[Tensor, "n *e"], label: Tensor | None = None) -> Float[Tensor, "n *d"]:
        return y.view(-1, *self.shape)
