"""In which space points are compared: by name, as a feature map, or as any callable."""

from collections.abc import Callable
from typing import Any

from pushforward.data import Data
from pushforward.errors import Refused, nearest
from pushforward.features import Features, Identity, LeNet, Own, Pixels
from pushforward.spaces import Image
from pushforward.verbs.judging import classified


def embedding(asked: Any, data: Data) -> Features:
    """The feature map of a name, of a value or of a callable.

    Args:
        asked: identity, pixels, lenet; a Features; or a callable. None is identity.
        data: that it is for; LeNet is trained on their training part.

    Raises:
        Refused: if nothing has that name, or the data do not suit it.
    """
    if isinstance(asked, Features):
        return asked
    if callable(asked):
        return Own(asked)
    known = {"identity": _identity, "pixels": _pixels, "lenet": _lenet}
    name = "identity" if asked is None else str(asked)
    if name not in known:
        raise Refused(f"no features '{name}'; {nearest(name, list(known))}")
    make: Callable[[Data], Features] = known[name]
    return make(data)


def _identity(data: Data) -> Features:
    return Identity()


def _pixels(data: Data) -> Features:
    if not isinstance(data.space, Image):
        raise Refused(f"features pixels need pictures, got {type(data.space).__name__}; take identity.")
    return Pixels(data.space.low, data.space.high)


def _lenet(data: Data) -> Features:
    if not classified(data):
        raise Refused("features lenet need pictures with labels of two or more classes to train on; take pixels.")
    return LeNet.trained(data.space, data.train.all(), data.validation.all())
