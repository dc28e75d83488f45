"""The exchange of a whole folder for another, so that at every instant one of them is there."""

import ctypes
import errno
import os
import re
import secrets
import shutil
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

ASIDE = ".replaced"
ATTEMPTS = 100
_UNKNOWN = (errno.ENOSYS, errno.EINVAL, errno.ENOTSUP, errno.EOPNOTSUPP)
_TAKEN = (errno.ENOTEMPTY, errno.EEXIST)


def put(new: Path, folder: Path) -> list[Path]:
    """Put a folder in its place; what stood there before goes in the same step of the system's.

    Where the system or the disk cannot exchange two names (some network disks), the old folder is set aside first, and
    a kill between the two steps leaves it for `recover`.

    Args:
        new: beside `folder`.
        folder: the name.

    Returns:
        The paths to which the folders went that were there before: none or one, more if others wrote meanwhile.

    Raises:
        OSError: the disk does not take it; then the old folder is in its place.
    """
    old: list[Path] = []
    for _ in range(ATTEMPTS):
        try:
            os.rename(new, folder)
            return old
        except OSError as error:
            if error.errno not in _TAKEN:
                recover(folder)
                raise
        with suppress(FileNotFoundError):  # whoever writes the same folder may have set it aside
            if exchanged(new, folder):
                return [*old, new]
            aside = folder.with_name(f".{folder.name}.{secrets.token_hex(8)}{ASIDE}")
            os.rename(folder, aside)
            old.append(aside)
    recover(folder)
    raise OSError(errno.EBUSY, "others write it all the time", str(folder))


def exchanged(one: Path, other: Path) -> bool:
    """Swap what two names stand for, in one step; False where the system or the disk cannot.

    Raises:
        OSError: one of them is not there, or may not be renamed.
    """
    libc: Any = ctypes.CDLL(None, use_errno=True) if os.name == "posix" else None
    a, b = os.fsencode(one), os.fsencode(other)
    try:
        if sys.platform == "darwin":
            failed = libc.renamex_np(a, b, 2)  # RENAME_SWAP
        else:
            failed = libc.renameat2(-100, a, -100, b, 2)  # AT_FDCWD twice, RENAME_EXCHANGE
    except AttributeError:
        return False
    if not failed:
        return True
    if (code := ctypes.get_errno()) in _UNKNOWN:
        return False
    raise OSError(code, os.strerror(code), str(other))


def recover(folder: Path, ours: Callable[[Path], bool] = lambda _: False) -> None:
    """Put back what a kill left set aside; where the folder is there, remove what was set aside, if it is ours.

    Args:
        folder: that `put` was to replace.
        ours: whether a folder may be removed.
    """
    pattern = re.compile(rf"\.{re.escape(folder.name)}\.[0-9a-f]{{16}}{re.escape(ASIDE)}")
    with suppress(OSError), os.scandir(folder.parent) as entries:
        for path in [Path(e.path) for e in entries if pattern.fullmatch(e.name) and e.is_dir(follow_symlinks=False)]:
            if not folder.exists():
                os.rename(path, folder)
            elif ours(path):
                shutil.rmtree(path, ignore_errors=True)
