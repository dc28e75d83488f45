"""The sliced Wasserstein distance: sorted projections, each an exact transport on the line."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import torch
from jaxtyping import Float
from torch import Tensor

from pushforward.discrepancies.quantile_pieces import QuantilePieces
from pushforward.metrics.base import Better, Metric, Score, Title
from pushforward.metrics.numerics.checked_arrays import generator

NOTE = "biased upwards at any n, so compare at equal sizes only; its spread is no confidence in the limit"


@dataclass(frozen=True)
class SlicedWasserstein(Metric):
    """(E_u W₂²(uᵀx, uᵀy))^½ over random unit vectors u, in the data's units; exact on each line, also for n ≠ m.

    Multiplied by √d it equals ‖shift‖ in the mean for a mere shift. Its spread is that of the first-order term: the
    potentials of each line's transport.

    Args:
        projections: number of directions.
        seed: of the directions.
    Source: Rabin et al. (2011); Bonneel et al. (2015).
    """

    name: ClassVar[str] = "sliced-wasserstein"
    titles: ClassVar[Mapping[str, Title]] = {
        "sliced-wasserstein": Title(
            "sliced Wasserstein", "mean distance along random lines; above 0 even for the same law"
        )
    }
    better: ClassVar[Better] = "lower"
    projections: int = 128
    seed: int = 0

    @property
    def least_samples(self) -> int:
        return 2

    def measure(self, x: Tensor, y: Tensor) -> tuple[Score, ...]:
        pieces = QuantilePieces.of(len(x), len(y))
        square, u, v = 0.0, x.new_zeros(len(x)), y.new_zeros(len(y))
        for direction in self.directions(x.shape[1]):
            value, of_x, of_y = pieces.transport(x @ direction, y @ direction)
            square, u, v = square + value, u + of_x, v + of_y
        value = (square / self.projections) ** 0.5
        variance = float(u.var() / len(x) + v.var() / len(y)) / self.projections**2
        # d√F = dF/2√F; where F is 0 there is no first-order term.
        spread = variance**0.5 / (2 * value) if value > 0 else 0.0
        return (Score(self.name, value, None, None, "lower", "influence function", NOTE, spread=spread),)

    def directions(self, d: int) -> Float[Tensor, "l d"]:
        """Draw unit vectors uniformly from the sphere."""
        u = torch.randn(self.projections, d, generator=generator(self.seed), dtype=torch.float64)
        return u / u.norm(dim=1, keepdim=True)
