"""The rebuilding of data from codes whose law is pushed towards a prior; draws of the prior decode to samples."""

from collections.abc import Callable, Iterator, Mapping

from torch import nn
from torch.nn.functional import mse_loss

from pushforward.critics import Autoencoder
from pushforward.discrepancies import Discrepancy
from pushforward.errors import Refused
from pushforward.games.base import Turn
from pushforward.games.coded import CodedGame
from pushforward.games.duel import Duel
from pushforward.samplers import Noise, Pushforward
from pushforward.spaces import Batch, Space
from pushforward.tuning import Adam, Optimizer


class Autoencoding(CodedGame, Duel):
    """min_{e,d} E ‖x − d(e(x))‖²/dim + penalty·D(π, e#P), D a value or the supremum over a critic of codes.

        repeat: `critic_steps` times  f ascends     D(c, e(x)) less its taxes, c ~ π   (never, for a kernel method)
                then                  e, d descend  mean (x − d(e(x)))² + penalty·D(c, e(x))

    A sample is d(c), c ~ π. The critic compares codes, draws of the prior in the place of data.

    Args:
        space: of the points.
        autoencoder: e and d.
        prior: π, of the size of the codes.
        discrepancy: D, on codes.
        penalty: weight of D, at least 0.
        tune: the autoencoder's optimiser.
        critic_tune: the critic's; the autoencoder's if absent.
        batch_size: points of data, and draws of the prior, in a step.

    Raises:
        Refused: as `Duel`, and for a negative weight.
    Source: Tolstikhin et al. (2018), arXiv:1711.01558, equation 4; Makhzani et al. (2015), arXiv:1511.05644.
    """

    def __init__(
        self,
        space: Space,
        autoencoder: Autoencoder,
        prior: Noise,
        discrepancy: Discrepancy,
        penalty: float = 1.0,
        tune: Optimizer = Adam(),
        critic_tune: Optimizer | None = None,
        batch_size: int = 100,
    ):
        sampler = Pushforward(autoencoder.decoder, prior)
        super().__init__(space, sampler, discrepancy, tune, critic_tune, batch_size)
        if not penalty >= 0:
            raise Refused(f"penalty of Autoencoding must be at least 0, got {penalty}.")
        self.autoencoder, self.penalty = autoencoder, penalty
        self.prior = Pushforward(nn.Identity(), prior)
        self.tune: Mapping[str, Optimizer] = {"autoencoder": tune, "critic": critic_tune or tune}

    def players(self) -> Iterator[tuple[str, nn.Module]]:
        """Return the autoencoder, and the critic if there is one; the sampler is part of the first, no player."""
        return ((name, m) for name, m in super().players() if name != "sampler")

    def compared(self, x: Batch) -> tuple[Batch, Batch]:
        """Return draws of the prior, and the codes of the data."""
        return self.prior(len(x.x)), Batch(self.autoencoder(x.x))

    def step(self, batch: Callable[[], Batch], turn: Turn) -> None:
        """Take one turn of the loop above."""
        self.raise_critic(batch, turn)
        x = batch()
        drawn, codes = self.compared(x)
        rebuilt, distance = mse_loss(self.autoencoder.decoder(codes.x), x.x), self.discrepancy.loss(drawn, codes)
        turn.minimize(self.autoencoder, rebuilt + self.penalty * distance, rebuilt=rebuilt, codes=distance)
