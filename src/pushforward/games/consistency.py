"""The training of consistency: a map from noisy data to data agrees with itself at neighbouring levels of noise."""

from collections.abc import Callable, Mapping
from math import log, sqrt

import torch
from jaxtyping import Float
from torch import Tensor

from pushforward import ranks
from pushforward.errors import Refused
from pushforward.games.base import Game, Turn
from pushforward.samplers import ConsistencyMap
from pushforward.spaces import Batch, Space
from pushforward.tuning import Adam, Optimizer

BEND = 7.0
"""ρ: levels of noise are evenly spaced in σ^(1/ρ)."""

SMOOTH = 0.00054
"""The constant of the loss at 0, a coordinate: c = SMOOTH·√dim."""

CENTRE, WIDTH = -1.1, 2.0
"""Mean and deviation of log σ, for data of deviation ½, by which levels are drawn."""


class ConsistencyTraining(Game):
    """min_f E √(‖f(x + σ′z, σ′) − f(x + σz, σ)‖² + c²)/(σ′ − σ), σ′ the noise level above σ, the latter f fixed.

        repeat: N ← min(first·2^⌊turn/doubling⌋, most);  σ_i = (σ_min^{1/ρ} + i/N·(σ_max^{1/ρ} − σ_min^{1/ρ}))^ρ
                i ∝ P(σ_i < σ < σ_{i+1}), log σ normal;  z ~ N(0, I)
                f descends  mean (√(‖f(x + σ_{i+1}z, σ_{i+1}) − sg f(x + σ_i z, σ_i)‖² + c²) − c)/(σ_{i+1} − σ_i)

    As N grows, f(x + σz, σ) becomes the beginning of the path of the probability flow through that point.

    Args:
        space: of the points.
        sampler: f.
        first: intervals of noise levels at first, at least 2.
        most: intervals at last.
        doubling: turns after which their number doubles.
        tune: the optimiser.
        batch_size: points of data in a step.

    Raises:
        Refused: if `first`, `most` and `doubling` are not in order.
    Source: Song et al. (2023), arXiv:2303.01469, algorithm 3; Song and Dhariwal (2024), arXiv:2310.14189, table 1, for
        the loss, its weight, and the levels.
    """

    sampler: ConsistencyMap

    def __init__(
        self,
        space: Space,
        sampler: ConsistencyMap,
        first: int = 10,
        most: int = 1280,
        doubling: int = 500,
        tune: Optimizer = Adam(),
        batch_size: int = 256,
    ):
        super().__init__()
        if not (2 <= first <= most and doubling >= 1):
            raise Refused(
                f"levels of ConsistencyTraining must be from 2 on, not fewer at last than at first, and double after a "
                f"turn or more, got {first}, {most} and {doubling}."
            )
        self.space, self.sampler, self.batch_size = space, sampler, batch_size
        self.first, self.most, self.doubling = first, most, doubling
        self.tune: Mapping[str, Optimizer] = {"sampler": tune}

    def step(self, batch: Callable[[], Batch], turn: Turn) -> None:
        """Take one turn of the loop above."""
        x = batch().x
        sigma, above, z = self._noise(x, self.levels(turn.number).to(x.device))
        spread = lambda v: v.view(-1, *[1] * (x.ndim - 1))
        with torch.no_grad():
            target = self.sampler.origin(x + spread(sigma) * z, sigma)
        squares = (self.sampler.origin(x + spread(above) * z, above) - target).flatten(1).square().sum(1)
        c = SMOOTH * sqrt(self.space.dim)
        turn.minimize(self.sampler, (((squares + c**2).sqrt() - c) / (above - sigma)).mean())

    def levels(self, turn: int) -> Float[Tensor, " N"]:
        """Return the levels of noise at a turn, ascending from σ_min to σ_max."""
        n = min(self.first * 2 ** min(turn // self.doubling, 30), self.most)
        low, high = self.sampler.low ** (1 / BEND), self.sampler.high ** (1 / BEND)
        return torch.linspace(low, high, n + 1) ** BEND

    def weights(self, levels: Float[Tensor, " N"]) -> Float[Tensor, " M"]:
        """Return how often each interval of the levels is drawn: P(σ in it), not normalised, log σ normal."""
        shift = log(self.sampler.deviation / 0.5)
        return torch.special.ndtr((levels.log() - CENTRE - shift) / WIDTH).diff()

    def _noise(self, x: Tensor, levels: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Two neighbouring levels of each point, and its noise, this process's share of those of all."""
        total = len(x) * ranks.size()
        i = ranks.share(torch.multinomial(self.weights(levels), total, replacement=True))
        return levels[i], levels[i + 1], ranks.share(torch.randn(total, *x.shape[1:], device=x.device))
