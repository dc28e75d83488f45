"""The distances of rows of a table: numbers by the range of the data, levels by whether they are the same."""

from collections.abc import Iterator, Sequence

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from pushforward.metrics.numerics.cells import Column

MISMATCH = 2.0
"""The distance of two levels, that of their indicators; that of two numbers is at most 1 within the data's range."""

BLOCK = 500
"""Rows whose distances to all others are in memory at once."""


class RowDistances:
    """Σ |a_i − b_i| / range_i over numbers, and 2 for each level that is not the same.

    A missing number lies one range below the least of the data.

    Args:
        reference: columns of rows whose ranges are taken.
    """

    def __init__(self, reference: Sequence[Column]) -> None:
        numbers = [column.cells for column in reference if not column.levels]
        self.low = [_held(cells).min(initial=np.inf) for cells in numbers]
        self.high = [_held(cells).max(initial=-np.inf) for cells in numbers]

    def nearest(self, rows: Sequence[Column], others: Sequence[Column]) -> tuple[np.ndarray, np.ndarray]:
        """Return the distance of each row to the nearest of others, and which that is.

        Args:
            rows: their columns.
            others: columns of the rows that are looked among.
        """
        found = [block.min(1) for block in self._blocks(rows, others)]
        return (np.concatenate([f.values.numpy() for f in found]), np.concatenate([f.indices.numpy() for f in found]))

    def _blocks(self, rows: Sequence[Column], others: Sequence[Column]) -> Iterator[Float[Tensor, "b m"]]:
        """Yield the distances of some rows at a time to all others."""
        (a, of_a), (b, of_b) = (self._encoded(side) for side in (rows, others))
        levels = len([column for column in rows if column.levels])
        for start in range(0, len(a), BLOCK):
            part = slice(start, start + BLOCK)
            same = of_a[part] @ of_b.T
            yield torch.cdist(a[part], b, p=1) + MISMATCH * (levels - same)

    def _encoded(self, side: Sequence[Column]) -> tuple[Float[Tensor, "n p"], Float[Tensor, "n q"]]:
        """Return numbers from 0 to 1 over the range of the reference, and an indicator of each level."""
        n, numbers = len(side[0].cells), [column.cells for column in side if not column.levels]
        scaled = [_scaled(z, low, high) for z, low, high in zip(numbers, self.low, self.high, strict=True)]
        one_hot = [
            torch.nn.functional.one_hot(torch.from_numpy(c.codes), len(c.levels)).float() for c in side if c.levels
        ]
        return (
            torch.from_numpy(np.stack(scaled, 1)).float() if scaled else torch.zeros(n, 0),
            torch.cat(one_hot, 1) if one_hot else torch.zeros(n, 0),
        )


def _held(cells: np.ndarray) -> np.ndarray:
    return cells[~np.isnan(cells)]


def _scaled(cells: np.ndarray, low: float, high: float) -> np.ndarray:
    """Return numbers by the range of the reference; one of its width below 0 where missing."""
    width = high - low if high > low else 1.0
    return np.where(np.isnan(cells), -1.0, (cells - (low if np.isfinite(low) else 0.0)) / width)
