"""The writing of folders of pictures: PNGs with this program's signature, replaced as a whole or not at all."""

import os
import shutil
from pathlib import Path

import numpy as np
from PIL import Image

from pushforward.data.raw.class_folders import folder_names
from pushforward.data.raw.npy import make_parent
from pushforward.data.raw.png_signature import has_signature, signature
from pushforward.errors import Refused
from pushforward.runs.atomic import settle, writable
from pushforward.runs.exchange import exchanged, put, recover
from pushforward.runs.partial_files import partial_folder


def write_folder(folder: Path, shown: np.ndarray, names: list[str] | None) -> None:
    """Write PNGs 000000.png, 000001.png, …, in a sub-folder a class where `names` says the class of each.

    They go into a new folder beside it, which then takes its name in one step: at every instant there are the earlier
    samples or the new ones, whole and unmixed.

    Args:
        folder: new, or of earlier samples; what a link leads to is replaced, not the link.
        shown: pixels, of 8 bits.
        names: of the classes.

    Raises:
        Refused: for a folder that holds anything but such PNGs, which would be lost, or mixed with what is written.
    """
    folder = folder.resolve()
    recover(folder, _ours)
    if folder.exists() and not _ours(folder):
        raise _mixed(folder)
    if Path.cwd().is_relative_to(folder):
        raise Refused(f"folder {folder} is the one that you are in, which cannot be replaced; choose one within it.")
    make_parent(folder)
    with writable(folder), partial_folder(folder) as partial:
        _fill(partial, shown, names)
        for old in put(partial, folder):
            if not _ours(old):  # somebody put something there while we were writing
                _give_back(old, folder)
            shutil.rmtree(old, ignore_errors=True)
        settle(folder.parent)


def _fill(folder: Path, shown: np.ndarray, names: list[str] | None) -> None:
    places = {} if names is None else {name: folder / place for name, place in folder_names(names).items()}
    for place in places.values():
        place.mkdir()
    for i, pixels in enumerate(shown):
        image = Image.fromarray(pixels[..., 0] if pixels.shape[2] == 1 else pixels)
        image.save((folder if names is None else places[names[i]]) / f"{i:06d}.png", pnginfo=signature())


def _ours(folder: Path) -> bool:
    """Tell whether every file below carries our signature, and nothing is a link: nothing else is lost with it."""
    if folder.is_symlink() or not folder.is_dir():
        return False
    for place, below, files in os.walk(folder):
        paths = [Path(place) / name for name in (*below, *files)]
        if any(path.is_symlink() for path in paths):
            return False
        if not all(path.suffix == ".png" and path.is_file() and has_signature(path) for path in paths[len(below) :]):
            return False
    return True


def _give_back(old: Path, folder: Path) -> None:
    """Put what was there before in its place again, or say where it is."""
    if exchanged(old, folder):
        raise _mixed(folder)
    raise Refused(f"other files came into folder {folder} while it was replaced; they are in {old}.")


def _mixed(folder: Path) -> Refused:
    return Refused(f"folder {folder} must be new, or hold nothing but earlier samples; choose another name.")
