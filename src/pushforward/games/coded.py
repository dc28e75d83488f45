"""The games that have an autoencoder beside the sampler: its encoder is kept, and its codes are shown."""

from abc import ABC

from torch import Tensor, nn

from pushforward.critics import Autoencoder
from pushforward.games.base import Game
from pushforward.samplers import Coding
from pushforward.spaces import Batch


class CodedGame(Game, ABC):
    """A game that hands out an encoder with its sampler, and whose players see points as codes.

    Attributes:
        autoencoder: e and d.
    """

    autoencoder: Autoencoder

    @property
    def kept(self) -> dict[str, nn.Module]:
        """The sampler, and the encoder of the autoencoder."""
        return {"sampler": self.sampler, "encoder": self.autoencoder.encoder}

    def coding(self) -> Coding:
        """Return the autoencoder, which encodes and decodes."""
        return self.autoencoder

    def views(self, x: Batch) -> dict[str, Tensor]:
        """Return the codes of the points."""
        return {"codes": self.autoencoder(x.x)}
