"""The fitting of samplers that keep the rows they have seen: all rows at once, in one turn."""

from torch import Tensor

from pushforward.games.base import TrainingRows, Turn
from pushforward.games.whole import Whole
from pushforward.samplers import SeenCells

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

    def prepare(self, data: TrainingRows) -> None:
        """Fit the sampler to the training rows, before the first turn: what is kept has the size of what it finds."""
        rows = data.all(MOST)
        self.sampler.fit(rows)
        self._rows = rows.x

    def sweep(self, x: Tensor, turn: Turn) -> bool:
        """Return that it was the last sweep, since all is found."""
        turn.note("sampler", 0.0, rows=float(len(x)))
        return True
