"""The feature maps into a space where distances mean something, each with its protocol."""

from pushforward.features.base import Features
from pushforward.features.encoder import Encoder
from pushforward.features.identity import Identity
from pushforward.features.inception import Inception
from pushforward.features.lenet import LeNet
from pushforward.features.pca import PCA
from pushforward.features.pixels import Pixels
from pushforward.features.preparation import CleanFID, Preparation, PytorchFID, TorchFidelity
from pushforward.features.random_conv import RandomConv
from pushforward.features.scaling import Robust, Scaling, Unscaled
from pushforward.features.user_function import Own

__all__ = [
    "PCA",
    "CleanFID",
    "Encoder",
    "Features",
    "Identity",
    "Inception",
    "LeNet",
    "Own",
    "Pixels",
    "Preparation",
    "PytorchFID",
    "RandomConv",
    "Robust",
    "Scaling",
    "TorchFidelity",
    "Unscaled",
]
