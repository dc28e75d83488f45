"""The square root of a squared discrepancy, zero where that is negative."""

from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor

from pushforward.discrepancies.base import Discrepancy
from pushforward.discrepancies.gram import Gram
from pushforward.discrepancies.mmd import MMD
from pushforward.errors import Refused
from pushforward.kernels.pairwise import root


@dataclass(frozen=True)
class Root(Discrepancy):
    """√max(0, D): of degree 1 when D is of degree 2.

    Value and gradient are zero where D is not positive, so an unbiased estimate, which can be negative, gives a sampler
    nothing to follow there; `Root(MMD(k, Biased()))` is what GMMN, Li et al. and GRAM lower.

    Args:
        discrepancy: D, of degree 2.
    Example:
        >>> from pushforward.discrepancies import MMD, Biased
        >>> from pushforward.kernels import Linear
        >>> Root(MMD(Linear(), Biased()))(torch.tensor([[5.0]]), torch.tensor([[2.0]])).item()
        3.0
    """

    discrepancy: Discrepancy

    def __post_init__(self) -> None:
        if self.discrepancy.degree != 2:
            raise Refused(
                f"discrepancy of Root must be a squared one (degree 2), got {self.discrepancy}; drop the Root."
            )

    def __call__(self, x: Float[Tensor, "n d"], y: Float[Tensor, "m d"]) -> Float[Tensor, ""]:
        return root(self.discrepancy(x, y))

    @property
    def paired(self) -> bool:  # type: ignore[override]
        return self.discrepancy.paired

    def of(self, gram: Gram) -> Float[Tensor, ""]:
        """Return the root of an MMD² from kernel matrices that are there already."""
        if not isinstance(self.discrepancy, MMD):
            raise Refused(
                f"only an MMD is read off kernel matrices, got {self.discrepancy}; call it on points instead."
            )
        return root(self.discrepancy.of(gram))

    def surrogate(self, x: Float[Tensor, "n d"], y: Float[Tensor, "m d"]) -> Float[Tensor, ""]:
        return root(self.discrepancy.surrogate(x, y))

    def witness(self, h: Float[Tensor, "l d"], x: Float[Tensor, "n d"], y: Float[Tensor, "m d"]) -> Float[Tensor, " l"]:
        """Return the witness of D over √D: the unit-norm function whose means differ by the value."""
        value = self(x, y)
        return self.discrepancy.witness(h, x, y) / torch.where(value > 0, value, 1.0)

    def fitted(self, x: Float[Tensor, "n d"]) -> "Root":
        return Root(self.discrepancy.fitted(x))
