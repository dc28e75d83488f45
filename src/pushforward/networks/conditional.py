"""The ways of labels into convolutional networks: scales and offsets of batch norm, and a last layer a class."""

from collections.abc import Iterable
from math import prod

import torch
from torch import Tensor, nn


class ClassNorm(nn.Module):
    """(x, label) ↦ scale_label·(x − mean)/deviation + offset_label, over the batch, channel by channel.

    Args:
        channels: of x.
        classes: number of labels.
    Source: Dumoulin et al. (2017), §2.2; Miyato and Koyama (2018), generators.
    Differs: scales begin at N(1, 0.02²) in place of 1.
    """

    def __init__(self, channels: int, classes: int):
        super().__init__()
        self.norm = nn.BatchNorm2d(channels, affine=False)
        self.scale, self.offset = nn.Embedding(classes, channels), nn.Embedding(classes, channels)
        nn.init.normal_(self.scale.weight, 1.0, 0.02)
        nn.init.zeros_(self.offset.weight)

    def forward(self, x: Tensor, label: Tensor) -> Tensor:
        return self.scale(label)[:, :, None, None] * self.norm(x) + self.offset(label)[:, :, None, None]


class UpBlock(nn.Module):
    """x ↦ up(x) + W₂ a(n₂(W₁ up(a(n₁(x))))): a residual block that doubles both sides; a the rectifier, n a norm.

    Args:
        inputs: channels of x.
        outputs: channels of the result.
        classes: number of labels that the norms take; 0 for plain batch norm.
    Source: Gulrajani et al. (2017), appendix F; Miyato et al. (2018), appendix B.4.
    """

    def __init__(self, inputs: int, outputs: int, classes: int = 0):
        super().__init__()
        self.first, self.second = norm(inputs, classes), norm(outputs, classes)
        self.up = nn.Upsample(scale_factor=2)
        self.wide, self.deep = nn.Conv2d(inputs, outputs, 3, padding=1), nn.Conv2d(outputs, outputs, 3, padding=1)
        self.past = nn.Conv2d(inputs, outputs, 1)

    def forward(self, x: Tensor, label: Tensor | None = None) -> Tensor:
        h = self.wide(self.up(through(self.first, x, label).relu()))
        return self.up(self.past(x)) + self.deep(through(self.second, h, label).relu())


class Chain(nn.Module):
    """(x, label) ↦ layer after layer; those that take the label are given it.

    Args:
        layers: in order.
    """

    def __init__(self, layers: Iterable[nn.Module]):
        super().__init__()
        self.layers = nn.ModuleList(layers)

    def forward(self, z: Tensor, label: Tensor) -> Tensor:
        for layer in self.layers:
            z = through(layer, z, label)
        return z


class Projection(nn.Module):
    """f(x, label) = Wφ(x) + b + V_label φ(x): the common last layer, and one of each class.

    At the best critic of a joint law, log p(x, label)/q(x, label) = log p(x)/q(x) + log p(label | x)/q(label | x) is
    of this form when both conditional laws are log-linear in φ.

    Args:
        features: φ, points → (n, width).
        width: of φ.
        outputs: of f.
        classes: number of labels.
        bias: whether there is b.
    Source: Miyato and Koyama (2018), arXiv 1802.05637, equation 4.
    """

    def __init__(self, features: nn.Module, width: int, outputs: int, classes: int, bias: bool = True):
        super().__init__()
        self.features, self.outputs = features, outputs
        self.common = nn.Linear(width, outputs, bias)
        self.of_class = nn.Linear(width, classes * outputs, bias=False)

    def forward(self, x: Tensor, label: Tensor) -> Tensor:
        h = self.features(x)
        by_class = self.of_class(h).unflatten(1, (-1, self.outputs))
        return self.common(h) + by_class[torch.arange(len(h), device=h.device), label]


def norm(channels: int, classes: int) -> nn.Module:
    """Return batch norm, with scales and offsets by class if there are classes."""
    return ClassNorm(channels, classes) if classes else nn.BatchNorm2d(channels)


def through(layer: nn.Module, x: Tensor, label: Tensor | None) -> Tensor:
    """Return what the layer makes of x, with the label if it takes one."""
    return layer(x, label) if isinstance(layer, ClassNorm | UpBlock) else layer(x)


def in_order(layers: Iterable[nn.Module], classes: int) -> nn.Module:
    """Return the layers in order, as a network that takes a label if there are classes."""
    return Chain(layers) if classes else nn.Sequential(*layers)


def with_last(layers: Iterable[nn.Module], width: int, outputs: int, classes: int, bias: bool = True) -> nn.Module:
    """Return the layers to φ and a last one, as a network that takes a label if there are classes."""
    if classes:
        return Projection(nn.Sequential(*layers), width, outputs, classes, bias)
    return nn.Sequential(*layers, nn.Linear(width, outputs, bias))


def from_noise(latent_dim: int, shape: tuple[int, int, int]) -> list[nn.Module]:
    """Return the layers from noise (n, latent_dim) to (n, *shape), by a linear map."""
    return [nn.Linear(latent_dim, prod(shape)), nn.Unflatten(1, shape)]
