"""Maps into a space where distances mean something, each with its protocol."""

from pushforward.features.base import Features
from pushforward.features.identity import Identity
from pushforward.features.lenet import LeNet
from pushforward.features.own import Own
from pushforward.features.pixels import Pixels

__all__ = ["Features", "Identity", "LeNet", "Own", "Pixels"]
