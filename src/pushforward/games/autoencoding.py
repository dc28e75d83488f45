"""The rebuilding of data from codes whose law is pushed towards a prior; draws of the prior decode to samples."""

from collections.abc import Callable, Iterator

import torch
from jaxtyping import Float
from torch import Tensor, nn

from pushforward.critics import Adversarial
from pushforward.discrepancies import Discrepancy
from pushforward.errors import Refused
from pushforward.games.base import TrainingRows, Turn
from pushforward.games.duel import Duel
from pushforward.games.likelihood import ROWS
from pushforward.games.three_players import FeatureCost
from pushforward.networks import takes
from pushforward.posteriors import Coded, Deterministic
from pushforward.samplers import Density, Latent, Normal
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

    With `features` the critic is one of points, tells data from what is rebuilt and what is drawn, and its features
    f_l measure reconstructions; there are three players, who see the same batch and step together:

        repeat: f ascends   D(x, y) less its taxes,  y = d(z), half of them, and d(c)        (if its gate is open)
                e descends  λ·KL(q(·|x) ‖ π) + ½‖f_l(x) − f_l(d(z))‖²
                d descends  γ·½‖f_l(x) − f_l(d(z))‖² + D's surrogate at y                    (if its gate is open)

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
        features: in which reconstructions are measured, with γ and the gates; None for the cost of the sampler.
        adaptive: whether codes are compared, less their mean and by the root of their covariance, with N(0, I), and
            log r − log π is added to the penalty, r the normal law with the moments of q(·|x).

    Raises:
        Refused: as `Duel`, for a negative number, for a divergence of codes without a density, for an adaptive contrast
            without moments, and for features of a critic that has none, or beside numbers that are learnt and are
            neither the encoder's nor the decoder's.
    Source: Kingma and Welling (2014), arXiv 1312.6114, algorithm 1; Higgins et al. (2017) for λ, their β; Tolstikhin et
        al. (2018), arXiv 1711.01558, equation 4; Makhzani et al. (2015), arXiv 1511.05644; Kingma et al. (2016), arXiv
        1606.04934, for free bits; Larsen et al. (2016), arXiv 1512.09300, for three players;
        Mescheder et al. (2017), arXiv 1701.04722, section 3.3, for the adaptive contrast.
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
        features: FeatureCost | None = None,
        adaptive: bool = False,
    ):
        super().__init__(space, sampler, discrepancy or _Unused(), tune, critic_tune, batch_size)
        if not min(penalty, warm_up, free_bits) >= 0:
            given = f"{penalty}, {warm_up} and {free_bits}"
            raise Refused(f"penalty, warm_up and free_bits of Autoencoding must be at least 0, got {given}.")
        of_densities = discrepancy is None or features is not None
        if of_densities and penalty and isinstance(sampler.posterior, Deterministic):
            raise Refused("codes without noise have no density and no divergence from a prior; give Autoencoding a "
                          "discrepancy of codes, or penalty 0.")  # fmt: skip
        if adaptive and not sampler.posterior.says_moments:
            raise Refused("an adaptive contrast needs the moments of each law of codes; take the posterior Universal.")
        by_draws = discrepancy is not None and not isinstance(discrepancy, Adversarial)
        if by_draws and sampler.prior.dim > batch_size:
            raise Refused(f"{batch_size} draws say little of a law of {sampler.prior.dim} coordinates, in which codes "
                          "are compared; raise --batch_size to their number at least, or make codes smaller "
                          f"(--noise.dim {batch_size}).")  # fmt: skip
        self.penalty, self.warm_up, self.free_bits = penalty, warm_up, free_bits
        self.features, self.adaptive = features, adaptive
        self.by_likelihood = (discrepancy is None or adaptive) and penalty > 0 and isinstance(sampler, Density)
        self.by_rebuilding = features is None and not penalty  # nothing fits samples from the prior
        if features is not None:
            features.suits(self.discrepancy)
            _refuse_other_weights(sampler)
            self.tune = {"encoder": tune, "decoder": tune, "critic": critic_tune or tune}

    def players(self) -> Iterator[tuple[str, nn.Module]]:
        """Yield the sampler and the critic; with features, encoder and decoder in the place of the sampler."""
        for name, player in super().players():
            if name == "sampler" and self.features is not None:
                yield from (("encoder", self.sampler.encoder), ("decoder", self.sampler.decoder))
            else:
                yield name, player

    def prepare(self, data: TrainingRows) -> None:
        """Give the sampler rows for its steps between values."""
        self.sampler.prepare(data.all(ROWS))

    def compared(self, x: Batch) -> tuple[Batch, Batch]:
        """Return draws of the prior, and codes of the data; each beside the data where the critic takes pairs.

        With features: the data, and in their places what is rebuilt of the first half of them, and what is drawn.
        """
        g, half = self.sampler, len(x.x) // 2
        coded = g.inferred(g.said(filled := g.filled(x.x)))
        if self.features is None:
            return self._pair(x.x, coded)
        codes = torch.cat([coded.z[:half], g.draw_codes(len(x.x) - half)])
        return x._replace(x=filled), Batch(g.decode(codes, x.label), x.label)

    def step(self, batch: Callable[[], Batch], turn: Turn) -> None:
        """Take one turn of the loop above."""
        if self.features is not None:
            return self._step_together(batch(), self.features, turn)
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
            codes = self.discrepancy.loss(*self._pair(x, coded))
            if self.adaptive:
                codes = codes + (coded.log_normal() - g.prior.log_prob(coded.z)).mean()
        turn.minimize(g, rebuilt + weight * codes, rebuilt=rebuilt, codes=codes)

    def views(self, x: Batch) -> dict[str, Tensor]:
        """Return the features of a critic of points; else nothing: codes are drawn beside the prior, not by class."""
        return {} if self.features is None else super().views(x)

    def _step_together(self, data: Batch, features: FeatureCost, turn: Turn) -> None:
        """Take one turn of three players."""
        g, D = self.sampler, self.discrepancy
        assert isinstance(D, Adversarial)  # as the features demanded
        D.project()
        x = g.filled(data.x)
        coded = g.inferred(h := g.said(x))
        v = D.view(*self._points(x, data.label, coded), layers=True)
        rebuilt, raised, lowered = features.between(v, len(x)), D.raised(v), D.lowered(v)
        codes = self._divergence(h, coded) if self.penalty else rebuilt.new_zeros(())
        critic_steps, decoder_steps = features.steps(v)
        with turn.together():
            if critic_steps:
                turn.maximize(D, raised)
            turn.minimize(g.encoder, rebuilt + self._weight(turn.number) * codes, rebuilt=rebuilt, codes=codes)
            if decoder_steps:
                turn.minimize(g.decoder, features.weight * rebuilt + lowered, adversarial=lowered)

    def _points(self, x: Tensor, label: Tensor | None, coded: Coded) -> tuple[Batch, Batch]:
        """Return data, and as many points that are rebuilt and that are drawn, one after the other."""
        twice = None if label is None else torch.cat([label, label])
        codes = torch.cat([coded.z, self.sampler.draw_codes(len(x))])
        return Batch(x, label), Batch(self.sampler.decode(codes, twice), twice)

    def _divergence(self, h: Tensor, coded: Coded) -> Float[Tensor, ""]:
        """Return KL(q ‖ π) in nats, each coordinate's at least the free ones."""
        g = self.sampler
        closed = g.posterior.divergence(h, g.prior)
        if closed is not None:
            return closed.mean(0).clamp(min=self.free_bits).sum()
        assert coded.log_prob is not None  # refused otherwise
        return (coded.log_prob - g.prior.log_prob(coded.z)).mean().clamp(min=self.free_bits * g.prior.dim)

    def _pair(self, x: Tensor, coded: Coded) -> tuple[Batch, Batch]:
        """Return draws of what codes are compared with, and the codes; beside the data where the critic takes pairs."""
        g, D = self.sampler, self.discrepancy
        drawn = g.draw_codes(len(x), Normal(g.prior.dim) if self.adaptive else None)
        codes = coded.standardised() if self.adaptive else coded.z
        if isinstance(D, Adversarial) and "z" in takes(D.f):
            return Batch(x, z=drawn), Batch(x, z=codes)
        return Batch(drawn), Batch(codes)

    def _weight(self, number: int) -> float:
        return self.penalty * min(1.0, (number + 1) / (self.warm_up + 1))


def _refuse_other_weights(sampler: Latent) -> None:
    """Refuse a sampler with weights that would be no player's.

    Raises:
        Refused: if weights are neither the encoder's nor the decoder's.
    """
    count = lambda m: sum(p.numel() for p in m.parameters())
    if count(sampler) > count(sampler.encoder) + count(sampler.decoder):
        raise Refused("three players learn encoder, decoder and critic, and this posterior or cost has numbers of its "
                      "own to learn; take DiagonalGaussian and SquaredError.")  # fmt: skip


class _Unused(Discrepancy):
    """D = 0, in the place of a discrepancy of samples where densities say how far codes are from the prior."""

    def __call__(self, x: Float[Tensor, "n d"], y: Float[Tensor, "m d"]) -> Float[Tensor, ""]:
        return y.new_zeros(())

    def witness(self, h: Float[Tensor, "l d"], x: Float[Tensor, "n d"], y: Float[Tensor, "m d"]) -> Float[Tensor, " l"]:
        return h.new_zeros(len(h))
