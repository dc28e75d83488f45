"""The linear kernel, which compares means alone."""

from dataclasses import dataclass

from jaxtyping import Float
from torch import Tensor

from pushforward.kernels.base import Kernel
from pushforward.kernels.pairwise import inner, matched


@dataclass(frozen=True)
class Linear(Kernel):
    """k(x, y) = ⟨x, y⟩.

    Sees means only: MMD² is the squared distance of the means, and with a critic in front it is Wasserstein GAN's.

    Example:
        >>> import torch
        >>> Linear()(torch.tensor([[1.0, 2.0]]), torch.tensor([[3.0, 4.0]])).item()
        11.0
    """

    def __call__(self, x: Float[Tensor, "n d"], y: Float[Tensor, "m d"]) -> Float[Tensor, "n m"]:
        return inner(x, y)

    def paired(self, x: Float[Tensor, "n d"], y: Float[Tensor, "n d"]) -> Float[Tensor, " n"]:
        x, y = matched(x, y)
        return (x * y).sum(-1)
