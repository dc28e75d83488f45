"""The game of maximum likelihood, for samplers that know their density."""

from collections.abc import Callable, Mapping

from pushforward.errors import Refused
from pushforward.games.base import Game, Turn
from pushforward.samplers import Density, Sampler
from pushforward.spaces import Batch, Space
from pushforward.tuning import Adam, Optimizer


class Likelihood(Game):
    """max_g E log q(x), q the density of g#µ, or a bound of it.

        repeat: g descends  −mean log q(x) / dim

    Args:
        space: of the points.
        sampler: with a `log_prob`.
        tune: its optimiser.
        batch_size: points of data in a step.

    Raises:
        Refused: if the sampler has no density.
    """

    def __init__(self, space: Space, sampler: Sampler, tune: Optimizer = Adam(), batch_size: int = 100):
        super().__init__()
        if not isinstance(sampler, Density):
            raise Refused(f"Likelihood needs a sampler with a density, and {type(sampler).__name__} has no log_prob.")
        self.space, self.sampler, self.batch_size = space, sampler, batch_size
        self.tune: Mapping[str, Optimizer] = {"sampler": tune}

    def step(self, batch: Callable[[], Batch], turn: Turn) -> None:
        """Take one turn of the loop above."""
        assert isinstance(self.sampler, Density)  # __init__ asked
        turn.minimize(self.sampler, -self.sampler.log_prob(batch()).mean() / self.space.dim)
