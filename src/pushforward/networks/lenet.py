"""A small convolutional classifier whose last hidden layer is a space where distances mean something."""

from collections import OrderedDict

from torch import Tensor, nn

from pushforward.errors import Refused
from pushforward.spaces import Image, Space

CHANNELS = (20, 50, 100, 200)
"""The channels of the convolutions, each followed by a maximum over 2×2."""


class Classifier(nn.Module):
    """A classifier of convolutions and maxima down to 7 pixels or fewer, with one hidden layer and a logit a class.

    From 20 pixels on, filters are 5×5 without a margin, as in LeNet (28 pixels: 20 and 50 channels, 4×4 left); below
    that, and from the third on, 3×3 with one. The hidden layer has 512 units, 128 for pictures under 16 pixels.

    Args:
        space: of the pictures.
        classes: number of classes.

    Raises:
        Refused: if the space is no picture of 4 pixels or more, or there are fewer than 2 classes.
    Source: LeCun et al. (1998), in the sizes that Caffe made common.
    """

    def __init__(self, space: Space, classes: int):
        super().__init__()
        if not isinstance(space, Image) or min(space.height, space.width) < 4:
            raise Refused(f"Classifier needs pictures of at least 4 pixels a side, got points of shape {space.shape}.")
        if classes < 2:
            raise Refused(f"Classifier needs at least 2 classes, got {classes}; give it labelled data.")
        layers, channels, side = _convolutions(space)
        self.width = 512 if min(space.height, space.width) >= 16 else 128
        self.shape = space.shape
        self.middle, self.reach = (space.low + space.high) / 2, (space.high - space.low) / 2
        flat = nn.Linear(channels * side[0] * side[1], self.width)
        self.hidden = nn.Sequential(OrderedDict([*layers, ("flat", nn.Flatten()), ("dense", flat), ("on", nn.ReLU())]))
        self.logits = nn.Linear(self.width, classes)

    def features(self, x: Tensor) -> Tensor:
        """Return activations (n, width) of the hidden layer; points may come flattened."""
        return self.hidden((x.reshape(-1, *self.shape) - self.middle) / self.reach)

    def forward(self, x: Tensor) -> Tensor:
        return self.logits(self.features(x))


def _convolutions(space: Image) -> tuple[list[tuple[str, nn.Module]], int, tuple[int, int]]:
    """Return named layers, the channels they end in, and the sides that are left."""
    layers: list[tuple[str, nn.Module]] = []
    n, side = space.channels, (space.height, space.width)
    for i, m in enumerate(CHANNELS):
        filters, margin = (5, 0) if min(side) >= 12 and i < 2 and min(space.height, space.width) >= 20 else (3, 1)
        side = ((side[0] + 2 * margin - filters + 1) // 2, (side[1] + 2 * margin - filters + 1) // 2)
        layers += [(f"filter{i}", nn.Conv2d(n, m, filters, padding=margin)), (f"bend{i}", nn.ReLU())]
        layers += [(f"most{i}", nn.MaxPool2d(2))]
        n = m
        if max(side) <= 7 and i > 0 or min(side) < 4:
            break
    return layers, n, side
