"""The fitting of empirical CDFs: rows are sorted, and that is all."""

from torch import Tensor

from pushforward.errors import Refused
from pushforward.games.base import TrainingRows, Turn
from pushforward.games.whole import Whole
from pushforward.samplers import EmpiricalCDF


class EmpiricalFit(Whole):
    """F_i ← the empirical CDF of coordinate i of the training rows, steps between their values filled by noise.

    Args:
        space: of the points.
        sampler: whose rows they become.
        batch_size: as of `Whole`.
    """

    sampler: EmpiricalCDF

    def prepare(self, data: TrainingRows) -> None:
        """Take all training rows into memory, and make room for them in the sampler.

        Raises:
            Refused: for fewer than two rows, between which there is nothing.
        """
        super().prepare(data)
        if len(data) < 2:
            raise Refused(f"empirical-cdf needs two training rows or more, got {len(data)}.")
        self.sampler.reserve(len(data))

    def sweep(self, x: Tensor, turn: Turn) -> bool:
        """Keep the sorted rows, note the entropy of their law, and return that it was the last sweep."""
        self.sampler.put(x.double())
        gaps = self.sampler.rows.diff(dim=0)
        turn.note("sampler", (gaps[gaps > 0] * len(gaps)).log().mean())
        return True
