"""The game of a sampler that learns another's map of noise from pairs, beside a discrepancy to the data."""

from collections.abc import Callable
from math import lcm

import torch

from pushforward import ranks
from pushforward.discrepancies import Discrepancy
from pushforward.errors import Refused
from pushforward.games.base import TrainingRows, Turn
from pushforward.games.matching import Matching
from pushforward.games.pairs import Pairs
from pushforward.samplers import Normal, Pushforward, Sampler, Uniform
from pushforward.spaces import Batch, Space
from pushforward.tuning import Adam, Optimizer

BLOCK = 256
"""Pairs that the teacher makes at a time: many passes of few points would cost as much."""


class Distillation(Matching):
    """min_g ρ·E ‖g(z) − T(z)‖²/dim + α·D(P, g#µ), T the map of another sampler, its noise made of z ~ N(0, I).

        at every turn:  T makes `fresh` new pairs (z, T(z)); the newest are a stock
        repeat: `critic_steps` times  f ascends   D(x, g(z)) less its taxes                  (only where D has a critic)
                then                  g descends  ρ·mean ‖g(z) − T(z)‖²/dim + α·D(x, g(z′))  pairs of the stock, z′ new

    The first part alone is at best E(T(z) | what g can tell of z): where g is too small it is a blurred map, and what
    it lacks is the second part's to find. The teacher is no part of the game's weights: `learn_from` gives it.

    Args:
        space: of the points.
        sampler: g, of normal noise.
        discrepancy: D.
        regression: ρ, at least 0.
        adversarial: α, at least 0.
        pairs: most pairs in the stock.
        fresh: new pairs a turn; None for as many as a batch.
        tune: the sampler's optimiser.
        critic_tune: the critic's; the sampler's if absent.
        batch_size: points of data, pairs and samples, in a step.
        teacher: path of the run whose sampler is T, for whoever gives it; None where it is given otherwise.

    Raises:
        Refused: if both weights are 0 or one is negative, or a number of pairs is below 1.
    Source: Luhman and Luhman (2021), arXiv 2101.02388, for regression on pairs of noise and samples; BiFlow (2025),
        arXiv 2512.10953, for the inverse of a flow.
    """

    reads_labels = True
    sampler: Pushforward

    def __init__(
        self,
        space: Space,
        sampler: Pushforward,
        discrepancy: Discrepancy,
        regression: float = 1.0,
        adversarial: float = 1.0,
        pairs: int = 8192,
        fresh: int | None = None,
        tune: Optimizer = Adam(),
        critic_tune: Optimizer | None = None,
        batch_size: int = 64,
        teacher: str | None = None,
    ):
        super().__init__(space, sampler, discrepancy, tune, critic_tune, batch_size)
        if min(regression, adversarial) < 0 or not regression + adversarial > 0:
            raise Refused(f"regression and adversarial of Distillation must be 0 or more, not both 0, got {regression} "
                          f"and {adversarial}.")  # fmt: skip
        if min(pairs, 1 if fresh is None else fresh) < 1:
            raise Refused(f"pairs and fresh of Distillation must be at least 1, got {pairs} and {fresh}.")
        self.regression, self.adversarial, self.pairs, self.fresh = regression, adversarial, pairs, fresh
        self.teacher = teacher
        self._taught: tuple[Sampler, ...] = ()  # in a tuple, so that its weights are no part of the game's
        self._stock: Pairs | None = None

    def learn_from(self, teacher: Sampler, whose: str = "the teacher") -> None:
        """Take T from a sampler, which stays as it is.

        Args:
            teacher: that gives its points by one map of noise of a known law.
            whose: its name, in sentences that refuse it.

        Raises:
            Refused: if it is no map of normal or uniform noise of this sampler's size, or only one of both takes
                labels.
        """
        law, dim = teacher.noise_law, self.sampler.noise.dim
        if not isinstance(law, Normal | Uniform):
            raise Refused(f"{whose} has no map from noise that could be learnt: {type(teacher).__name__} decides by "
                          "chance on the way; give a run of a flow or an inverse CDF, such as grid-cdf.")  # fmt: skip
        if law.dim != dim:
            raise Refused(f"{whose} maps {law.dim} numbers of noise, and the sampler that is to learn it takes {dim}.")
        if teacher.classes != self.sampler.classes:
            raise Refused(f"{whose} takes {teacher.classes or 'no'} labels and the sampler that is to learn it "
                          f"{self.sampler.classes or 'none'}; set --conditional alike in both.")  # fmt: skip
        self._taught = (teacher.eval().requires_grad_(False),)

    @property
    def taught_by(self) -> Sampler | None:
        """The sampler whose map is learnt; None before it is given."""
        return self._taught[0] if self._taught else None

    def prepare(self, data: TrainingRows) -> None:
        """Set bandwidths as `Matching` does, and begin an empty stock of pairs."""
        super().prepare(data)
        seed = int(torch.randint(2**31, ()))
        if (teacher := self.taught_by) is None:
            raise Refused("a distillation needs a teacher, the run of a flow or an inverse CDF: --teacher RUN, or "
                          "learn_from in Python.")  # fmt: skip
        teacher.to(self.sampler.device)
        size = self.batch_size // ranks.size() * ranks.size() or ranks.size()
        fresh = size if self.fresh is None else self.fresh
        block = size if fresh >= size else lcm(BLOCK, ranks.size())
        self._stock = Pairs(teacher, seed, self.pairs, fresh, block)

    def step(self, batch: Callable[[], Batch], turn: Turn) -> None:
        """Take one turn of the loop above."""
        assert self._stock is not None  # prepared
        if self.adversarial:
            self.raise_critic(batch, turn)
        x = batch()
        pair = self._stock.draw(turn.number, len(x.x) * ranks.size())
        regression = (self.sampler.push(pair.z, pair.label) - pair.x).square().mean()
        if not self.adversarial:
            return turn.minimize(self.sampler, regression)
        distance = self.discrepancy.loss(*self.shown(x))
        loss = self.regression * regression + self.adversarial * distance
        turn.minimize(self.sampler, loss, regression=regression, adversarial=distance)
