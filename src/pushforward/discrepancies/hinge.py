"""The hinge value of a critic: margins, not probabilities."""

from dataclasses import dataclass

from jaxtyping import Float
from torch import Tensor
from torch.nn.functional import relu

from pushforward.discrepancies.base import Discrepancy
from pushforward.discrepancies.mean_difference import single


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
        return -relu(1 - single(x, "Hinge")).mean() - relu(1 + single(y, "Hinge")).mean()

    def surrogate(self, x: Float[Tensor, "n d"], y: Float[Tensor, "m d"]) -> Float[Tensor, ""]:
        """−mean(y)."""
        return -single(y, "Hinge").mean()

    def witness(self, h: Float[Tensor, "l d"], x: Float[Tensor, "n d"], y: Float[Tensor, "m d"]) -> Float[Tensor, " l"]:
        """The critic's output."""
        return single(h, "Hinge")
