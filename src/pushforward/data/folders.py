"""Folders of pictures: recursive, sorted, hidden files skipped; sub-folders are classes, or train and test."""

import os
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from pushforward.data.class_folders import class_name
from pushforward.data.labels import Labels
from pushforward.data.pictures import Picture
from pushforward.data.signature import signed
from pushforward.data.splits import NAMES
from pushforward.errors import Refused

ENDINGS = (".png", ".jpg", ".jpeg", ".webp", ".bmp", ".gif", ".tif", ".tiff", ".ppm", ".pgm")


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
    return _placed(album, kept, [f.relative_to(folder).parts for f in kept])


def _files(folder: Path) -> list[Path]:
    def refuse(error: OSError) -> None:
        raise Refused(f"folder {error.filename} cannot be listed: {error.strerror}; change its permissions.") from error

    found = []
    for place, below, files in os.walk(folder, onerror=refuse):
        below[:] = [name for name in below if not name.startswith(".")]
        found += [Path(place) / name for name in files if not name.startswith(".")]
    return sorted(found, key=lambda path: path.parts)


def _placed(album: Album, files: list[Path], places: list[tuple[str, ...]]) -> Album:
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
    called = _called(files, [parts[0] for parts in places])
    return replace(album, labels=np.array([called[parts[0]] for parts in places]), notes=(*album.notes, said))


def _called(files: list[Path], folders: list[str]) -> dict[str, str]:
    """The class of each folder: its name, read back where this program wrote it."""
    first = dict(zip(reversed(folders), reversed(files), strict=True))
    return {folder: class_name(folder) if "%" in folder and signed(first[folder]) else folder for folder in first}


def _endings(files: list[Path]) -> str:
    counts = Counter(file.suffix.lower() or "no ending" for file in files)
    return ", ".join(f"{count} {ending}" for ending, count in sorted(counts.items()))
