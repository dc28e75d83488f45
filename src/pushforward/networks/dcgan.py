"""The convolutional networks that halve and double the picture."""

from dataclasses import dataclass
from typing import ClassVar

from torch import nn

from pushforward.errors import Refused
from pushforward.networks.base import Head, Network
from pushforward.networks.concatenated import beside_labels
from pushforward.networks.conditional import from_noise, in_order, norm, with_last
from pushforward.spaces import Image, Space


@dataclass(frozen=True)
class DCGAN(Network):
    """A critic of strided convolutions down to 4×4 (7×7 for 28 pixels), a generator of transposed ones up again.

    The layer nearest the picture has `width` channels; each halving of the picture doubles them. The generator takes
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
        image, halvings = picture_and_halvings(space)
        classes = len(space.classes)
        beside = 0 if self.batch_norm else classes
        channels = [self.width * 2**i for i in reversed(range(halvings))]
        layers = from_noise(latent_dim + beside, (channels[0], image.height >> halvings, image.width >> halvings))
        layers += self._normalised(channels[0], self.batch_norm, 0.0, classes)
        for n, m in zip(channels, channels[1:], strict=False):
            layers += [self._up(n, m), *self._normalised(m, self.batch_norm, 0.0, classes)]
        layers += [self._up(channels[-1], image.channels), Head(space)]
        return beside_labels(init_dcgan(in_order(layers, classes - beside)), beside)

    def critic(self, space: Space, outputs: int) -> nn.Module:
        image, halvings = picture_and_halvings(space)
        return self._features(image, halvings, outputs, self.critic_batch_norm)

    def encoder(self, space: Space, latent_dim: int) -> nn.Module:
        image, halvings = picture_and_halvings(space)
        return self._features(image, halvings, latent_dim, self.batch_norm)

    def _features(self, image: Image, halvings: int, outputs: int, batch_norm: bool) -> nn.Module:
        """Return the strided convolutions and one linear map."""
        channels = [self.width * 2**i for i in range(halvings)]
        layers: list[nn.Module] = [self._down(image.channels, channels[0]), nn.LeakyReLU(self.slope)]
        for n, m in zip(channels, channels[1:], strict=False):
            layers += [self._down(n, m), *self._normalised(m, batch_norm, self.slope)]
        features = channels[-1] * (image.height >> halvings) * (image.width >> halvings)
        return init_dcgan(with_last([*layers, nn.Flatten()], features, outputs, len(image.classes)))

    def _up(self, n: int, m: int) -> nn.Module:
        odd = self.kernel % 2
        return nn.ConvTranspose2d(n, m, self.kernel, 2, padding=1 + odd, output_padding=odd)

    def _down(self, n: int, m: int) -> nn.Module:
        return nn.Conv2d(n, m, self.kernel, 2, padding=1 + self.kernel % 2)

    def _normalised(self, channels: int, batch_norm: bool, slope: float, classes: int = 0) -> list[nn.Module]:
        normal = [norm(channels, classes)] if batch_norm else []
        return [*normal, nn.LeakyReLU(slope) if slope else nn.ReLU()]


def halves(space: Image) -> int:
    """Return how often both sides halve until the smaller has 4 to 7 pixels; 0 if they do not, or have so few already.

    Example:
        >>> halves(Image(1, 28, 28)), halves(Image(3, 64, 64)), halves(Image(1, 30, 30))
        (2, 4, 0)
    """
    halvings, side = 0, (space.height, space.width)
    while min(side) > 7 and not (side[0] % 2 or side[1] % 2):
        halvings, side = halvings + 1, (side[0] // 2, side[1] // 2)
    return halvings if min(side) <= 7 else 0


def picture_and_halvings(space: Space) -> tuple[Image, int]:
    """Return the picture and how often it halves until the smaller side has 4 to 7 pixels.

    Raises:
        Refused: if the space is no picture or its sides do not halve that far.
    """
    if not isinstance(space, Image):
        raise Refused(f"DCGAN makes pictures, got data of shape {space.shape}; choose another network, such as MLP.")
    halvings = halves(space)
    if not halvings:
        raise Refused(
            f"DCGAN needs sides that halve down to 4–7 pixels, such as 28, 32 or 64, got {space.height}×{space.width}; "
            "choose --size 32."
        )
    return space, halvings


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
