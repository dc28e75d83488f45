"""The loop of every method whose sampler has one discrepancy D(P, g#µ) to lower."""

from collections.abc import Callable

from torch import nn

from pushforward.games.base import TrainingRows, Turn
from pushforward.games.duel import Duel
from pushforward.kernels.bandwidth import ROWS
from pushforward.spaces import Batch


class Matching(Duel):
    """min_g D(P, g#µ), D a value or the supremum over a critic; arguments as of `Duel`.

    repeat: `critic_steps` times  f ascends   D(x, g(z)) less its taxes   (never, for a kernel method)
            then                  g descends  D(x, g(z))
    """

    augmentable = True

    def step(self, batch: Callable[[], Batch], turn: Turn) -> None:
        """Take one turn of the loop above."""
        self.raise_critic(batch, turn)
        turn.minimize(self.sampler, self.discrepancy.loss(*self.shown(batch())))

    def prepare(self, data: TrainingRows) -> None:
        """Set bandwidths by the median heuristic, of a discrepancy that compares the points themselves."""
        if not isinstance(self.discrepancy, nn.Module):
            self.discrepancy = self.discrepancy.fitted(data.all(ROWS).x.flatten(1))
