"""The atomic writing of a file: write beside it, flush to the disk, then rename, so that it is never half-written."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from pushforward.errors import Refused
from pushforward.runs.partial_files import partial_file

REMEDIES = {
    errno.ENOENT: "its folder is not there; make it, or choose another folder",
    errno.EBUSY: "something is mounted there; choose a folder within it",
    errno.EXDEV: "something is mounted there; choose a folder within it",
    errno.ELOOP: "it is a link; choose another name, or remove the link",
    errno.ENOSPC: "the disk is full; free some space or choose another folder",
    errno.EDQUOT: "the disk quota is used up; free some space or choose another folder",
    errno.EFBIG: "the file would be larger than this disk allows; choose another folder",
    errno.EACCES: "it may not be written by you; change its permissions or choose another folder",
    errno.EPERM: "it may not be written by you; change its permissions or choose another folder",
    errno.EROFS: "the disk is read-only; choose another folder",
    errno.ENOTDIR: "a part of that path is a file; choose another folder",
    errno.EEXIST: "there is a file of that name; move it or choose another folder",
    errno.EISDIR: "there is a folder of that name; move it or choose another folder",
    errno.ENAMETOOLONG: "the name is too long; choose a shorter one",
}


@contextmanager
def writable(path: Path) -> Iterator[None]:
    """Turn what the disk refuses into one sentence with the path and the remedy; other errors pass.

    Args:
        path: what is being written; it stands in the sentence.

    Raises:
        Refused: the disk is full or read-only, or the path may not be written.
    """
    try:
        yield
    except OSError as error:
        if error.errno not in REMEDIES:
            raise
        raise Refused(f"{path} cannot be written: {REMEDIES[error.errno]}.") from error


def placeable(path: Path) -> None:
    """Refuse a path at which nothing can be written: a part of it is a file, or a folder that is not yours to write to.

    Args:
        path: of a file or folder that may not be there yet, nor the folders above it.

    Raises:
        Refused: as `writable` would when it is written.
    """
    existing = next(p for p in (path, *path.absolute().parents) if os.path.lexists(p))
    with writable(path):
        if existing != path and not existing.is_dir():
            raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(existing))
        if not os.access(existing, os.W_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(existing))


@contextmanager
def replacing(path: Path) -> Iterator[BinaryIO]:
    """Write to a partial file, flush to the disk, rename to NAME: at every instant `path` is whole.

    On any error the partial file is removed and the old file is intact. Of two writers at once, each writes a file of
    its own, and the later rename wins.

    Args:
        path: the file that will hold what is written.

    Raises:
        Refused: the disk does not take it.
    """
    with writable(path), partial_file(path) as (partial, file):
        yield file
        file.flush()
        os.fsync(file.fileno())
        if os.name != "posix":  # elsewhere an open file cannot be renamed
            file.close()
        os.replace(partial, path)
        settle(path.parent)


def settle(folder: Path) -> None:
    """Write the names in a folder to the disk itself, without which a power cut may undo a rename."""
    if os.name != "posix":  # elsewhere a folder cannot be opened
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
