"""The plan that is chosen by the data's space."""

from dataclasses import dataclass
from typing import ClassVar

from torch import nn

from pushforward.networks.base import Network
from pushforward.networks.dcgan import DCGAN
from pushforward.networks.mlp import MLP
from pushforward.spaces import Image, Space

LEAST_SIDE = 16
"""The pixels of a side from which on pictures are made by convolutions."""


def convolved(space: Space) -> bool:
    """Tell whether points are pictures with sides that are long enough for convolutions."""
    return isinstance(space, Image) and min(space.height, space.width) >= LEAST_SIDE


@dataclass(frozen=True)
class Suited(Network):
    """The plan that suits the data: `DCGAN` for pictures of 16 pixels and more on a side, else an `MLP`.

    The MLP has 2×100 units below 16 coordinates, and from there on 3×256, with batch norm in the generator.

    Args:
        width: of the `DCGAN`, channels beside the picture; 16 have learnt most after a minute or two on one core.
    """

    takes_labels: ClassVar[bool] = True

    width: int = 16

    def generator(self, latent_dim: int, space: Space) -> nn.Module:
        return self.plan(space).generator(latent_dim, space)

    def critic(self, space: Space, outputs: int) -> nn.Module:
        return self.plan(space).critic(space, outputs)

    def encoder(self, space: Space, latent_dim: int) -> nn.Module:
        return self.plan(space).encoder(space, latent_dim)

    def field(self, space: Space) -> nn.Module:
        return self.plan(space).field(space)

    def plan(self, space: Space) -> Network:
        """Return the plan that suits a space."""
        if convolved(space):
            return DCGAN(self.width)
        if space.dim < 16:
            return MLP((100, 100))
        return MLP((256, 256, 256), batch_norm=True)
