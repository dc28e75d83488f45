"""Files and folders while they are written: beside the place they are for, under names that nobody can guess.

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


def seized(handle: int) -> bool | None:
    """Whether an open file is ours alone from now on, until it is closed or the process ends, however it ends.

    Returns:
        False where another process has it, None where the disk or the system knows no such locks.
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
    """A new, empty file beside `path`, and its own path; it is removed at the end unless it was renamed.

    Leftovers of killed writers of the same path go first.

    Args:
        path: what the file is for.
    """
    sweep(path.parent, path.name)
    partial, handle = _made(path, _new_file)
    assert handle is not None  # a file is made by opening it
    try:
        with os.fdopen(handle, "wb") as file:
            yield partial, file
    finally:
        partial.unlink(missing_ok=True)


@contextmanager
def partial_folder(path: Path) -> Iterator[Path]:
    """A new, empty folder beside `path`; whatever has its name at the end is removed. Otherwise as `partial_file`."""
    sweep(path.parent, path.name)
    partial, handle = _made(path, _new_folder)
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
            found = _NAME.fullmatch(entry.name)
            if found and (name is None or found["name"] == _stem(name)):
                _remove_dead(Path(entry.path))


def is_partial(name: str) -> bool:
    """Whether a name is one of those given here."""
    return _NAME.fullmatch(name) is not None


def _stem(name: str) -> str:
    """As much of a name as leaves room for the rest of a partial one."""
    return name.encode("utf-8", "surrogateescape")[:180].decode("utf-8", "ignore")


def _made(path: Path, make: Callable[[Path], int | None]) -> tuple[Path, int | None]:
    """A new file or folder, ours alone; whoever sweeps may have removed it before it was locked."""
    while True:
        partial = path.with_name(f".{_stem(path.name)}.{secrets.token_hex(8)}{PARTIAL}")
        handle = make(partial)
        if handle is None or (seized(handle) is not False and partial.exists()):
            return partial, handle
        os.close(handle)


def _new_file(partial: Path) -> int:
    return os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL | NOFOLLOW | CLOEXEC, 0o666)


def _new_folder(partial: Path) -> int | None:
    """Made and opened; None where folders cannot be opened."""
    partial.mkdir()
    return None if fcntl is None else os.open(partial, os.O_RDONLY | NOFOLLOW | CLOEXEC)


def _remove_dead(partial: Path) -> None:
    with suppress(OSError):
        handle = os.open(partial, os.O_RDONLY | NOFOLLOW | CLOEXEC | NONBLOCK)
        try:
            if seized(handle):
                shutil.rmtree(partial) if partial.is_dir() else partial.unlink()
        finally:
            os.close(handle)
