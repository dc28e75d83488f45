"""Folders of pictures: recursive, sorted, hidden files skipped; sub-folders are classes, or train and test."""

import os
import re
import shutil
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from pushforward.data.files import make_parent
from pushforward.data.labels import Labels
from pushforward.data.pictures import Picture
from pushforward.data.splits import NAMES
from pushforward.errors import Refused
from pushforward.runs.atomic import writable

ENDINGS = (".png", ".jpg", ".jpeg", ".webp", ".bmp", ".gif", ".tif", ".tiff", ".ppm", ".pgm")
# Written into each PNG: a folder of these alone may be replaced by newer samples.
SIGNATURE = "pushforward"


@dataclass(frozen=True, eq=False)
class Album:
    """Pictures, not yet opened, with what their places say about them.

    Args:
        name: of the folder or file.
        pictures: in order.
        suffix: native ending of the form; "" for a folder.
        labels: one a picture, or None.
        classes: what the labels are, where more than their values is known.
        held: 0, 1 or 2 where they say they are train, validation or test.
        notes: sentences about what was chosen.
    """

    name: str
    pictures: tuple[Picture, ...]
    suffix: str = ""
    labels: np.ndarray | None = None
    classes: Labels | None = None
    held: np.ndarray | None = None
    notes: tuple[str, ...] = ()


def read_folder(folder: Path) -> Album:
    """Every picture below `folder`.

    Raises:
        Refused: for a folder that is empty, holds no pictures, or cannot be listed.
    """
    if not folder.is_dir():
        what = "is a file" if folder.exists() else "does not exist"
        raise Refused(f"images are read from a folder, .npz, .npy or .parquet, and {folder} {what}; check the path, "
                      f"which is taken from {Path.cwd()}.")  # fmt: skip
    files = _files(folder)
    kept = [f for f in files if f.suffix.lower() in ENDINGS]
    skipped = _endings([f for f in files if f.suffix.lower() not in ENDINGS])
    if not kept:
        what = f"holds no images among its {len(files)} files ({skipped})" if files else "is empty"
        raise Refused(f"folder {folder} {what}; images end in {', '.join(ENDINGS)}.")
    notes = (f"Files that are no images are skipped: {skipped}.",) if skipped else ()
    album = Album(folder.resolve().name, tuple(Picture(str(f), f) for f in kept), notes=notes)
    return _placed(album, [f.relative_to(folder).parts for f in kept])


def write_folder(folder: Path, shown: np.ndarray, names: list[str] | None) -> None:
    """PNGs 000000.png, 000001.png, …, in a sub-folder a class where `names` says the class of each.

    Raises:
        Refused: for a folder that holds anything but such PNGs, which would be lost, or mixed with what is written.
    """
    if folder.exists() and not _ours(folder):
        raise Refused(f"folder {folder} must be new, or hold nothing but earlier samples; choose another name.")
    make_parent(folder)
    partial = folder.with_name(f".{folder.name}.partial")
    try:
        with writable(folder):
            for i, pixels in enumerate(shown):
                place = partial if names is None else partial / _fit(names[i])
                place.mkdir(parents=True, exist_ok=True)
                image = Image.fromarray(pixels[..., 0] if pixels.shape[2] == 1 else pixels)
                image.save(place / f"{i:06d}.png", pnginfo=_signature())
            partial.mkdir(exist_ok=True)
            shutil.rmtree(folder, ignore_errors=True)
            os.replace(partial, folder)
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def _signature() -> PngInfo:
    info = PngInfo()
    info.add_text("Software", SIGNATURE)
    return info


def _ours(folder: Path) -> bool:
    """Whether every file below carries our signature, so that nothing else is lost with it."""
    if not folder.is_dir():
        return False
    return all(file.suffix == ".png" and _signed(file) for file in folder.rglob("*") if not file.is_dir())


def _signed(file: Path) -> bool:
    try:
        with Image.open(file) as image:
            return image.info.get("Software") == SIGNATURE
    except (OSError, SyntaxError, ValueError):
        return False


def _files(folder: Path) -> list[Path]:
    def refuse(error: OSError) -> None:
        raise Refused(f"folder {error.filename} cannot be listed: {error.strerror}; change its permissions.") from error

    found = []
    for place, below, files in os.walk(folder, onerror=refuse):
        below[:] = [name for name in below if not name.startswith(".")]
        found += [Path(place) / name for name in files if not name.startswith(".")]
    return sorted(found, key=lambda path: path.parts)


def _placed(album: Album, places: list[tuple[str, ...]]) -> Album:
    """Which part and which class the folders say."""
    first = {parts[0].lower() for parts in places}
    if "train" in first and len(first) > 1 and first <= set(NAMES):
        album = replace(album, held=np.array([NAMES[parts[0].lower()] for parts in places]))
        places = [parts[1:] for parts in places]
    classes = sorted({parts[0] for parts in places if len(parts) > 1})
    if len(classes) < 2:
        return album
    if any(len(parts) == 1 for parts in places):
        said = "Sub-folders are not taken as classes, since some images lie outside of them."
        return replace(album, notes=(*album.notes, said))
    said = f"The {len(classes)} sub-folders are the classes."
    return replace(album, labels=np.array([parts[0] for parts in places]), notes=(*album.notes, said))


def _endings(files: list[Path]) -> str:
    counts = Counter(file.suffix.lower() or "no ending" for file in files)
    return ", ".join(f"{count} {ending}" for ending, count in sorted(counts.items()))


def _fit(name: str) -> str:
    """A class as a folder's name."""
    return re.sub(r"[^\w .,+-]", "_", name).strip(" .") or "_"
