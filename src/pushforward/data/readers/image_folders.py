"""The pictures of folders: recursive, sorted, links followed; sub-folders are classes, or train and test."""

from pathlib import Path

from pushforward.data.raw.directory_walk import walk_folder
from pushforward.data.raw.file_kinds import START, is_picture
from pushforward.data.readers.albums import Album, count_endings, labelled_by_folders
from pushforward.data.readers.image_file import Picture
from pushforward.errors import Refused
from pushforward.notes import skipped
from pushforward.runs.file_errors import readable
from pushforward.runs.layout import DRAWN


def read_folder(folder: Path) -> Album:
    """Read every picture below `folder`, also through links.

    Raises:
        Refused: for a folder that is empty, holds no pictures, or cannot be listed.
    """
    if not folder.is_dir():
        what = "is a file" if folder.exists() else "does not exist"
        raise Refused(f"images are read from a folder, .npz, .npy or .parquet, or a .zip or .tar of them, and {folder} "
                      f"{what}; check the path, which is taken from {Path.cwd()}.")  # fmt: skip
    walk = walk_folder(folder)
    drawn = {folder / name for name in DRAWN} if (folder / "call.yaml").is_file() else set()
    kept = [f for f in walk.files if f not in drawn and (is_picture(f, b"") or is_picture(f, _start(f)))]
    others = count_endings([f for f in walk.files if f not in set(kept)])
    if not kept:
        what = f"holds no images among its {len(walk.files)} files ({others})" if walk.files else "is empty"
        fault = f"folder {folder} {what}; images are files such as .png, .jpg or .tif."
        raise Refused(" ".join([fault, *walk.notes()]))
    notes = (*([skipped(f"Files that are no images are skipped: {others}.")] if others else []), *walk.notes())
    album = Album(folder.resolve().name, tuple(Picture(str(f), f) for f in kept), notes=notes)
    return labelled_by_folders(album, [f.relative_to(folder).parts for f in kept])


def read_pages(path: Path) -> Album | None:
    """Return the pictures of a file, pages or an animation; None if it is a folder, no image, or a single one.

    Raises:
        Refused: for an image that is damaged.
    """
    if not path.is_file() or not is_image(path) or (picture := Picture(str(path), path)).header.frames == 1:
        return None
    return Album(path.stem, (picture,))


def is_image(path: Path) -> bool:
    """Tell whether a file is an image, or says by its name that it is one."""
    return is_picture(path, b"") or is_picture(path, _start(path))


def _start(path: Path) -> bytes:
    """Return the first bytes of a file, by which its kind is told."""
    with readable(path, "a file"), open(path, "rb") as file:
        return file.read(START)
