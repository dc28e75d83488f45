"""The residual pair of spectrally normalised GANs, at 32, 48 and 64 pixels."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import ClassVar

from torch import Tensor, nn

from pushforward.networks.base import Head, Network
from pushforward.networks.conditional import UpBlock, from_noise, in_order, with_last
from pushforward.networks.sn_dcgan import picture_and_halvings
from pushforward.spaces import Image, Space


class DownBlock(nn.Module):
    """x ↦ pool(W₀x) + pool(W₂ a(W₁ a(x))): a residual block of a critic, without norm.

    Args:
        inputs: channels of x.
        outputs: channels of the result.
        halve: whether the block ends in the mean over 2×2.
        first: whether x is a picture, which is not rectified, and is widened at once; else the second convolution
            does that.
    Source: Gulrajani et al. (2017), appendix F; Miyato et al. (2018), appendix B.4.
    """

    def __init__(self, inputs: int, outputs: int, halve: bool, first: bool = False):
        super().__init__()
        hidden = outputs if first else inputs
        self.wide, self.deep = nn.Conv2d(inputs, hidden, 3, padding=1), nn.Conv2d(hidden, outputs, 3, padding=1)
        self.past = nn.Conv2d(inputs, outputs, 1) if halve or inputs != outputs else nn.Identity()
        self.pool = nn.AvgPool2d(2) if halve else nn.Identity()
        self.first = first

    def forward(self, x: Tensor) -> Tensor:
        h = self.wide(x if self.first else x.relu()).relu()
        return self.pool(self.past(x) + self.deep(h))  # both are linear: the mean of a sum is the sum of the means


class SumPool(nn.Module):
    """Σ_ij x_ij over the pixels, channel by channel."""

    def forward(self, x: Tensor) -> Tensor:
        return x.sum((2, 3))


@dataclass(frozen=True)
class SNResNet(Network):
    """A generator of residual blocks that double, against a critic of ones that halve and a sum over pixels.

    In units of the width, generator and critic (a star does not halve) have the channels
    4 | 4 4 4 against 2 2 2* 2* up to 32 pixels, 8 | 4 2 1 against 1 2 4 8 16* at 48, 16 | 8 4 2 1 against 1 2 4 8 16
    at 64, where the narrow end has 4, 6 and 4 pixels. Spectral normalisation itself is a constraint.

    Args:
        width: channels beside the picture at 48 and 64 pixels; 64 in the paper.
    Source: Miyato et al. (2018), appendix B.4, tables 4 and 5; Miyato and Koyama (2018), released code, for 64 pixels.
    """

    takes_labels: ClassVar[bool] = True

    width: int = 64

    def generator(self, latent_dim: int, space: Space) -> nn.Module:
        image, ups = self._picture(space)
        w = self.width
        channels = (
            [w * c for c in {4: (16, 8, 4, 2, 1), 3: (8, 4, 2, 1)}[ups]] if self._large(image) else [4 * w] * (ups + 1)
        )
        return residual(latent_dim, space, channels, len(space.classes))

    def critic(self, space: Space, outputs: int) -> nn.Module:
        image, ups = self._picture(space)
        w, large = self.width, self._large(image)
        channels = [w * c for c in (1, 2, 4, 8, 16)] if large else [2 * w] * 4
        halving = [True] * 4 + [ups == 4] if large else [True, ups > 1, False, False]
        blocks: list[nn.Module] = [
            DownBlock(n, m, halve, first=i == 0)
            for i, ((n, m), halve) in enumerate(zip(pairwise([image.channels, *channels]), halving, strict=True))
        ]
        classes = len(space.classes)
        return init_glorot(with_last([*blocks, nn.ReLU(), SumPool()], channels[-1], outputs, classes, bias=large))

    def _picture(self, space: Space) -> tuple[Image, int]:
        large = isinstance(space, Image) and min(space.height, space.width) >= 64
        return picture_and_halvings(space, 4 if large else 3, "SNResNet")

    def _large(self, image: Image) -> bool:
        return min(image.height, image.width) >= 48


def residual(latent_dim: int, space: Space, channels: Sequence[int], classes: int) -> nn.Module:
    """Return a linear map to the first number of channels, a doubling block to each other one, and a convolution."""
    assert isinstance(space, Image)  # refused before
    ups = len(channels) - 1
    layers = from_noise(latent_dim, (channels[0], space.height >> ups, space.width >> ups))
    layers += [UpBlock(n, m, classes) for n, m in pairwise(channels)]
    layers += [
        nn.BatchNorm2d(channels[-1]),
        nn.ReLU(),
        nn.Conv2d(channels[-1], space.channels, 3, padding=1),
        Head(space),
    ]
    return init_glorot(in_order(layers, classes))


def init_glorot(network: nn.Module) -> nn.Module:
    """Draw the network's weights by Glorot's uniform law, √2 larger inside the blocks, and set offsets to 0."""
    for name, m in network.named_modules():
        if isinstance(m, nn.Conv2d | nn.Linear):
            nn.init.xavier_uniform_(m.weight, 2**0.5 if name.endswith(("wide", "deep")) else 1.0)
            if m.bias is not None:
                nn.init.zeros_(m.bias)
    return network
