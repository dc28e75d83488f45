"""The convolutional networks that halve and double the picture."""

from dataclasses import dataclass
from itertools import pairwise
from math import prod
from typing import ClassVar

from torch import nn

from pushforward.errors import Refused
from pushforward.networks.base import Head, Network
from pushforward.networks.concatenated import beside_labels
from pushforward.networks.conditional import from_noise, in_order, norm, with_last
from pushforward.spaces import Image, Space

Sides = tuple[int, int]
"""The height and the width of a picture, in pixels."""


@dataclass(frozen=True)
class DCGAN(Network):
    """A critic of strided convolutions down to 4×4 (7×7 for 28 pixels), a generator of transposed ones up again.

    The layer nearest the picture has `width` channels; each halving of the picture doubles them. Pictures need not be
    square: both sides are halved, odd ones with a rest, until the smaller one has 4 to 7 pixels. The generator takes
    labels by its batch norm; without, their unit vector stands beside the noise.

    Args:
        width: channels beside the picture.
        kernel: 4 or 5 pixels on a side.
        batch_norm: in the generator, and in the encoder from its second layer on.
        critic_batch_norm: in the critic, from its second layer on.
        slope: of the critic's and the encoder's leaky rectifier below zero.
    Source: Radford et al. (2016), weights drawn from N(0, 0.02²).
    """

    takes_labels: ClassVar[bool] = True

    width: int = 64
    kernel: int = 4
    batch_norm: bool = True
    critic_batch_norm: bool = True
    slope: float = 0.2

    def __post_init__(self) -> None:
        if self.kernel not in (4, 5):
            raise Refused(f"kernel of DCGAN must be 4 or 5 pixels, got {self.kernel}.")

    def generator(self, latent_dim: int, space: Space) -> nn.Module:
        image, sides = picture_and_sides(space, self.kernel)
        classes = len(space.classes)
        beside = 0 if self.batch_norm else classes
        channels = [self.width * 2**i for i in reversed(range(len(sides) - 1))]
        steps = list(pairwise(reversed(sides)))
        layers = from_noise(latent_dim + beside, (channels[0], *sides[-1]))
        layers += self._normalised(channels[0], self.batch_norm, 0.0, classes)
        for (n, m), step in zip(pairwise(channels), steps[:-1], strict=True):
            layers += [up(n, m, self.kernel, *step), *self._normalised(m, self.batch_norm, 0.0, classes)]
        layers += [up(channels[-1], image.channels, self.kernel, *steps[-1]), Head(space)]
        return beside_labels(init_dcgan(in_order(layers, classes - beside)), beside)

    def critic(self, space: Space, outputs: int) -> nn.Module:
        return self._features(space, outputs, self.critic_batch_norm)

    def encoder(self, space: Space, latent_dim: int) -> nn.Module:
        return self._features(space, latent_dim, self.batch_norm)

    def _features(self, space: Space, outputs: int, batch_norm: bool) -> nn.Module:
        """Return the strided convolutions and one linear map."""
        image, sides = picture_and_sides(space, self.kernel)
        channels = [self.width * 2**i for i in range(len(sides) - 1)]
        layers: list[nn.Module] = [down(image.channels, channels[0], self.kernel), nn.LeakyReLU(self.slope)]
        for n, m in pairwise(channels):
            layers += [down(n, m, self.kernel), *self._normalised(m, batch_norm, self.slope)]
        features = channels[-1] * prod(sides[-1])
        return init_dcgan(with_last([*layers, nn.Flatten()], features, outputs, len(image.classes)))

    def _normalised(self, channels: int, batch_norm: bool, slope: float, classes: int = 0) -> list[nn.Module]:
        normal = [norm(channels, classes)] if batch_norm else []
        return [*normal, nn.LeakyReLU(slope) if slope else nn.ReLU()]


def up(n: int, m: int, kernel: int, small: Sides, large: Sides) -> nn.Module:
    """Return a transposed convolution of n to m channels that doubles sides, from these to those.

    Args:
        n: channels before it.
        m: channels after it.
        kernel: 4 or 5 pixels on a side.
        small: sides before it.
        large: sides after it.
    """
    odd = kernel % 2
    rest = large[0] - 2 * small[0] + odd, large[1] - 2 * small[1] + odd
    return nn.ConvTranspose2d(n, m, kernel, 2, padding=1 + odd, output_padding=rest)


def down(n: int, m: int, kernel: int) -> nn.Module:
    """Return a convolution of n to m channels that halves sides; arguments as of `up`."""
    return nn.Conv2d(n, m, kernel, 2, padding=1 + kernel % 2)


def picture_and_sides(space: Space, kernel: int = 4, owner: str = "DCGAN") -> tuple[Image, list[Sides]]:
    """Return the picture, and its sides before and after each halving, until the smaller one has 4 to 7 pixels.

    Args:
        space: of the points.
        kernel: of the strided convolutions: where a side is odd, 4 pixels round its half down, 5 up.
        owner: the plan, for the sentence that refuses.

    Raises:
        Refused: if the space is no picture or has fewer than 8 pixels on a side.
    Example:
        >>> picture_and_sides(Image(1, 100, 75))[1]
        [(100, 75), (50, 37), (25, 18), (12, 9), (6, 4)]
    """
    if not isinstance(space, Image):
        raise Refused(f"{owner} makes pictures, got data of shape {space.shape}; choose another network, such as MLP.")
    if min(space.height, space.width) < 8:
        raise Refused(
            f"{owner} needs sides of 8 pixels or more, got {space.height}×{space.width}; choose --size 8, or another "
            "network, such as MLP."
        )
    sides = [(space.height, space.width)]
    while min(sides[-1]) > 7:
        height, width = sides[-1]
        sides.append(((height + kernel % 2) // 2, (width + kernel % 2) // 2))
    return space, sides


def init_dcgan(network: nn.Module) -> nn.Module:
    """Draw the network's weights from N(0, 0.02²), its scales from N(1, 0.02²), and set offsets to 0."""
    for m in network.modules():
        if isinstance(m, nn.Conv2d | nn.ConvTranspose2d | nn.Linear):
            nn.init.normal_(m.weight, 0.0, 0.02)
            if m.bias is not None:
                nn.init.zeros_(m.bias)
        elif isinstance(m, nn.BatchNorm2d) and m.affine:
            nn.init.normal_(m.weight, 1.0, 0.02)
    return network
