"""The making of a data set from rows: checked, split, and encoded by a codec chosen from shape and type."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import torch

from pushforward.data.base import Data, Part
from pushforward.data.codecs.base import Codec
from pushforward.data.codecs.image import ImageCodec
from pushforward.data.codecs.rows import RowsCodec
from pushforward.data.codecs.standardising import Standard
from pushforward.data.parts import stored as parts
from pushforward.data.raw import checks, memory
from pushforward.data.raw.hashing import content_hash
from pushforward.data.raw.labels import Labels
from pushforward.data.raw.options import Options
from pushforward.data.raw.pixel_range import value_range
from pushforward.data.raw.source import Source
from pushforward.data.raw.splits import split
from pushforward.data.readers.arrays import channels_first
from pushforward.notes import left_out


def from_source(source: Source, options: Options, spec: Mapping[str, Any]) -> Data:
    """Make vectors of (n,) and (n, d), and images of (n, h, w), (n, h, w, c) and (n, c, h, w).

    Raises:
        Refused: for fewer than 20 rows, for NaN and infinite values, and where no row differs from the others.
    """
    options.no_columns(source.name)
    checks.refuse_too_few(len(source.x), source.name, options.native)
    checks.refuse_not_finite(source.x, source.name)
    checks.refuse_constant(source.x, source.name)
    if source.groups is None:
        options.no_groups(source.name)
    index = split(len(source.x), options.seed, source.stated_parts, options.shares, source.groups)
    codec, notes = (_images if source.x.ndim > 2 else _rows)(source, options, index[0])
    train, validation, test = (_part(source, codec, i) for i in index)
    if not options.native:
        notes += (split_note(source.stated_parts is not None, index, source.groups),)
    return Data(
        source.name,
        codec.space,
        codec,
        train,
        validation,
        test,
        content_hash(source.x, source.labels, source.stated_parts),
        spec,
        source.notes + notes,
        split_hash=content_hash(*index),
        native=None
        if options.native or source.x.ndim > 2
        else lambda: from_source(source, replace(options, native=True), spec),
        order=np.concatenate(index[::-1]),
    )


def split_note(stated: bool, index: tuple[np.ndarray, ...], groups: np.ndarray | None = None) -> str:
    """Return the sentence that says how rows were split, and what tests make of groups."""
    how = "as the data themselves say, the rest by seed" if stated else "by seed"
    said = "{1} train, {2} validation and {3} test rows, split {0}".format(how, *(len(i) for i in index))
    if groups is None:
        return f"{said}."
    counts = "{} train, {} validation and {} test groups".format(*(len(np.unique(groups[i])) for i in index))
    return (f"{said}, whole groups into one part: {counts}. Tests take rows for independent, and are too sure of "
            "themselves where those of a group are alike.")  # fmt: skip


def _images(source: Source, options: Options, train: np.ndarray) -> tuple[Codec, tuple[str, ...]]:
    x, sides = source.x, options.sides
    axis = None if x.ndim == 3 else 3 if x.shape[3] in (1, 3) else 1
    channels, height, width = channels_first(x[:1], name=source.name).shape[1:]
    low, high = source.levels or value_range(x, source.name)
    notes = [] if source.levels else [f"Black is {low:g} and white is {high:g}, as the {x.dtype} values say."]
    if sides is not None and sides != (height, width):
        how = "the largest box of that shape is cut out" if options.crop else "squeezed, not cut"
        kept = height * sides[1] == width * sides[0]
        notes.append(f"Images of {height} × {width} pixels are resized to {sides[0]} × {sides[1]}"
                     + ("." if kept else f"; {how}."))  # fmt: skip
        height, width = sides
    if options.gray is not None and (1 if options.gray else 3) != channels:
        channels, axis = (1 if options.gray else 3), 3 if axis is None else axis
        notes.append("Colour is turned to gray." if options.gray else "Gray is repeated on three channels.")
    if options.threshold is not None:
        notes.append(f"Pixels above {options.threshold:g} of the way from black to white are white, the others black.")
    if options.binarise:
        notes.append("Each pixel is drawn white or black, with its grey value as the probability, once for all.")
    codec = ImageCodec(
        channels,
        height,
        width,
        axis,
        str(x.dtype),
        low,
        high,
        crop=options.crop,
        exact=options.native and sides is None,
        skip_corrupt=options.skip_corrupt,
        gray=options.gray is True,
        threshold=options.threshold,
        binarise=options.binarise,
        labels=_classes(source, options),
        suffix=source.suffix,
        tensor=source.tensor,
        frames=options.frames,
    )
    return codec, tuple(notes)


def _classes(source: Source, options: Options) -> Labels | None:
    """Return the classes of the rows, with the name under which they were asked for, as other files have them."""
    known = source.known_classes
    return known if known is None or options.labels is None else replace(known, column=options.labels)


def _rows(source: Source, options: Options, train: np.ndarray) -> tuple[Codec, tuple[str, ...]]:
    options.no_pictures(source.name)
    x = source.x[:, None] if source.x.ndim == 1 else source.x
    standard = Standard.none(x.shape[1]) if options.native else Standard.of(x, train, always=False)
    flat = source.x.ndim == 1
    codec = RowsCodec(
        standard, str(x.dtype), flat, _classes(source, options), source.suffix, source.tensor, options.native
    )
    notes: list[str] = []
    if options.native and source.labels is not None:
        why = "rows of numbers are compared without their classes"
        notes.append(left_out(f"labels of {source.name} are left out: {why}."))
    if not standard.trivial:
        notes.append("Coordinates are standardised by mean and standard deviation of the training part, and back.")
    if constant := x.shape[1] - len(standard.moving):
        notes.append(f"{constant} of {x.shape[1]} coordinates are constant: carried, not modelled.")
    return codec, tuple(notes)


def _part(source: Source, codec: Codec, index: np.ndarray) -> Part:
    """Keep rows in memory as floats (of a large file when asked for), or as bytes or on disk if those were large."""
    label = None
    if source.labels is not None and codec.labels is not None:
        label = codec.labels.tensor(np.asarray(source.labels)[index])
    floats = 4 * len(source.x) * codec.space.dim
    if isinstance(source.x, np.memmap) and floats > memory.IN_MEMORY:
        return parts.MappedPart(source.x, index, codec, label)
    if isinstance(codec, ImageCodec) and source.x.dtype == np.uint8 and floats > memory.AS_FLOATS:
        return _bytes(source, codec, index, label)
    if isinstance(source.x, np.memmap) and floats > memory.AT_ONCE:
        return parts.PostponedPart(source.x, index, codec, label)
    return parts.TensorPart(parts.encoded_rows(source.x, index, codec), label)


def _bytes(source: Source, codec: ImageCodec, index: np.ndarray, label: torch.Tensor | None) -> Part:
    shown = torch.empty(len(index), *codec.space.shape, dtype=torch.uint8)
    for start in range(0, len(index), parts.ROWS):
        batch = codec.encode(np.asarray(source.x[index[start : start + parts.ROWS]]))
        shown[start : start + parts.ROWS] = ((batch.x + 1) * 127.5).round().to(torch.uint8)
    return parts.TensorPart(shown, label, _from_bytes)


def _from_bytes(x: torch.Tensor) -> torch.Tensor:
    return x.float() * (2 / 255) - 1
