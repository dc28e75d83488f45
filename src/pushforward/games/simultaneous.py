"""The single-step loop, in which both players step at once."""

from collections.abc import Callable

from pushforward.games.base import Turn
from pushforward.games.duel import Duel
from pushforward.spaces import Batch


class Simultaneous(Duel):
    """min_g max_f D(x, g(z)), one batch and one step of both a turn; arguments as of `Duel`, D behind a critic.

    repeat: f ascends  D(x, g(z)) less its taxes   together with
            g descends  D(x, g(z))
    """

    augmentable = True

    def step(self, batch: Callable[[], Batch], turn: Turn) -> None:
        """Take one turn of the loop above."""
        D = self.discrepancy
        x, y = self.shown(batch())
        D.project()
        value, loss = D.objective(x, y._replace(x=y.x.detach())), D.loss(x, y)
        with turn.together():
            turn.maximize(D, value)  # type: ignore[arg-type]  # it has a critic
            turn.minimize(self.sampler, loss)
