"""A discrepancy of means and second moments."""

from dataclasses import dataclass

from jaxtyping import Float
from torch import Tensor

from pushforward.discrepancies import Discrepancy
from pushforward.errors import Refused
from pushforward.kernels.pairwise import full_precision, matched


@dataclass(frozen=True)
class Moments(Discrepancy):
    """D = ‖E x − E y‖² + weight·‖E xxᵀ − E yyᵀ‖².

    Zero as soon as the first two moments agree, whatever the rest does. It is the MMD² of the
    kernel ⟨x, y⟩ + weight·⟨x, y⟩², with every pair of rows counted, and takes a time that grows
    with n·d² where the MMD's grows with n²·d.

    Args:
        weight: of the second moments, at least 0.
    Example:
        >>> import torch
        >>> Moments()(torch.tensor([[1.0], [3.0]]), torch.tensor([[0.0]])).item()  # 2² + 5²
        29.0
    """

    weight: float = 1.0
    degree = 2  # a squared norm of the witness, not a difference of its means

    def __post_init__(self) -> None:
        if not self.weight >= 0:
            raise Refused(f"weight of Moments must be at least 0, got {self.weight}.")

    def __call__(self, x: Float[Tensor, "n d"], y: Float[Tensor, "m d"]) -> Float[Tensor, ""]:
        first, second = self._gaps(x, y)
        return first.square().sum() + self.weight * second.square().sum()

    def witness(self, h: Float[Tensor, "l d"], x: Float[Tensor, "n d"], y: Float[Tensor, "m d"]) -> Float[Tensor, " l"]:
        """⟨E x − E y, h⟩ + weight·hᵀ(E xxᵀ − E yyᵀ)h; its means differ by D."""
        first, second = self._gaps(x, y)
        h, _ = matched(h, h)
        with full_precision(h):
            return h @ first + self.weight * ((h @ second) * h).sum(1)

    def _gaps(self, x: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
        x, y = matched(x, y)
        with full_precision(x):  # no autocast within statistics
            return x.mean(0) - y.mean(0), x.T @ x / len(x) - y.T @ y / len(y)
