"""The posterior of several choices among levels, relaxed while it learns: Gumbel-softmax."""

from dataclasses import dataclass
from math import exp, log

import torch
from jaxtyping import Float
from torch import Generator, Tensor, nn
from torch.nn.functional import one_hot

from pushforward.distributions import Device, Distribution
from pushforward.posteriors.base import Coded, Posterior


@dataclass(frozen=True)
class UniformChoices(Distribution):
    """The law of several independent choices, each among as many levels and uniform; a point is their unit vectors.

    `log_prob` is that of a probability.

    Args:
        choices: number of them, at least 1.
        levels: of each, at least 2.
    """

    choices: int
    levels: int

    @property
    def dim(self) -> int:
        return self.choices * self.levels

    def draw(self, n: int, generator: Generator | None = None, device: Device = None) -> Float[Tensor, "n d"]:
        at = torch.randint(self.levels, (n, self.choices), generator=generator, device=device)
        return one_hot(at, self.levels).float().flatten(1)

    def log_prob(self, x: Float[Tensor, "n d"]) -> Float[Tensor, " n"]:
        """Return −choices·log(levels) in nats, whatever the levels are."""
        return x.new_full((len(x),), -self.choices * log(self.levels))


class Categorical(Posterior):
    """z = softmax((h + g)/τ) of each choice, g ~ Gumbel, while it learns; e_i, i the largest of h + g, when judged.

    The largest is drawn by softmax(h). τ = max(τ_min, e^{−rate·t}) at the t-th batch. The divergence from uniform
    choices is Σ q log(q·levels): a part of a bound where z is hard, and not while it is relaxed.

    Args:
        choices: number of them.
        levels: of each; two for a choice of yes or no.
        straight_through: e_i also while it learns, with the gradient of the relaxed z.
        temperature: τ_min, positive.
        rate: of the fall of τ, a batch.
    Source: Jang, Gu, Poole (2017), arXiv 1611.01144; Maddison et al. (2017), arXiv 1611.00712.
    """

    continuous = False

    def __init__(
        self, choices: int, levels: int, straight_through: bool = False, temperature: float = 0.5, rate: float = 1e-3
    ):
        super().__init__()
        self.choices, self.levels, self.dim, self.size = choices, levels, choices * levels, choices * levels
        self.straight_through, self.least, self.rate = straight_through, temperature, rate
        self.batches = nn.Buffer(torch.zeros((), dtype=torch.int64))

    def draw_noise(self, n: int, device: Device = None) -> Float[Tensor, "n e"]:
        """Return Gumbel numbers, −log of exponential ones."""
        return -torch.empty(n, self.dim, device=device).exponential_().log()

    def forward(self, h: Float[Tensor, "n s"], noise: Float[Tensor, "n e"]) -> Coded:
        logits, perturbed = self._split(h), self._split(h + noise)
        at = perturbed.argmax(2)
        hard = one_hot(at, self.levels).to(h)
        log_q = (logits.log_softmax(2) * hard).sum((1, 2))
        if not self.training:
            return Coded(hard.flatten(1), log_q)
        soft = (perturbed / self.temperature).softmax(2)
        self.batches.add_(1)
        z = hard + (soft - soft.detach()) if self.straight_through else soft
        return Coded(z.flatten(1), log_q)

    def mean(self, h: Float[Tensor, "n s"]) -> Float[Tensor, "n k"]:
        """Return the levels that are most likely."""
        return one_hot(self._split(h).argmax(2), self.levels).to(h).flatten(1)

    def divergence(self, h: Float[Tensor, "n s"], prior: Distribution) -> Float[Tensor, "n c"] | None:
        """Return Σ q log(q·levels) over the levels of each choice, in nats; None but for uniform choices."""
        if prior != UniformChoices(self.choices, self.levels):
            return None
        log_q = self._split(h).log_softmax(2)
        return (log_q.exp() * (log_q + log(self.levels))).sum(2)

    @property
    def temperature(self) -> float:
        """The temperature τ of the next batch."""
        return max(self.least, exp(-self.rate * float(self.batches)))

    def _split(self, v: Tensor) -> Float[Tensor, "n c l"]:
        return v.unflatten(1, (self.choices, self.levels))
