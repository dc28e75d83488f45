"""The difference of a critic's means, which is Wasserstein GAN's value of it."""

from dataclasses import dataclass

from jaxtyping import Float
from torch import Tensor

from pushforward.discrepancies.base import Discrepancy
from pushforward.errors import Refused


@dataclass(frozen=True)
class MeanDifference(Discrepancy):
    """D = mean(x) − mean(y), of the single output of a critic.

    The supremum over 1-Lipschitz critics is the Wasserstein-1 distance; without a critic it may be negative.

    Source: Arjovsky, Chintala, Bottou (2017), equation 3, arXiv 1701.07875.
    Example:
        >>> import torch
        >>> MeanDifference()(torch.tensor([[3.0], [5.0]]), torch.tensor([[1.0]])).item()
        3.0
    """

    one_sided = True

    def __call__(self, x: Float[Tensor, "n d"], y: Float[Tensor, "m d"]) -> Float[Tensor, ""]:
        return only_column(x, "MeanDifference").mean() - only_column(y, "MeanDifference").mean()

    def surrogate(self, x: Float[Tensor, "n d"], y: Float[Tensor, "m d"]) -> Float[Tensor, ""]:
        """−mean(y): the value without the part that no sampler moves."""
        return -only_column(y, "MeanDifference").mean()

    def witness(self, h: Float[Tensor, "l d"], x: Float[Tensor, "n d"], y: Float[Tensor, "m d"]) -> Float[Tensor, " l"]:
        return only_column(h, "MeanDifference")


def only_column(x: Tensor, owner: str) -> Tensor:
    """Return the only column of x, in float32 at least.

    Raises:
        Refused: unless there is exactly one.
    """
    if x.dim() != 2 or x.shape[1] != 1:
        raise Refused(f"{owner} compares a critic of one output, got shape {tuple(x.shape)}; give it outputs=1.")
    return x.squeeze(1) if x.dtype.itemsize >= 4 else x.squeeze(1).float()
