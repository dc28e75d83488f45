"""The hinge value of a critic, which counts margins and not probabilities."""

from dataclasses import dataclass

from jaxtyping import Float
from torch import Tensor
from torch.nn.functional import relu

from pushforward.discrepancies.base import Discrepancy
from pushforward.discrepancies.mean_difference import only_column


@dataclass(frozen=True)
class Hinge(Discrepancy):
    """D = −E relu(1 − x) − E relu(1 + y), of the single output of a critic; a sampler lowers −E y.

    Points beyond their margin no longer move the critic. The supremum over all functions is 2·TV(P, Q) − 2.

    Source: Lim and Ye (2017), arXiv 1705.02894; Miyato et al. (2018), equations 16 and 17, arXiv 1802.05957.
    Example:
        >>> import torch
        >>> Hinge()(torch.tensor([[3.0]]), torch.tensor([[0.5]])).item()
        -1.5
    """

    one_sided = True

    def __call__(self, x: Float[Tensor, "n d"], y: Float[Tensor, "m d"]) -> Float[Tensor, ""]:
        return -relu(1 - only_column(x, "Hinge")).mean() - relu(1 + only_column(y, "Hinge")).mean()

    def surrogate(self, x: Float[Tensor, "n d"], y: Float[Tensor, "m d"]) -> Float[Tensor, ""]:
        """−mean(y)."""
        return -only_column(y, "Hinge").mean()

    def witness(self, h: Float[Tensor, "l d"], x: Float[Tensor, "n d"], y: Float[Tensor, "m d"]) -> Float[Tensor, " l"]:
        """Return the single output of the critic."""
        return only_column(h, "Hinge")
