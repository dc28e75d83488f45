"""A sampler of discrete points, which no gradient passes: it raises the probability of what the critic favours."""

from collections.abc import Callable

import torch
from torch import Tensor

from pushforward.critics import Adversarial
from pushforward.critics.base import represent
from pushforward.errors import Refused
from pushforward.games.base import TrainingRows, Turn
from pushforward.games.duel import Duel
from pushforward.likelihoods.two_values import between
from pushforward.samplers import TwoValued
from pushforward.spaces import Batch, Space
from pushforward.tuning import Adam, Optimizer

ROWS = 2000
"""Rows that are looked at before the first turn, at most."""


class BoundarySeekingPolicy(Duel):
    """min_g −E_z Σ_m w̃_m log g(y_m|z), y_1 … y_M ~ g(·|z), w̃ the softmax over m of the critic's log-ratio at y_m.

        repeat: `critic_steps` times  f ascends   D(x, y)
                then                  g descends  −mean_z Σ_m w̃_m log g(y_m|z),   w̃ without gradient

    The weights are those of importance sampling from g(·|z) towards (p/q)·g(·|z), normalised for each z.

    Args:
        space: of the points.
        sampler: of points with two values a coordinate.
        discrepancy: D, whose critic reads off log p/q.
        draws: M, points for each z; one alone has weight 1 whatever the critic says.
        tune: the sampler's optimiser.
        critic_tune: the critic's; the sampler's if absent.
        batch_size: points of data, and z, in a step.
    Source: Hjelm et al. (2018), arXiv:1702.08431, the algorithm for discrete data.
    """

    sampler: TwoValued
    discrepancy: Adversarial

    def __init__(
        self,
        space: Space,
        sampler: TwoValued,
        discrepancy: Adversarial,
        draws: int = 20,
        tune: Optimizer = Adam(),
        critic_tune: Optimizer | None = None,
        batch_size: int = 64,
    ):
        super().__init__(space, sampler, discrepancy, tune, critic_tune, batch_size)
        if draws < 2:
            raise Refused(f"draws of BoundarySeekingPolicy must be at least 2, got {draws}; 20 is usual.")
        if discrepancy.D.log_ratio(torch.zeros(1, 1)) is None:
            raise Refused(f"BoundarySeekingPolicy needs a critic that reads off log p/q, {discrepancy.D} has none.")
        self.draws = draws

    def step(self, batch: Callable[[], Batch], turn: Turn) -> None:
        """Take one turn of the loop above."""
        self.raise_critic(batch, turn)
        x = batch()
        y, log_prob = self.sampler.explored(len(x.x), self.draws, x.label if self.sampler.classes else None)
        turn.minimize(self.sampler, -(self._weights(y, x.label) * log_prob).sum(1).mean())

    def prepare(self, data: TrainingRows) -> None:
        """Refuse data that have other than two values.

        Raises:
            Refused: for others, which a sampler of two values cannot match.
        """
        if between(data.all(ROWS).x, self.sampler.low, self.sampler.high):
            raise Refused("a sampler of two values needs data of two values; make the pictures black and white: "
                          "--threshold 0.5.")  # fmt: skip

    def _weights(self, y: Tensor, label: Tensor | None) -> Tensor:
        """Return the weights w̃ of the draws, (n, draws)."""
        D, n = self.discrepancy, len(y)
        labels = None if label is None else label.to(y.device).repeat_interleave(self.draws)
        log_ratio = D.D.log_ratio(represent(D.f, Batch(y.flatten(0, 1), labels)).detach())
        assert log_ratio is not None  # __init__ asked
        return log_ratio.view(n, self.draws).softmax(1)
