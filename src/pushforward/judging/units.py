"""The units in which rows of numbers are compared: `--scale`, and the scale where none was asked for."""

from typing import Any, Literal

import torch

from pushforward.data import Data, TableCodec
from pushforward.data.parts.all_rows import all_rows
from pushforward.errors import Refused
from pushforward.features import Features, Identity, Robust, Unscaled
from pushforward.spaces import Image

Scale = Literal["none", "robust"]


def in_units(f: Features, scale: Scale | None, data: Data, default: Scale = "none") -> Features:
    """The map with the units in which it compares rows of numbers; any other map as it is.

    Args:
        f: the feature map.
        scale: none for the units in which the rows came; robust for the median and the interquartile range of all
            rows of the data, column by column, but for the indicators of levels; None for `default`.
        data: as they came, whose rows give medians and ranges.
        default: what is meant where nothing is asked for.

    Raises:
        Refused: for another word, and for robust where no columns of numbers are compared.
    """
    check_scale(scale)
    if not isinstance(f, Identity) or isinstance(data.space, Image):
        if scale == "robust":
            what = "pictures" if isinstance(data.space, Image) else f"features {f.protocol['features']}"
            raise Refused(f"--scale robust is for columns of numbers, and {what} are compared; leave it out.")
        return f
    if (scale or default) == "none":
        return Identity(Unscaled())
    indicators = {j for _, place in data.space.choices for j in range(place.start, place.stop)}
    numbers = [j for j in range(data.space.dim) if j not in indicators]
    x = torch.cat([block.flatten(1)[:, numbers] for block in all_rows(data).blocks()])
    return Identity(Robust.of(x).among(numbers, data.space.dim))


def check_scale(scale: Any) -> None:
    """Refuse what is no scale."""
    if scale not in (None, "none", "robust"):
        raise Refused(f"--scale must be none or robust, got {scale!r}.")


def default_scale(data: Data, run: bool) -> Scale:
    """Return the scale where none is asked for: robust for tables and a run's own data, none for arrays.

    Args:
        data: that are compared with.
        run: they are the data of a run that is judged.
    """
    return "robust" if run or isinstance(data.codec, TableCodec) else "none"
