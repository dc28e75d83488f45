"""The pictures of mixed sizes and modes as one array, from folders, archives, single files and tables."""

import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median
from typing import Literal

import numpy as np

from pushforward.data.raw import memory
from pushforward.data.raw.options import Options
from pushforward.data.raw.pixel_range import bits
from pushforward.data.raw.source import Source
from pushforward.data.readers import image_archives as archives
from pushforward.data.readers import image_folders as folders
from pushforward.data.readers import image_tables as picture_tables
from pushforward.data.readers.albums import Album
from pushforward.data.readers.image_decoding import Decoding, decode, white_of_album
from pushforward.data.readers.image_pages import all_pages, unreadable_notes
from pushforward.errors import Refused

# Sides that the convolutional networks are made for.
SIDES = (28, 32, 64)
# Images are of one shape if their ratios of width to height differ by no more than rounding to whole pixels makes them.
ALIKE = 1.03
MODES = {"L": "gray", "1": "black or white", "P": "palette", "RGBA": "with transparency, laid on white", "F": "floats"}
MODES |= {"LA": MODES["RGBA"], "PA": MODES["RGBA"], "CMYK": "CMYK", "RGB": "colour"}


@dataclass(frozen=True)
class Fitting:
    """The size and depth of the data, to which pictures of another source are brought.

    Args:
        height: wanted, in pixels.
        width: wanted, in pixels.
        crop: cut the middle out; if not, squeeze the whole.
        exact: refuse pictures of other sizes.
        skip: leave out what cannot be read, instead of refusing all.
        frames: "all" takes every picture of an animation, "first" the first one.
        white: of the data, 2^bits − 1, which holds for these pictures too; None where the data are no whole numbers.
    """

    height: int
    width: int
    crop: bool = False
    exact: bool = False
    skip: bool = False
    frames: Literal["first", "all"] = "first"
    white: int | None = None


def load_pictures(album: Album, options: Options) -> Source:
    """Return the pictures of an album at one size and depth, gray if all are, as (n, h, w, c) of one or two bytes."""
    album = all_pages(album, options.frames, options.skip_corrupt)
    (height, width), size_note = _sides(album, options)
    fitting = Fitting(height, width, options.crop, options.native, options.skip_corrupt, options.frames)
    source = _stacked(album, fitting, options.gray)
    colour = f"{'Gray' if source.x.shape[3] == 1 else 'Colour'} images" + (
        "" if options.gray is None else ", as asked for"
    )
    depth = bits(int(source.levels[1])) if source.levels else 8
    return replace(source, notes=(*source.notes, size_note, f"{colour}, of {depth} bits."))


def read_pictures(path: Path, fit: Fitting) -> Source:
    """Read another source at the size and depth of the data."""
    return fitted(album_of(path), fit)


def fitted(album: Album, fit: Fitting) -> Source:
    """Return the pictures of an album at the size and depth of the data, with the names of their classes."""
    album = all_pages(album, fit.frames, fit.skip)
    source = _stacked(album, fit, None)
    labels = album.classes.names_of(source.labels) if source.labels is not None and album.classes else source.labels
    return replace(source, labels=labels, classes=None, stated_parts=None)


def album_of(path: Path) -> Album:
    """Return the pictures of a folder, an archive, a table, or of one file.

    Raises:
        Refused: if it holds none.
    """
    if path.suffix.lower() == ".parquet":
        return picture_tables.read_parquet(path)
    if archives.is_archive(path):
        return archives.read_archive(path)
    return folders.read_pages(path) or folders.read_folder(path)


def _sides(album: Album, options: Options) -> tuple[tuple[int, int], str]:
    """Return height and width, and the sentence that says why and how the images get them."""
    sizes = [picture.header.size for picture in album.pictures]
    if options.native and options.size is None:
        width, height = sizes[0]
        return (height, width), f"Images are {height} × {width} pixels, as they came."
    height, width = options.sides or _usual_sides(sizes, options.crop)
    if set(sizes) == {(width, height)}:
        return (height, width), f"Images are {height} × {width} pixels, as they came."
    nearest = f"the nearest of {', '.join(map(str, SIDES))}"
    nearest += "" if height == width else " for the shorter side, the shape kept"
    why = "as asked for" if options.size else f"{nearest}; choose another by size, such as 64 or 48x64"
    odd = "not square" if height == width else "of another shape"
    how = f"; those that are {odd} are squeezed (crop cuts out their centre instead)"
    how = f"; of those that are {odd} the centre is cut out" if options.crop else how
    how = how if any(abs(w * height - h * width) > max(w, h) for w, h in sizes) else ""
    shorter = f"{median(map(min, sizes)):g}"
    note = f"Images with a median shorter side of {shorter} pixels are resized to {height} × {width}, {why}{how}."
    return (height, width), note


def _usual_sides(sizes: Sequence[tuple[int, int]], crop: bool) -> tuple[int, int]:
    """Return the height and width of images that nobody asked for: of one shape, which they keep, else square.

    Args:
        sizes: widths and heights.
        crop: whether squares are cut out of them.
    """
    shorter = median(map(min, sizes))
    side = min(SIDES, key=lambda s: abs(s - shorter))
    ratios = [w / h for w, h in sizes]
    if crop or max(ratios) > ALIKE * min(ratios):
        return side, side
    ratio = median(ratios)
    return (side, round(side * ratio)) if ratio > 1 else (round(side / ratio), side)


def _stacked(album: Album, fit: Fitting, gray: bool | None) -> Source:
    """Return (n, h, w, 1) or (n, h, w, 3), decoded one by one; on disk where memory would not hold them."""
    _refuse_other_sizes(album, fit)
    white = fit.white or white_of_album(album, fit.skip)
    decoding = Decoding(fit.height, fit.width, fit.crop, bool(gray), white, fit.skip)
    x = _room((len(album.pictures), fit.height, fit.width, 1 if gray else 3), np.uint8 if white == 255 else np.uint16)
    coloured, bad = False, list[str]()
    kept: list[int] = []
    for i, pixels in decode(album, decoding):
        if isinstance(pixels, str):
            bad.append(pixels)
            continue
        coloured = coloured or bool((pixels != pixels[..., :1]).any())
        x[len(kept)] = pixels
        kept.append(i)
    if not kept:
        raise Refused(f"none of the {len(bad)} images of {album.name} can be read; {bad[0]}")
    x = x[: len(kept)] if bad else x
    if gray is None and not coloured:
        x = x[..., :1] if isinstance(x, np.memmap) else np.ascontiguousarray(x[..., :1])
    taken = album.with_pictures(kept, [album.pictures[i] for i in kept]) if bad else album
    notes = (
        *taken.notes,
        *unreadable_notes(bad, len(album.pictures), album.name),
        *_mixed(taken, white),
        *_resizing(taken, fit),
    )
    levels = 0.0, float(white)
    return Source(taken.name, x, taken.labels, taken.classes, taken.stated_parts, levels, taken.suffix, notes=notes,
                  groups=taken.groups)  # fmt: skip


def _refuse_other_sizes(album: Album, fit: Fitting) -> None:
    """Refuse pictures of other sizes, where they are not to be resized."""
    size = fit.width, fit.height
    others = [picture for picture in album.pictures if picture.header.size != size]
    if fit.exact and others:
        w, h = others[0].header.size
        raise Refused(
            f"images must be of one size, but {others[0].name} is {h} × {w} pixels where the others or the data are "
            f"{fit.height} × {fit.width} ({len(others)} of {len(album.pictures)} differ); say --size 64, for example, "
            "to resize all of them, antialiased."
        )


def _resizing(album: Album, fit: Fitting) -> tuple[str, ...]:
    others = sum(picture.header.size != (fit.width, fit.height) for picture in album.pictures)
    if not others:
        return ()
    how = "cut to their centre" if fit.crop else "squeezed where the shape differs"
    return (f"{others} of {len(album.pictures)} images of {album.name} are resized to {fit.height} × {fit.width}, "
            f"antialiased, {how}.",)  # fmt: skip


def _mixed(album: Album, white: int) -> tuple[str, ...]:
    """Say what was made of pictures that are not all gray or all in colour, or not all of one depth."""
    headers = [picture.header for picture in album.pictures]
    counts = Counter("in files of 16 bits" if h.deep else MODES.get(h.mode, h.mode) for h in headers)
    notes = []
    if set(counts) not in ({MODES["L"]}, {MODES["RGB"]}):
        modes = "; ".join(f"{n} {what}" for what, n in counts.most_common())
        notes.append(f"Images of {album.name} that were taken to colour of {bits(white)} bits: {modes}.")
    if cut := sum(h.cut for h in headers):
        notes.append(f"{cut} images of {album.name} have more than 8 bits in a form of which 8 can be read; PNG and "
                    "TIFF in gray or RGB keep them all.")  # fmt: skip
    return tuple(notes)


def _room(shape: tuple[int, ...], kind: type) -> np.ndarray:
    if np.prod(shape) * 4 <= memory.IN_MEMORY:
        return np.empty(shape, dtype=kind)
    with tempfile.TemporaryFile() as file:  # the mapping keeps it alive after it is closed and without a name
        return np.memmap(file, dtype=kind, mode="w+", shape=shape)
