"""The game of maximum likelihood, for samplers that know their density."""

from collections.abc import Callable, Mapping

from jaxtyping import Float
from torch import Tensor

from pushforward.errors import Refused
from pushforward.games.base import Game, TrainingRows, Turn
from pushforward.samplers import Density, Sampler, dequantised
from pushforward.spaces import Batch, Space
from pushforward.tuning import Adam, Optimizer

ROWS = 10_000
"""Rows of which steps between values and first scales are taken."""


class Likelihood(Game):
    """max_g E log q(x), q the density of g#µ, or a bound of it.

        repeat: g descends  −mean log q(x + u) / dim,  u uniform over half a step to both sides where x has steps

    Args:
        space: of the points.
        sampler: with a `log_prob`.
        tune: its optimiser.
        batch_size: points of data in a step.
        rows: of the training part, at most, that the sampler sees for its steps and first scales.
        chosen: whether the state that is handed over is chosen by the likelihood of the validation part.
        clip_norm: largest norm of the gradient, of nats a dimension; None for no bound.
        patience: as of `Game`.

    Raises:
        Refused: if the sampler has no density.
    """

    def __init__(
        self,
        space: Space,
        sampler: Sampler,
        tune: Optimizer = Adam(),
        batch_size: int = 100,
        rows: int = ROWS,
        chosen: bool = False,
        clip_norm: float | None = None,
        patience: int = 0,
    ):
        super().__init__()
        if not isinstance(sampler, Density):
            raise Refused(f"Likelihood needs a sampler with a density, and {type(sampler).__name__} has no log_prob.")
        self.space, self.sampler, self.batch_size = space, sampler, batch_size
        self.rows, self.by_likelihood, self.clip_norm, self.patience = rows, chosen, clip_norm, patience
        self.tune: Mapping[str, Optimizer] = {"sampler": tune}

    def prepare(self, data: TrainingRows) -> None:
        """Give the sampler rows for its steps and first scales."""
        self.sampler.prepare(data.all(self.rows))

    def step(self, batch: Callable[[], Batch], turn: Turn) -> None:
        """Take one turn of the loop above."""
        turn.minimize(self.sampler, nats_a_dimension(self.sampler, batch()))


def nats_a_dimension(sampler: Sampler, x: Batch) -> Float[Tensor, ""]:
    """Return −mean log q(x + u) / dim, u the noise that fills the steps between values, where there are any."""
    assert isinstance(sampler, Density)  # a game asked
    return -sampler.log_prob(filled(sampler, x)).mean() / x.x[0].numel()


def filled(sampler: Sampler, x: Batch) -> Batch:
    """Return x + u, u the noise that fills the steps between values that the sampler found in the data."""
    return x if sampler.grain is None else x._replace(x=dequantised(x.x, sampler.grain))
