"""Pictures of mixed sizes and modes as one array of bytes, from folders and from tables that hold them."""

import tempfile
from collections.abc import Sequence
from pathlib import Path
from statistics import median

import numpy as np

from pushforward.data import folders, parts, picture_tables
from pushforward.data.options import Options
from pushforward.data.pictures import Picture
from pushforward.data.resize import resized
from pushforward.data.source import Source

# Sides that the convolutional networks are made for.
SIDES = (28, 32, 64)


def load_pictures(found: "folders.Album", options: Options) -> Source:
    """Every picture of an album at one size, gray if all of them are, as uint8 (n, h, w, c)."""
    sizes = [picture.size for picture in found.pictures]
    side, said = _side(sizes, options)
    x = _stacked(found.pictures, side, side, options.crop, options.gray)
    colour = f"{'Gray' if x.shape[3] == 1 else 'Colour'} images" + ("" if options.gray is None else ", as asked for")
    notes = (*found.notes, said, f"{colour}, of 8 bits.")
    return Source(found.name, x, found.labels, found.classes, found.held, (0.0, 255.0), found.suffix, notes=notes)


def read_pictures(path: Path, height: int, width: int, crop: bool) -> Source:
    """The same for another source, at a given size."""
    found = picture_tables.read_parquet(path) if path.suffix.lower() == ".parquet" else folders.read_folder(path)
    x = _stacked(found.pictures, height, width, crop, None)
    if found.labels is None or found.classes is None:
        return Source(found.name, x, found.labels)
    return Source(found.name, x, found.classes.called(found.labels))


def _side(sizes: Sequence[tuple[int, int]], options: Options) -> tuple[int, str]:
    """The side of the square images, and the sentence that says why and how they get it."""
    shorter = median(min(size) for size in sizes)
    side = options.size or min(SIDES, key=lambda s: abs(s - shorter))
    if set(sizes) == {(side, side)}:
        return side, f"Images are {side} × {side} pixels, as they came."
    why = "as asked for" if options.size else f"the nearest of {', '.join(map(str, SIDES))}; choose another by size"
    how = ""
    if any(w != h for w, h in sizes):
        how = (
            "; of those that are not square the centre is cut out"
            if options.crop
            else ("; those that are not square are squeezed (crop cuts out their centre instead)")
        )
    return side, f"Images with a median shorter side of {shorter:g} pixels are resized to {side} × {side}, {why}{how}."


def _stacked(pictures: Sequence[Picture], height: int, width: int, crop: bool, gray: bool | None) -> np.ndarray:
    """(n, h, w, 1) or (n, h, w, 3), decoded one by one; on disk where memory would not hold them."""
    x = _room((len(pictures), height, width, 1 if gray else 3))
    coloured = False
    for i, picture in enumerate(pictures):
        image = resized(picture.upright(max(height, width)), height, width, crop)
        pixels = np.asarray(image.convert("L"))[..., None] if gray else np.asarray(image)
        coloured = coloured or bool((pixels != pixels[..., :1]).any())
        x[i] = pixels
    if gray is None and not coloured:
        return x[..., :1] if isinstance(x, np.memmap) else np.ascontiguousarray(x[..., :1])
    return x


def _room(shape: tuple[int, ...]) -> np.ndarray:
    if np.prod(shape) * 4 <= parts.IN_MEMORY:
        return np.empty(shape, dtype=np.uint8)
    with tempfile.TemporaryFile() as file:  # the mapping keeps it alive after it is closed and without a name
        return np.memmap(file, dtype=np.uint8, mode="w+", shape=shape)
