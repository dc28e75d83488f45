"""The rebuilding of data from codes whose law is pushed towards a prior; draws of the prior decode to samples."""

from collections.abc import Callable

from jaxtyping import Float
from torch import Tensor

from pushforward.critics import Adversarial
from pushforward.discrepancies import Discrepancy
from pushforward.errors import Refused
from pushforward.games.base import TrainingRows, Turn
from pushforward.games.duel import Duel
from pushforward.games.likelihood import ROWS
from pushforward.networks import takes
from pushforward.posteriors import Coded, Deterministic
from pushforward.samplers import Latent
from pushforward.spaces import Batch, Space
from pushforward.tuning import Adam, Optimizer


class Autoencoding(Duel):
    """min_{e,d} E cost(x, d(z)) + λ·penalty, z ~ q(·|e(x)), the penalty between codes and a prior π; samples are d(π).

        repeat: `critic_steps` times  f ascends     D(c, z) less its taxes, c ~ π     (only where D has a critic)
                then                  e, d descend  mean cost(x, d(z)) + λ·penalty

    Without D the penalty is the mean of KL(q(·|x) ‖ π) in nats: in closed form where there is one, else log q − log π
    at the draws. With the cost −log p(x|z) and λ = 1 the loss is then the negative evidence lower bound. With D it is
    D(π, law of all codes), by samples alone, for any discrepancy of the library, or one with a critic; a critic that
    has a parameter `z` is shown (x, c) and (x, z).

    Args:
        space: of the points.
        sampler: e, q, d, the cost and π.
        discrepancy: D; None for the divergence.
        penalty: λ, at least 0.
        warm_up: turns over which the weight rises from 0 to λ; 0 for λ at once.
        free_bits: nats of a coordinate's divergence, in the mean of the batch, that cost nothing; at least 0.
        tune: the optimiser of encoder and decoder.
        critic_tune: the critic's; that of encoder and decoder if absent.
        batch_size: points of data, and draws of the prior, in a step.

    Raises:
        Refused: as `Duel`, for a negative number, and for a divergence of codes without a density.
    Source: Kingma and Welling (2014), arXiv 1312.6114, algorithm 1; Higgins et al. (2017) for λ, their β; Tolstikhin et
        al. (2018), arXiv 1711.01558, equation 4; Makhzani et al. (2015), arXiv 1511.05644; Kingma et al. (2016), arXiv
        1606.04934, for free bits.
    """

    reads_labels = True
    sampler: Latent

    def __init__(
        self,
        space: Space,
        sampler: Latent,
        discrepancy: Discrepancy | None = None,
        penalty: float = 1.0,
        warm_up: int = 0,
        free_bits: float = 0.0,
        tune: Optimizer = Adam(),
        critic_tune: Optimizer | None = None,
        batch_size: int = 100,
    ):
        super().__init__(space, sampler, discrepancy or _Unused(), tune, critic_tune, batch_size)
        if not min(penalty, warm_up, free_bits) >= 0:
            given = f"{penalty}, {warm_up} and {free_bits}"
            raise Refused(f"penalty, warm_up and free_bits of Autoencoding must be at least 0, got {given}.")
        if discrepancy is None and penalty and isinstance(sampler.posterior, Deterministic):
            raise Refused("codes without noise have no density and no divergence from a prior; give Autoencoding a "
                          "discrepancy of codes, or penalty 0.")  # fmt: skip
        self.penalty, self.warm_up, self.free_bits = penalty, warm_up, free_bits

    def prepare(self, data: TrainingRows) -> None:
        """Give the sampler rows for its steps between values."""
        self.sampler.prepare(data.all(ROWS))

    def compared(self, x: Batch) -> tuple[Batch, Batch]:
        """Return draws of the prior, and codes of the data; each beside the data where the critic takes pairs."""
        drawn = self.sampler.draw_codes(len(x.x))
        return self._pair(x.x, drawn, self.sampler.inferred(self.sampler.said(self.sampler.filled(x.x))).z)

    def step(self, batch: Callable[[], Batch], turn: Turn) -> None:
        """Take one turn of the loop above."""
        self.raise_critic(batch, turn)
        g, data = self.sampler, batch()
        x = g.filled(data.x)
        h = g.said(x)
        coded = g.inferred(h)
        rebuilt = g.cost.loss(x, g.decoded(coded.z, data.label)).mean()
        if not (weight := self._weight(turn.number)):
            return turn.minimize(g, rebuilt, rebuilt=rebuilt)
        if isinstance(self.discrepancy, _Unused):
            codes = self._divergence(h, coded)
        else:
            codes = self.discrepancy.loss(*self._pair(x, g.draw_codes(len(x)), coded.z))
        turn.minimize(g, rebuilt + weight * codes, rebuilt=rebuilt, codes=codes)

    def views(self, x: Batch) -> dict[str, Tensor]:
        """Return nothing: codes are drawn beside the prior, not codes of data beside those of samples."""
        return {}

    def _divergence(self, h: Tensor, coded: Coded) -> Float[Tensor, ""]:
        """Return KL(q ‖ π) in nats, each coordinate's at least the free ones."""
        g = self.sampler
        closed = g.posterior.divergence(h, g.prior)
        if closed is not None:
            return closed.mean(0).clamp(min=self.free_bits).sum()
        assert coded.log_prob is not None  # refused otherwise
        return (coded.log_prob - g.prior.log_prob(coded.z)).mean().clamp(min=self.free_bits * g.prior.dim)

    def _pair(self, x: Tensor, drawn: Tensor, codes: Tensor) -> tuple[Batch, Batch]:
        D = self.discrepancy
        if isinstance(D, Adversarial) and "z" in takes(D.f):
            return Batch(x, z=drawn), Batch(x, z=codes)
        return Batch(drawn), Batch(codes)

    def _weight(self, number: int) -> float:
        return self.penalty * min(1.0, (number + 1) / (self.warm_up + 1))


class _Unused(Discrepancy):
    """D = 0, in the place of a discrepancy of samples where densities say how far codes are from the prior."""

    def __call__(self, x: Float[Tensor, "n d"], y: Float[Tensor, "m d"]) -> Float[Tensor, ""]:
        return y.new_zeros(())

    def witness(self, h: Float[Tensor, "l d"], x: Float[Tensor, "n d"], y: Float[Tensor, "m d"]) -> Float[Tensor, " l"]:
        return h.new_zeros(len(h))
