"""Pictures of mixed sizes and modes as one array of bytes, from folders and from tables that hold them."""

import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median

import numpy as np

from pushforward.data import folders, parts, picture_tables
from pushforward.data.options import Options
from pushforward.data.resize import resized
from pushforward.data.source import Source
from pushforward.errors import Refused

# Sides that the convolutional networks are made for.
SIDES = (28, 32, 64)
MODES = {"L": "gray", "1": "black or white", "P": "palette", "RGBA": "with transparency, laid on white", "F": "floats"}
MODES |= {"LA": MODES["RGBA"], "PA": MODES["RGBA"], "CMYK": "CMYK", "RGB": "colour"}


@dataclass(frozen=True)
class Fitting:
    """How pictures get one size.

    Args:
        height: wanted, in pixels.
        width: wanted, in pixels.
        crop: cut the middle out; if not, squeeze the whole.
        exact: refuse pictures of other sizes.
        skip: leave out what cannot be read, instead of refusing all.
    """

    height: int
    width: int
    crop: bool = False
    exact: bool = False
    skip: bool = False


def load_pictures(found: "folders.Album", options: Options) -> Source:
    """Every picture of an album at one size, gray if all of them are, as uint8 (n, h, w, c)."""
    found, lost = _sound(found, options.skip_corrupt)
    (height, width), said = _sides(found, options)
    fit = Fitting(height, width, options.crop, options.native, options.skip_corrupt)
    source = _stacked(found, fit, options.gray)
    colour = f"{'Gray' if source.x.shape[3] == 1 else 'Colour'} images" + (
        "" if options.gray is None else ", as asked for"
    )
    return replace(source, notes=(*lost, *source.notes, said, f"{colour}, of 8 bits."))


def read_pictures(path: Path, fit: Fitting) -> Source:
    """The same for another source, at a given size."""
    found = picture_tables.read_parquet(path) if path.suffix.lower() == ".parquet" else folders.read_folder(path)
    found, lost = _sound(found, fit.skip)
    source = _stacked(found, fit, None)
    labels = found.classes.called(source.labels) if source.labels is not None and found.classes else source.labels
    return replace(source, labels=labels, classes=None, held=None, notes=(*lost, *source.notes))


def _sound(album: "folders.Album", skip: bool) -> tuple["folders.Album", tuple[str, ...]]:
    """The album, without pictures whose header cannot be read if those are to be skipped."""
    bad = {}
    for i, picture in enumerate(album.pictures):
        try:
            picture.header  # noqa: B018  read once, and kept
        except Refused as refusal:
            if not skip:
                raise Refused(f"{str(refusal).rstrip('.')}; --skip-corrupt leaves such files out.") from refusal
            bad[i] = str(refusal)
    if len(bad) == len(album.pictures):
        raise Refused(f"none of the {len(bad)} images of {album.name} can be read; {bad[0]}")
    return _without(album, bad), _told(bad, album)


def _without(album: "folders.Album", bad: dict[int, str]) -> "folders.Album":
    if not bad:
        return album
    kept = np.array([i for i in range(len(album.pictures)) if i not in bad])
    rows = lambda z: None if z is None else z[kept]
    return replace(
        album, pictures=tuple(album.pictures[i] for i in kept), labels=rows(album.labels), held=rows(album.held)
    )


def _told(bad: dict[int, str], album: "folders.Album") -> tuple[str, ...]:
    if not bad:
        return ()
    count = f"{len(bad)} of {len(album.pictures)} images of {album.name} cannot be read and are left out."
    return (count, *(f"skipped: {sentence}" for sentence in bad.values()))


def _sides(album: "folders.Album", options: Options) -> tuple[tuple[int, int], str]:
    """Height and width, and the sentence that says why and how the images get them."""
    sizes = [picture.header.size for picture in album.pictures]
    if options.native and options.size is None:
        width, height = sizes[0]
        return (height, width), f"Images are {height} × {width} pixels, as they came."
    side, said = _side(sizes, options)
    return (side, side), said


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


def _stacked(album: "folders.Album", fit: Fitting, gray: bool | None) -> Source:
    """(n, h, w, 1) or (n, h, w, 3), decoded one by one; on disk where memory would not hold them."""
    _of_size(album, fit)
    x = _room((len(album.pictures), fit.height, fit.width, 1 if gray else 3))
    coloured, bad, n = False, {}, 0
    for i, picture in enumerate(album.pictures):
        try:
            image = resized(picture.upright(max(fit.height, fit.width)), fit.height, fit.width, fit.crop)
        except Refused as refusal:
            if not fit.skip:
                raise Refused(f"{str(refusal).rstrip('.')}; --skip-corrupt leaves such files out.") from refusal
            bad[i] = str(refusal)
            continue
        pixels = np.asarray(image.convert("L"))[..., None] if gray else np.asarray(image)
        coloured = coloured or bool((pixels != pixels[..., :1]).any())
        x[n] = pixels
        n += 1
    if not n:
        raise Refused(f"none of the {len(bad)} images of {album.name} can be read; {bad[0]}")
    x = x[:n] if bad else x
    if gray is None and not coloured:
        x = x[..., :1] if isinstance(x, np.memmap) else np.ascontiguousarray(x[..., :1])
    kept = _without(album, bad)
    notes = (*kept.notes, *_told(bad, album), *_mixed(kept), *_resizing(kept, fit))
    return Source(kept.name, x, kept.labels, kept.classes, kept.held, (0.0, 255.0), kept.suffix, notes=notes)


def _of_size(album: "folders.Album", fit: Fitting) -> None:
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


def _resizing(album: "folders.Album", fit: Fitting) -> tuple[str, ...]:
    others = sum(picture.header.size != (fit.width, fit.height) for picture in album.pictures)
    if not others:
        return ()
    how = "cut to their centre" if fit.crop else "squeezed where the shape differs"
    return (f"{others} of {len(album.pictures)} images of {album.name} are resized to {fit.height} × {fit.width}, "
            f"antialiased, {how}.",)  # fmt: skip


def _mixed(album: "folders.Album") -> tuple[str, ...]:
    """What was made of pictures that are not all gray or all in colour."""
    counts = Counter(
        MODES.get(m := picture.header.mode, "16 bits, scaled to 8" if m.startswith("I") else m)
        for picture in album.pictures
    )
    if set(counts) in ({MODES["L"]}, {MODES["RGB"]}):
        return ()
    told = "; ".join(f"{n} {what}" for what, n in counts.most_common())
    return (f"Images of {album.name} that were taken to colour of 8 bits: {told}.",)


def _room(shape: tuple[int, ...]) -> np.ndarray:
    if np.prod(shape) * 4 <= parts.IN_MEMORY:
        return np.empty(shape, dtype=np.uint8)
    with tempfile.TemporaryFile() as file:  # the mapping keeps it alive after it is closed and without a name
        return np.memmap(file, dtype=np.uint8, mode="w+", shape=shape)
