"""A small projector for pictures: convolutions that keep the size, pooling that halves it."""

from dataclasses import dataclass
from itertools import pairwise

from torch import nn

from pushforward.errors import Refused
from pushforward.networks.base import Network
from pushforward.networks.mlp import MLP
from pushforward.spaces import Image, Space, without_classes


@dataclass(frozen=True)
class ConvPool(Network):
    """A critic of 3×3 convolutions with batch norm, rectifier and 2×2 maximum; the generator is an MLP with batch norm.

    Args:
        channels: of the convolutions.
        widths: of the generator's hidden layers.
    Source: Srivastava et al. (2020), released configuration for MNIST.
    """

    channels: tuple[int, ...] = (16, 32, 32)
    widths: tuple[int, ...] = (600, 600, 800)

    def generator(self, latent_dim: int, space: Space) -> nn.Module:
        return MLP(self.widths, batch_norm=True).generator(latent_dim, without_classes(space))

    def critic(self, space: Space, outputs: int) -> nn.Module:
        if not isinstance(space, Image) or min(space.height, space.width) >> len(self.channels) < 1:
            raise Refused(
                f"ConvPool halves a picture {len(self.channels)} times, got data of shape {space.shape}; "
                "choose fewer channels or another network, such as MLP."
            )
        layers: list[nn.Module] = []
        for n, m in pairwise((space.channels, *self.channels)):
            layers += [nn.Conv2d(n, m, 3, padding=1), nn.BatchNorm2d(m), nn.ReLU(), nn.MaxPool2d(2)]
        pixels = (space.height >> len(self.channels)) * (space.width >> len(self.channels))
        return nn.Sequential(*layers, nn.Flatten(), nn.Linear(self.channels[-1] * pixels, outputs))
