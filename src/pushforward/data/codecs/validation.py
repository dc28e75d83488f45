"""A check whether what was read from a file can be a codec: sizes, types and names, before it makes anything."""

import re
from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from pushforward.errors import Refused
from pushforward.spaces import Batch, Image

if TYPE_CHECKING:
    from pushforward.data.codecs.base import Codec

LARGEST = 2**26
"""Coordinates of a point, at most: a colour picture of 4,700 pixels on a side."""

TRIED = 2**16
"""Coordinates up to which points are decoded on trial."""

WIDEST = 4096
"""Bytes of a label, at most."""

NATIVE = re.compile(r"(\.[A-Za-z0-9]{1,12}){0,2}")
"""What the ending of a file may be, so that no other folder is named by it."""

FAULTS = (ValueError, TypeError, ArithmeticError, LookupError, AttributeError, RuntimeError)


def validated(codec: "Codec", whose: str, tried: bool = True) -> "Codec":
    """Return the codec, if points can be decoded by it.

    Args:
        codec: whose fields are of the right types.
        whose: the file, in sentences.
        tried: whether points are decoded on trial, for which libraries must be there.

    Raises:
        Refused: if its sizes, types or names cannot be those of any data.
    """
    if not NATIVE.fullmatch(codec.suffix):
        raise Refused(f"suffix of {whose} must be the ending of a file such as .npz, got {codec.suffix!r}.")
    for name, value in vars(codec).items():
        if (fault := _fault(name, value)) is not None:
            raise Refused(f"{name} of {whose} must be {fault}, got {value!r:.60}.")
    if not tried:
        return codec
    if not _numbers(getattr(codec, "dtype", "uint8")):
        raise Refused(f"dtype of {whose} must be NumPy's name of a type of numbers, got {vars(codec)['dtype']!r:.60}.")
    try:
        _tried(codec, whose)
    except FAULTS as error:
        if isinstance(error, Refused):
            raise
        raise Refused(f"{whose} does not describe data that can be given back: {error}; restore it.") from error
    return codec


def _fault(name: str, value: Any) -> str | None:
    """What a field must be, if it is not that."""
    if name in ("height", "width") and not 1 <= value <= LARGEST:
        return f"1 to {LARGEST:,} pixels"
    if name == "channels" and value not in (1, 3):
        return "1 or 3"
    if name == "channel_axis" and value not in (None, 1, 3):
        return "1, 3 or null"
    if name == "threshold" and value is not None and not 0 <= value < 1:
        return "in [0, 1)"
    if name == "names" and len(set(map(str, value))) < len(value):
        return "different names"
    return None


def _numbers(dtype: str) -> bool:
    try:
        return np.dtype(dtype).kind in "biuf"
    except (TypeError, ValueError):
        return False


def _tried(codec: "Codec", whose: str) -> None:
    """Three points, decoded: in the middle of the data and a standard deviation to either side."""
    labels = codec.labels
    if labels is not None:
        if len(labels.values) != len(labels.names) or len(set(labels.names)) < len(labels.names):
            raise ValueError("its labels have not one name each")
        if np.dtype(labels.dtype).hasobject or np.dtype(labels.dtype).itemsize > WIDEST:
            raise ValueError(f"its labels are of type {labels.dtype[:60]}")
    space = codec.space
    if not (space.shape and min(space.shape) >= 1 and space.dim <= LARGEST):
        raise Refused(f"{whose} must describe points of 1 to {LARGEST:,} coordinates, got shape {space.shape}.")
    if isinstance(space, Image) and not vars(codec)["low"] < vars(codec)["high"]:
        raise ValueError("its black is not below its white")
    if space.dim > TRIED:
        return
    x = torch.tensor([0.0, 1.0, -1.0]).reshape(3, *[1 for _ in space.shape]).expand(3, *space.shape)
    label = torch.zeros(3, dtype=torch.int64) if space.classes else None
    with np.errstate(all="ignore"):  # small floats overflow near the ends of honest data too
        codec.decode(Batch(x, label))
