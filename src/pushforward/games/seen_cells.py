"""The fitting of samplers that keep the rows they have seen: all rows at once, in one turn."""

from torch import Tensor

from pushforward.games.base import TrainingRows, Turn
from pushforward.games.whole import Whole
from pushforward.samplers import SeenCells
from pushforward.spaces import Batch, Space

MOST = 200_000
"""Rows that are taken, at most: a random part of more."""


class SeenCellsFit(Whole):
    """A game of one turn, in which the sampler takes all training rows.

        once: g ← rows, and what its `fit` finds in them

    Args:
        space: of the points.
        sampler: that keeps rows.
        batch_size: as of `Whole`.
    """

    sampler: SeenCells

    def __init__(self, space: Space, sampler: SeenCells, batch_size: int = 1000):
        super().__init__(space, sampler, batch_size)
        self._label: Tensor | None = None

    def prepare(self, data: TrainingRows) -> None:
        """Take the training rows, with their labels."""
        self._rows, self._label, _ = data.all(MOST)

    def sweep(self, x: Tensor, turn: Turn) -> bool:
        """Fit the sampler to all rows, and return that it was the last sweep."""
        self.sampler.fit(Batch(x, self._label))
        turn.note("sampler", 0.0, rows=float(len(x)))
        return True
