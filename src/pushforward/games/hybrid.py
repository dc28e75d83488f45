"""The game of a likelihood and an adversary in one step, for samplers that know their density or a bound of it."""

from collections.abc import Callable

from pushforward.discrepancies import Discrepancy
from pushforward.errors import Refused
from pushforward.games.base import TrainingRows, Turn
from pushforward.games.likelihood import ROWS, filled, nats_a_dimension
from pushforward.games.matching import Matching
from pushforward.samplers import Density, Sampler
from pushforward.spaces import Batch, Space
from pushforward.tuning import Adam, Optimizer


class Hybrid(Matching):
    """min_g λ·E −log q(x)/dim + α·D(P, g#µ), q the density of g#µ or a bound of it, D the supremum over a critic.

        repeat: `critic_steps` times  f ascends   D(x + u, g(z)) less its taxes  (not in the first `warm_up` turns)
                then                  g descends  −λ·mean log q(x + u)/dim + α·D(x + u, g(z))  (there: likelihood)

    u is noise that fills the steps between values where there are any, which alone would give samples away.

    At the best critic of Jensen–Shannon's log-ratio the second part is KL(g#µ ‖ P), the first KL(P ‖ g#µ) but for a
    constant: one pays for what data are not covered, the other for samples that no data are like.

    Args:
        space: of the points.
        sampler: with a `log_prob`.
        discrepancy: D.
        likelihood: λ, at least 0.
        adversarial: α, at least 0.
        warm_up: turns of likelihood alone.
        tune: the sampler's optimiser.
        critic_tune: the critic's; the sampler's if absent.
        batch_size: points of data, and samples, in a step.
        clip_norm: largest norm of either player's gradient; None for no bound.

    Raises:
        Refused: if the sampler has no density, both weights are 0 or one is negative.
    Source: Grover, Dhar, Ermon (2018), arXiv 1705.08868, equation 4.
    """

    def __init__(
        self,
        space: Space,
        sampler: Sampler,
        discrepancy: Discrepancy,
        likelihood: float = 1.0,
        adversarial: float = 1.0,
        warm_up: int = 0,
        tune: Optimizer = Adam(),
        critic_tune: Optimizer | None = None,
        batch_size: int = 64,
        clip_norm: float | None = None,
    ):
        if not isinstance(sampler, Density):
            raise Refused(f"Hybrid needs a sampler with a density, and {type(sampler).__name__} has no log_prob.")
        if min(likelihood, adversarial) < 0 or not likelihood + adversarial > 0:
            raise Refused(f"likelihood and adversarial of Hybrid must be 0 or more, not both 0, got {likelihood} "
                          f"and {adversarial}.")  # fmt: skip
        super().__init__(space, sampler, discrepancy, tune, critic_tune, batch_size)
        self.likelihood, self.adversarial, self.warm_up = likelihood, adversarial, warm_up
        self.clip_norm = clip_norm

    def prepare(self, data: TrainingRows) -> None:
        """Set bandwidths as `Matching` does, and give the sampler rows for its steps and first scales."""
        super().prepare(data)
        self.sampler.prepare(data.all(ROWS))

    def compared(self, x: Batch) -> tuple[Batch, Batch]:
        """Return the batch of data with its steps filled, and as many samples."""
        return super().compared(filled(self.sampler, x))

    def step(self, batch: Callable[[], Batch], turn: Turn) -> None:
        """Take one turn of the loop above."""
        duel = self.adversarial > 0 and turn.number >= self.warm_up
        if duel:
            self.raise_critic(batch, turn)
        x = batch()
        nats = nats_a_dimension(self.sampler, x) if self.likelihood or not duel else x.x.new_zeros(())
        if not duel:
            return turn.minimize(self.sampler, nats)
        distance = self.discrepancy.loss(*self.shown(x))
        turn.minimize(
            self.sampler, self.likelihood * nats + self.adversarial * distance, likelihood=nats, adversarial=distance
        )
