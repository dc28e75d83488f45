"""The classifier that says which classes are there, for data that have any."""

from pushforward.data import Data
from pushforward.features import LeNet
from pushforward.spaces import Image


def classifier(data: Data) -> LeNet:
    """The LeNet of the training part, its accuracy that on the validation part."""
    return LeNet.trained(data.space, data.train.all(), data.validation.all())


def has_classes(data: Data) -> bool:
    """Return whether a classifier can be trained: the data are labelled pictures."""
    return isinstance(data.space, Image) and len(data.space.classes) > 1
