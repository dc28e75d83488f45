"""The space in which points are compared: by name, as a feature map, or as any callable."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from pushforward.data import Data
from pushforward.dotted import find
from pushforward.errors import Refused, nearest
from pushforward.features import (
    PCA,
    CleanFID,
    Encoder,
    Features,
    Identity,
    Inception,
    Own,
    Pixels,
    Preparation,
    PytorchFID,
    RandomConv,
    TorchFidelity,
)
from pushforward.features.encoder_files import HUB, PREFIX
from pushforward.features.inception_layers import WIDTHS
from pushforward.judging.class_features import classifier, has_classes
from pushforward.runs import RunFolder
from pushforward.spaces import Image, Space

RUN = "run:"
"""The beginning of features that are the codes of a run, which `verbs` open."""

Maker = Callable[[str, Space, Data | None], Features]

FITTED = 10_000
"""Most rows of the training part that PCA is fitted to."""


def embedding(asked: Any, space: Space, data: Data | None = None) -> Features:
    """The feature map of a name, of a value or of a callable.

    Args:
        asked: identity, pixels, pca (or pca-32), random-conv, lenet, inception (or inception-768, -64, -192, -2048, or
            as another program prepares pictures: -pytorch-fid, -torch-fidelity, -clean-fid), dinov2, clip,
            transformers:WHERE; run:FOLDER, the codes of a run with an encoder; a dotted path to a Features or a
            callable; one of these in Python. None is identity.
        space: of the points.
        data: where they are at hand; PCA is fitted to their training part, LeNet trained on it.

    Raises:
        Refused: if nothing has that name, or the data do not suit it.
    """
    if not isinstance(asked, str):
        return _own(asked) if asked is not None else Identity()
    known(asked)
    name = asked.strip()
    if name.startswith(RUN):
        raise Refused(f"features {name} are of data like the run's, and there are none here; give data and samples.")
    if name.startswith(PREFIX):
        return _encoder(name, space, data)
    head, _, number = name.rpartition("-")
    if number.isdigit() and head in COUNTED:
        return COUNTED[head](space, data, int(number))
    if name in KNOWN:
        return KNOWN[name](name, space, data)
    found = find(name)
    return _own(found() if isinstance(found, type) else found, name)


def known(asked: Any) -> None:
    """Refuse a name that no features have, before anything is read.

    Args:
        asked: as in `embedding`; what is no name passes.

    Raises:
        Refused: if nothing has that name.
    """
    if not isinstance(asked, str):
        return
    name = asked.strip()
    if name.startswith(RUN):
        RunFolder.open(name.removeprefix(RUN))
        return
    head, _, number = name.rpartition("-")
    if name.startswith(PREFIX) or name in KNOWN or (number.isdigit() and head in COUNTED):
        return
    if "." not in name or find(name) is None:
        others = ["pca-32", "inception-768", f"{PREFIX}WHERE", f"{RUN}FOLDER"]
        raise Refused(f"no features '{name}'; {nearest(name, [*KNOWN, *others])}")


def _own(asked: Any, name: str = "") -> Features:
    if isinstance(asked, Features):
        return asked
    if callable(asked):
        return Own(asked)
    raise Refused(
        f"features must be a name, a feature map or a function of points, got {name or ''} {type(asked).__name__}."
    )


def _pictures(space: Space, name: str) -> Image:
    if not isinstance(space, Image):
        raise Refused(f"features {name} need pictures, got {type(space).__name__}; take identity or pca.")
    return space


def _pixels(name: str, space: Space, data: Data | None) -> Features:
    image = _pictures(space, name)
    return Pixels(image.low, image.high)


def _random(name: str, space: Space, data: Data | None) -> Features:
    image = _pictures(space, name)
    return RandomConv(low=image.low, high=image.high)


def _encoder(name: str, space: Space, data: Data | None) -> Features:
    image = _pictures(space, name.partition(":")[0])
    return Encoder.found(name, image.low, image.high)


def _prepared(name: str, space: Space, data: Data | None) -> Features:
    """Return the Inception network with pictures prepared as another program does."""
    image = _pictures(space, name)
    return replace(Inception.found(2048, image.low, image.high), preparation=PREPARED[name])


def _inception(space: Space, data: Data | None, width: int = 2048) -> Features:
    if width not in WIDTHS:
        raise Refused(f"no features 'inception-{width}'; the width is one of {', '.join(map(str, WIDTHS))}.")
    image = _pictures(space, "inception")
    return Inception.found(width, image.low, image.high)


def _pca(space: Space, data: Data | None, components: int | None = None) -> Features:
    if data is None:
        raise Refused("features pca are fitted to the data, and a file of statistics holds none; take pixels.")
    x = data.train.all(FITTED).x
    return PCA.fitted(x) if components is None else PCA.fitted(x, components)


def _lenet(name: str, space: Space, data: Data | None) -> Features:
    if data is None or not has_classes(data):
        raise Refused("features lenet need pictures with labels of two or more classes to train on; take pixels.")
    return classifier(data)


COUNTED: dict[str, Callable[[Space, Data | None, int], Features]] = {"inception": _inception, "pca": _pca}
"""Names that a number may follow."""

PREPARED: dict[str, Preparation] = {
    "inception-pytorch-fid": PytorchFID(),
    "inception-torch-fidelity": TorchFidelity(),
    "inception-clean-fid": CleanFID(),
}

KNOWN: dict[str, Maker] = {
    "identity": lambda name, space, data: Identity(),
    "pixels": _pixels,
    "pca": lambda name, space, data: _pca(space, data),
    "random-conv": _random,
    "lenet": _lenet,
    "inception": lambda name, space, data: _inception(space, data),
    **dict.fromkeys(PREPARED, _prepared),
    **dict.fromkeys(HUB, _encoder),
}
