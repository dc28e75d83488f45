"""The convolutional pair of spectrally normalised GANs."""

from dataclasses import dataclass
from typing import ClassVar

from torch import nn

from pushforward.errors import Refused
from pushforward.networks.base import Head, Network, halvings_of, nearest_side
from pushforward.networks.conditional import from_noise, in_order, norm, with_last
from pushforward.networks.dcgan import init_dcgan
from pushforward.spaces import Image, Space

LEAST, MOST_LEFT = 4, 12
"""The pixels of a side that halving leaves at least, and at most."""


@dataclass(frozen=True)
class SNDCGAN(Network):
    """A pair with three halvings by 4×4 convolutions, a 3×3 one before each and one after all; no norm in the critic.

    Channels of the critic w, 2w, 2w, 4w, 4w, 8w, 8w, of the generator 8w, 4w, 2w, w. For pictures of 32, 48 and 64
    pixels the narrow end has 4, 6 and 8; pictures that do not halve so often (28) are halved as often as they can be.
    Spectral normalisation itself is a constraint.

    Args:
        width: w, channels beside the picture.
        slope: of the critic's leaky rectifier below zero; 0.2 in the code of scaled MMD.
    Source: Miyato et al. (2018), appendix B.4, table 3, and released code; weights drawn from N(0, 0.02²).
    """

    takes_labels: ClassVar[bool] = True

    width: int = 64
    slope: float = 0.1

    def generator(self, latent_dim: int, space: Space) -> nn.Module:
        image, halvings = picture_and_halvings(space, 3, "SNDCGAN")
        classes, w = len(space.classes), self.width
        channels = [w * 2**i for i in reversed(range(halvings + 1))]
        layers = from_noise(latent_dim, (channels[0], image.height >> halvings, image.width >> halvings))
        layers += [norm(channels[0], classes), nn.ReLU()]
        for n, m in zip(channels, channels[1:], strict=False):
            layers += [nn.ConvTranspose2d(n, m, 4, 2, padding=1), norm(m, classes), nn.ReLU()]
        layers += [nn.Conv2d(w, image.channels, 3, padding=1), Head(space)]
        return init_dcgan(in_order(layers, classes))

    def critic(self, space: Space, outputs: int) -> nn.Module:
        image, halvings = picture_and_halvings(space, 3, "SNDCGAN")
        layers: list[nn.Module] = []
        inputs, w = image.channels, self.width
        for i in range(halvings):
            n, m = w * 2**i, 2 * w * 2**i
            layers += [nn.Conv2d(inputs, n, 3, padding=1), nn.LeakyReLU(self.slope)]
            layers += [nn.Conv2d(n, m, 4, 2, padding=1), nn.LeakyReLU(self.slope)]
            inputs = m
        layers += [nn.Conv2d(inputs, inputs, 3, padding=1), nn.LeakyReLU(self.slope), nn.Flatten()]
        features = inputs * (image.height >> halvings) * (image.width >> halvings)
        return init_dcgan(with_last(layers, features, outputs, len(space.classes)))


def picture_and_halvings(space: Space, most: int, owner: str) -> tuple[Image, int]:
    """Return the picture and how often it is halved: `most` times at most, while sides are even and 8 pixels or more.

    Raises:
        Refused: if the space is no picture, cannot be halved at all, or is left with more than 12 pixels.
    """
    if not isinstance(space, Image):
        raise Refused(f"{owner} makes pictures, got data of shape {space.shape}; choose another network, such as MLP.")
    halvings = halvings_of(space.height, space.width, LEAST, most)
    if not _suits(halvings, space.height, space.width):
        suits = lambda side: _suits(halvings_of(side, side, LEAST, most), side, side)
        raise Refused(
            f"{owner} needs sides that halve down to 4–12 pixels in {most} steps, got {space.height}×{space.width}; "
            f"choose --size {nearest_side(space, suits)}."
        )
    return space, halvings


def _suits(halvings: int, height: int, width: int) -> bool:
    """Tell whether sides are halved at all, and leave few enough pixels."""
    return halvings > 0 and max(height, width) >> halvings <= MOST_LEFT
