"""The one-sided difference of feature means: Li et al.'s summand that keeps data's features above the samples'."""

from dataclasses import dataclass

from jaxtyping import Float
from torch import Tensor
from torch.nn.functional import relu

from pushforward.discrepancies.base import Discrepancy
from pushforward.kernels.pairwise import matched


@dataclass(frozen=True)
class OneSidedMean(Discrepancy):
    """D = −mean_j relu(−(x̄ − ȳ)_j), x̄ and ȳ the feature means; never above 0.

    A critic that raises it orders its features, data above samples; by itself it tells nothing apart.

    Source: Li et al. (2017), arXiv 1705.08584; weight 16 in the authors' code.
    Example:
        >>> import torch
        >>> OneSidedMean()(torch.tensor([[1.0, 0.0]]), torch.tensor([[0.0, 3.0]])).item()
        -1.5
    """

    def __call__(self, x: Float[Tensor, "n d"], y: Float[Tensor, "m d"]) -> Float[Tensor, ""]:
        x, y = matched(x, y)
        return -relu(y.mean(0) - x.mean(0)).mean()

    def witness(self, h: Float[Tensor, "l d"], x: Float[Tensor, "n d"], y: Float[Tensor, "m d"]) -> Float[Tensor, " l"]:
        """Return the mean over all features, those whose order is right counted as 0."""
        x, y = matched(x, y)
        wrong = (y.mean(0) > x.mean(0)).to(h.dtype)
        return (h * wrong).mean(1)
