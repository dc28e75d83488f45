"""The matching of an autoencoder's codes; the decoder turns sampled codes into points."""

from collections.abc import Callable, Iterator, Mapping

import torch
from torch import nn
from torch.nn.functional import mse_loss

from pushforward.critics import Autoencoder
from pushforward.discrepancies import Discrepancy
from pushforward.games.base import Turn
from pushforward.games.coded import CodedGame
from pushforward.samplers import Noise, Pushforward
from pushforward.spaces import Batch, Space
from pushforward.tuning import Adam, Optimizer


class CodeMatching(CodedGame):
    """A game in which the autoencoder learns, is then frozen, and min_g D(e(x), g(z)); a sample is d(g(z)).

        turns below `autoencoder_steps`:  e, d descend  mean (x − d(e(x)))²
        turns from there on:              g descends    D(e(x), g(z))

    Args:
        space: of the points.
        autoencoder: e and d.
        generator: noise → codes.
        noise: µ.
        discrepancy: D, on codes.
        autoencoder_steps: turns for the autoencoder.
        tune: the generator's optimiser.
        autoencoder_tune: the autoencoder's.
        batch_size: points of data, and samples, in a step.
    """

    def __init__(
        self,
        space: Space,
        autoencoder: Autoencoder,
        generator: nn.Module,
        noise: Noise,
        discrepancy: Discrepancy,
        autoencoder_steps: int,
        tune: Optimizer = Adam(),
        autoencoder_tune: Optimizer = Adam(betas=(0.9, 0.999)),
        batch_size: int = 1000,
    ):
        super().__init__()
        self.space, self.batch_size = space, batch_size
        self.autoencoder, self.generator, self.discrepancy = autoencoder, generator, discrepancy
        self.codes = Pushforward(generator, noise)
        self.sampler = Pushforward(nn.Sequential(generator, autoencoder.decoder), noise)
        self.autoencoder_steps = autoencoder_steps
        self.tune: Mapping[str, Optimizer] = {"generator": tune, "autoencoder": autoencoder_tune}

    def players(self) -> Iterator[tuple[str, nn.Module]]:
        """Yield the autoencoder and the generator of codes; the sampler is made of both and no player itself."""
        yield from (("autoencoder", self.autoencoder), ("generator", self.generator))

    def step(self, batch: Callable[[], Batch], turn: Turn) -> None:
        """Take one turn of one of the two phases."""
        x, a = batch().x, self.autoencoder
        if turn.number < self.autoencoder_steps:
            turn.minimize(a, mse_loss(a.decoder(a(x)), x))
            return
        with torch.no_grad():
            codes = a.eval()(x)
        a.train()
        turn.minimize(self.generator, self.discrepancy.loss(Batch(codes), self.codes(len(x))))
