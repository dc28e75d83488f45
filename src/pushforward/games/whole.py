"""The base of methods that see all training data at once: one sweep over them a turn, without an optimiser."""

from abc import abstractmethod
from collections.abc import Callable

import torch
from torch import Tensor

from pushforward.games.base import Game, TrainingRows, Turn
from pushforward.samplers import Sampler, Stepped
from pushforward.spaces import Batch, Space

ROWS = 10_000
"""Rows of which steps between values are taken."""


class Whole(Game):
    """A game whose turn is one sweep over all training rows, as of expectation maximisation.

        repeat: the sampler's numbers ← `sweep` of all rows, until `sweep` says that it is over

    The numbers are buffers of the sampler, so that they are kept and resumed as weights are; they are not averaged.

    Args:
        space: of the points.
        sampler: whose numbers are found.
        batch_size: of batches that nobody asks for; a sweep takes all rows.
    """

    averaged = False

    def __init__(self, space: Space, sampler: Sampler, batch_size: int = 1000):
        super().__init__()
        self.space, self.sampler, self.batch_size, self.tune = space, sampler, batch_size, {}
        self.over = torch.nn.Buffer(torch.tensor(-1))
        self._rows: Tensor | None = None

    @property
    def turns(self) -> int | None:  # type: ignore[override]  # known when it is over
        """The number of the turn that was the last; None before."""
        return int(self.over) if self.over >= 0 else None

    @abstractmethod
    def sweep(self, x: Tensor, turn: Turn) -> bool:
        """Take one sweep over all rows, note it on the turn, and return whether it was the last.

        Args:
            x: all training rows, (n, d).
            turn: where the sweep is noted.
        """

    def prepare(self, data: TrainingRows) -> None:
        """Take all training rows into memory, with noise that fills the steps between their values."""
        assert isinstance(self.sampler, Stepped)  # other members take their rows themselves
        self.sampler.prepare(data.all(ROWS))
        self._rows = self.sampler.filled(data.all().x).flatten(1)

    def step(self, batch: Callable[[], Batch], turn: Turn) -> None:
        """Take one sweep over all rows."""
        assert self._rows is not None  # prepared
        if self.sweep(self._rows, turn):
            self.over.fill_(turn.number + 1)
