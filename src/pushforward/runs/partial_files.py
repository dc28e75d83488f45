"""The files and folders that are being written: beside the place they are for, under names that nobody can guess.

No link that somebody has put in the way is written through, since each is made by the call that opens it, and two
writers never share one. Its writer holds a lock of the system's on it, by which a leftover of a killed one is known.
"""

import os
import re
import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

PARTIAL = ".partial"
NOFOLLOW, CLOEXEC, NONBLOCK = (getattr(os, f"O_{name}", 0) for name in ("NOFOLLOW", "CLOEXEC", "NONBLOCK"))
_NAME = re.compile(r"\.(?P<name>.*)\.[0-9a-f]{16}\.partial", re.DOTALL)


def try_lock(handle: int) -> bool | None:
    """Try to make an open file ours alone until it is closed or the process ends, however it ends.

    Returns:
        True if it is, False where another process has it, None where the disk or the system knows no such locks.
    """
    if fcntl is None:
        return None
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:  # some network disks
        return None
    return True


@contextmanager
def partial_file(path: Path) -> Iterator[tuple[Path, BinaryIO]]:
    """Create an empty file beside `path` and yield its own path and it; at the end it goes unless it was renamed.

    Leftovers of killed writers of the same path go first.

    Args:
        path: what the file is for.
    """
    sweep(path.parent, path.name)
    partial, handle = _create(path, _new_file)
    assert handle is not None  # a file is made by opening it
    try:
        with os.fdopen(handle, "wb") as file:
            yield partial, file
    finally:
        partial.unlink(missing_ok=True)


@contextmanager
def partial_folder(path: Path) -> Iterator[Path]:
    """Create an empty folder beside `path`, as `partial_file` does; whatever has its name at the end is removed."""
    sweep(path.parent, path.name)
    partial, handle = _create(path, _new_folder)
    try:
        yield partial
    finally:
        shutil.rmtree(partial, ignore_errors=True)
        if handle is not None:
            os.close(handle)


def sweep(folder: Path, name: str | None = None) -> None:
    """Remove what killed writers left in a folder; what a living one is writing, or may be, stays.

    Args:
        folder: where they wrote.
        name: of the file or folder that they were writing; None for any.
    """
    with suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            match = _NAME.fullmatch(entry.name)
            if match and (name is None or match["name"] == _stem(name)):
                _remove_dead(Path(entry.path))


def is_partial(name: str) -> bool:
    """Return whether a name is one that this file gives."""
    return _NAME.fullmatch(name) is not None


def _stem(name: str) -> str:
    """Return as much of a name as leaves room for the rest of a partial one."""
    return name.encode("utf-8", "surrogateescape")[:180].decode("utf-8", "ignore")


def _create(path: Path, make: Callable[[Path], int | None]) -> tuple[Path, int | None]:
    """Create a file or folder of our own; whoever sweeps may have removed it before it was locked, so try again."""
    while True:
        partial = path.with_name(f".{_stem(path.name)}.{secrets.token_hex(8)}{PARTIAL}")
        handle = make(partial)
        if handle is None or (try_lock(handle) is not False and partial.exists()):
            return partial, handle
        os.close(handle)


def _new_file(partial: Path) -> int:
    return os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL | NOFOLLOW | CLOEXEC, 0o666)


def _new_folder(partial: Path) -> int | None:
    """Make a folder and open it; None where folders cannot be opened."""
    partial.mkdir()
    return None if fcntl is None else os.open(partial, os.O_RDONLY | NOFOLLOW | CLOEXEC)


def _remove_dead(partial: Path) -> None:
    with suppress(OSError):
        handle = os.open(partial, os.O_RDONLY | NOFOLLOW | CLOEXEC | NONBLOCK)
        try:
            if try_lock(handle):
                shutil.rmtree(partial) if partial.is_dir() else partial.unlink()
        finally:
            os.close(handle)
