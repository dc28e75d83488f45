"""In which space points are compared: by name, as a feature map, or as any callable."""

from collections.abc import Callable
from functools import partial
from typing import Any

from pushforward.data import Data
from pushforward.errors import Refused, nearest
from pushforward.features import Features, Identity, Inception, Own, Pixels
from pushforward.features.inception_layers import WIDTHS
from pushforward.spaces import Image, Space
from pushforward.verbs.classifying import classified, classifier


def embedding(asked: Any, space: Space, data: Data | None = None) -> Features:
    """The feature map of a name, of a value or of a callable.

    Args:
        asked: identity, pixels, lenet, inception, inception-768 (or 64, 192, 2048); a Features; or a callable. None is
            identity.
        space: of the points.
        data: where they are at hand; LeNet is trained on their training part.

    Raises:
        Refused: if nothing has that name, or the data do not suit it.
    """
    if isinstance(asked, Features):
        return asked
    if callable(asked):
        return Own(asked)
    known: dict[str, Callable[[Space], Features]] = {
        "identity": _identity,
        "pixels": _pixels,
        "lenet": partial(_lenet, data=data),
        "inception": _inception,
    }
    known |= {f"inception-{width}": partial(_inception, width=width) for width in WIDTHS}
    name = "identity" if asked is None else str(asked)
    if name not in known:
        raise Refused(f"no features '{name}'; {nearest(name, list(known))}")
    return known[name](space)


def _identity(space: Space) -> Features:
    return Identity()


def _pixels(space: Space) -> Features:
    if not isinstance(space, Image):
        raise Refused(f"features pixels need pictures, got {type(space).__name__}; take identity.")
    return Pixels(space.low, space.high)


def _inception(space: Space, width: int = 2048) -> Features:
    if not isinstance(space, Image):
        raise Refused(f"features inception need pictures, got {type(space).__name__}; take identity.")
    return Inception.found(width, space.low, space.high)


def _lenet(space: Space, data: Data | None) -> Features:
    if data is None or not classified(data):
        raise Refused("features lenet need pictures with labels of two or more classes to train on; take pixels.")
    return classifier(data)
