"""The strided pair of MMD GANs with a small critic, and the pair for pictures of 160 pixels."""

from dataclasses import dataclass
from typing import ClassVar

from torch import nn

from pushforward.errors import Refused
from pushforward.networks.base import Head, Network, nearest_side
from pushforward.networks.conditional import from_noise, in_order, norm, with_last
from pushforward.networks.residual import residual
from pushforward.spaces import Image, Space


@dataclass(frozen=True)
class StridedDCGAN(Network):
    """A critic of four 5×5 convolutions of stride 2, against a generator of a linear map and four transposed ones.

    The critic has f, 2f, 4f, 8f channels and no batch norm, the generator 8w, 4w, 2w, w with it; sides that are odd are
    rounded up (28, 14, 7, 4, 2).

    Args:
        width: w, channels of the generator beside the picture.
        critic_width: f, channels of the critic beside the picture; 16 or 64 in the paper.
        slope: of the critic's leaky rectifier below zero.
    Source: Bińkowski et al. (2018), appendix, and released code; weights from N(0, 0.02²), of linear maps N(0, 0.01²).
    Differs: the range is that of the data, by a tanh in place of the code's logistic function into [0, 1].
    """

    takes_labels: ClassVar[bool] = True

    width: int = 64
    critic_width: int = 16
    slope: float = 0.2

    def generator(self, latent_dim: int, space: Space) -> nn.Module:
        image, classes, w = picture(space, 8, "StridedDCGAN"), len(space.classes), self.width
        sides = [(halved_up(image.height, i), halved_up(image.width, i)) for i in (4, 3, 2, 1, 0)]
        channels = [8 * w, 4 * w, 2 * w, w, image.channels]
        layers = [*from_noise(latent_dim, (channels[0], *sides[0])), norm(channels[0], classes), nn.ReLU()]
        for i in range(4):
            odd = sides[i + 1][0] - 2 * sides[i][0] + 1, sides[i + 1][1] - 2 * sides[i][1] + 1
            layers += [nn.ConvTranspose2d(channels[i], channels[i + 1], 5, 2, padding=2, output_padding=odd)]
            layers += [norm(channels[i + 1], classes), nn.ReLU()] if i < 3 else [Head(space)]
        return init_strided(in_order(layers, classes))

    def critic(self, space: Space, outputs: int) -> nn.Module:
        image = picture(space, 8, "StridedDCGAN")
        return strided(image, self.critic_width, 4, self.slope, outputs, len(space.classes))


@dataclass(frozen=True)
class LargeResNet(Network):
    """A generator of four residual blocks that double, against a critic of five strided convolutions.

    For pictures of 160 pixels, whose narrow ends have 10 and 5; the generator has 8w, 8w, 4w, 2w, w channels, the
    critic f, 2f, 4f, 8f, 16f and no batch norm. Any sides that are multiples of 16 from 64 on will do.

    Args:
        width: w, channels of the generator beside the picture.
        critic_width: f, channels of the critic beside the picture.
        slope: of the critic's leaky rectifier below zero.
    Source: Bińkowski et al. (2018), appendix, for CelebA at 160 pixels.
    Differs: channels of the blocks as in Gulrajani et al. (2017), appendix F, at 64 pixels.
    """

    takes_labels: ClassVar[bool] = True

    width: int = 64
    critic_width: int = 64
    slope: float = 0.2

    def generator(self, latent_dim: int, space: Space) -> nn.Module:
        picture(space, 64, "LargeResNet", 16)
        channels = [self.width * c for c in (8, 8, 4, 2, 1)]
        return residual(latent_dim, space, channels, len(space.classes))

    def critic(self, space: Space, outputs: int) -> nn.Module:
        image = picture(space, 64, "LargeResNet", 16)
        return strided(image, self.critic_width, 5, self.slope, outputs, len(space.classes))


def strided(image: Image, width: int, layers: int, slope: float, outputs: int, classes: int) -> nn.Module:
    """Return 5×5 convolutions of stride 2, each with twice the channels of the one before, and a last layer."""
    channels = [image.channels, *(width * 2**i for i in range(layers))]
    body: list[nn.Module] = []
    for n, m in zip(channels, channels[1:], strict=False):
        body += [nn.Conv2d(n, m, 5, 2, padding=2), nn.LeakyReLU(slope)]
    features = channels[-1] * halved_up(image.height, layers) * halved_up(image.width, layers)
    return init_strided(with_last([*body, nn.Flatten()], features, outputs, classes))


def picture(space: Space, least: int, owner: str, multiple: int = 1) -> Image:
    """Return the space, if it is one of pictures whose sides suit.

    Raises:
        Refused: if it is another space, or its sides do not suit.
    """
    if not isinstance(space, Image):
        raise Refused(f"{owner} makes pictures, got data of shape {space.shape}; choose another network, such as MLP.")
    if min(space.height, space.width) < least or space.height % multiple or space.width % multiple:
        near = nearest_side(space, lambda side: side >= least and side % multiple == 0)
        sides = f"sides of {least} pixels or more" + (f" that are multiples of {multiple}" if multiple > 1 else "")
        raise Refused(f"{owner} needs {sides}, got {space.height}×{space.width}; choose --size {near}.")
    return space


def halved_up(side: int, halvings: int) -> int:
    """⌈side/2^halvings⌉, the side after so many halvings that round up."""
    return -(-side // 2**halvings)


def init_strided(network: nn.Module) -> nn.Module:
    """Draw the network's weights from N(0, 0.02²), of linear maps from N(0, 0.01²), and set offsets to 0."""
    for m in network.modules():
        if isinstance(m, nn.Conv2d | nn.ConvTranspose2d | nn.Linear):
            nn.init.normal_(m.weight, 0.0, 0.01 if isinstance(m, nn.Linear) else 0.02)
            if m.bias is not None:
                nn.init.zeros_(m.bias)
    return network
