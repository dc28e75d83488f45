"""Both players at once: the single-step loop."""

from collections.abc import Callable

from torch import nn

from pushforward.critics import Adversarial
from pushforward.discrepancies import Discrepancy
from pushforward.games.base import Game, Turn, agree_on_labels
from pushforward.samplers import Pushforward
from pushforward.spaces import Batch, Space
from pushforward.tuning import Adam, Optimizer


class Simultaneous(Game):
    """min_g max_f D(x, g(z)), one batch and one step of both a turn.

        repeat: f ascends  D(x, g(z)) less its taxes   together with
                g descends  D(x, g(z))

    Args:
        space: of the points.
        sampler: g#µ.
        discrepancy: D, behind a critic.
        tune: the sampler's optimiser.
        critic_tune: the critic's; the sampler's if absent.
        batch_size: points of data, and samples, in a step.
    """

    def __init__(
        self,
        space: Space,
        sampler: Pushforward,
        discrepancy: Adversarial,
        tune: Optimizer = Adam(),
        critic_tune: Optimizer | None = None,
        batch_size: int = 64,
    ):
        super().__init__()
        agree_on_labels(space, sampler, discrepancy.f)
        self.space, self.sampler, self.discrepancy, self.batch_size = space, sampler, discrepancy, batch_size
        self.tune = {"sampler": tune, "discrepancy": critic_tune or tune}

    def step(self, batch: Callable[[], Batch], turn: Turn) -> None:
        """One turn of the loop above."""
        g, D, x = self.sampler, self.discrepancy, batch()
        y = g(len(x.x), x.label)
        D.project()
        value, loss = D.objective(x, Batch(y.x.detach(), y.label)), D.loss(x, y)
        with turn.together():
            turn.maximize(D, value)
            turn.minimize(g, loss)

    def critic(self) -> tuple[Discrepancy, nn.Module]:
        """The discrepancy behind the critic, and the critic."""
        return self.discrepancy.D, self.discrepancy.f
