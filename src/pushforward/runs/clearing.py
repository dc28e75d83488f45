"""The removal of a run's files from its folder, and the refusal to touch any other folder."""

import shutil
from pathlib import Path

from pushforward.errors import Refused
from pushforward.runs import partial_files as partials
from pushforward.runs.layout import FILES, foreign, occupied
from pushforward.runs.partial_files import PARTIAL


def check_vacant(path: Path, overwrite: bool) -> None:
    """Refuse a folder that holds something, unless it is a run's and may be emptied.

    Args:
        path: of the folder, which need not exist.
        overwrite: whether a run may be removed.

    Raises:
        Refused: it holds something that may not be removed.
    """
    if path.is_file():
        raise Refused(f"a run is a folder, but {path} is a file; choose another with --run.")
    if not path.is_dir() or not occupied(path):
        return
    if not overwrite:
        raise Refused(f"run folder {path} exists already; choose another with --run, or pass --overwrite.")
    if not (path / "call.yaml").is_file() and foreign(path):  # a kill may have come before the call was written
        raise Refused(f"{path} is not empty and not a run folder, so it is not overwritten; choose another with --run.")


def empty(path: Path) -> None:
    """Remove the files of a run, and no other: notes in the folder stay, and so does what links lead to."""
    sweep(path)
    for entry in [path / "checkpoint", *path.glob("samples"), *path.glob("samples.*"), *(path / n for n in FILES)]:
        remove(entry)


def sweep(path: Path) -> None:
    """Remove what killed writers left half-written, those of older versions too, whose names had no number."""
    partials.sweep(path)
    for entry in path.glob(f".*{PARTIAL}"):
        if not partials.is_partial(entry.name):
            remove(entry)


def remove(path: Path) -> None:
    """Remove a file, a folder with all that is in it, or a link, and nothing that a link leads to."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
