"""The lock of a run folder: a file `.lock` that names its one writer, locked by the system while that process lives."""

import json
import os
import platform
import secrets
import stat
import time
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from pushforward.errors import Refused
from pushforward.runs.atomic import writable
from pushforward.runs.partial_files import CLOEXEC, NOFOLLOW, NONBLOCK, try_lock

LOCK = ".lock"


class Lock:
    """The right to write a run folder, which one process has at a time.

    The system takes the lock away when the process ends, so that of a dead process is free; its file is written anew.
    Where the disk knows no locks, the process that the file names is looked for on this machine instead.

    Args:
        folder: of the run, which exists.

    Raises:
        Refused: another process has it; the sentence says which, on which host and since when.
    """

    def __init__(self, folder: Path):
        self.folder, self.path = folder, folder / LOCK
        since = f"{datetime.now().astimezone():%Y-%m-%d %H:%M:%S %z}"
        holder = {"pid": os.getpid(), "host": platform.node(), "since": since, "token": secrets.token_hex(8)}
        self._content = json.dumps(holder).encode()
        self._handle: int | None = None
        while self._handle is None:
            self._take()

    def __enter__(self) -> "Lock":
        return self

    def __exit__(self, *_: object) -> None:
        self.release()

    def check(self) -> None:
        """Refuse to go on where the folder was deleted or replaced; once released, nothing is refused.

        Raises:
            Refused: the lock's file is gone, or is another's.
        """
        if self._handle is not None and not self._is_mine():
            raise Refused(
                f"run folder {self.folder} was deleted, or replaced by another, while the run was writing to it; the "
                "run ends here, and what it had written is lost: start it again."
            )

    def release(self) -> None:
        """Release the lock, so that others may write, and remove its file."""
        if self._handle is None:
            return
        if self._is_mine():
            with suppress(OSError):
                self.path.unlink()
        os.close(self._handle)
        self._handle = None

    def _take(self) -> None:
        """Try once; it fails if the former holder removes the file between our opening and our locking it."""
        with writable(self.path):
            handle = _open_lock_file(self.path)
            try:
                self._claim(handle)
                os.pwrite(handle, self._content, 0)
                os.ftruncate(handle, len(self._content))
            except BaseException:
                os.close(handle)
                raise
        if self._is_mine():
            self._handle = handle
        else:
            os.close(handle)

    def _claim(self, handle: int) -> None:
        """Lock the open file, or refuse with who has it."""
        locked = try_lock(handle)
        if locked:
            return
        who = _holder(self.path, patient=locked is False)
        if locked is None and (who.get("host") != platform.node() or not _is_alive(who.get("pid"))):
            return
        raise Refused(
            f"run folder {self.folder} is being written by process {who.get('pid', 'unknown')} on "
            f"{who.get('host', 'an unknown host')} since {who.get('since', 'an unknown time')}; wait until it ends or "
            "end it, or choose another folder with --run."
        )

    def _is_mine(self) -> bool:
        """Return whether the file is there with what this process wrote into it; inode numbers change on some disks."""
        try:
            return self.path.read_bytes() == self._content
        except OSError:
            return False


def _open_lock_file(path: Path) -> int:
    """Open the file for reading and writing, made where it is not there, not through a link.

    Raises:
        Refused: it is a link, or no plain file.
    """
    flags = os.O_RDWR | os.O_CREAT | NOFOLLOW | NONBLOCK | CLOEXEC
    if not path.is_symlink():
        handle = os.open(path, flags, 0o666)
        status = os.fstat(handle)
        if stat.S_ISREG(status.st_mode) and status.st_nlink <= 1:
            return handle
        os.close(handle)
    raise Refused(f"{path} must be a plain file that only a run makes, and is a link or something else; remove it.")


def _holder(path: Path, patient: bool) -> dict[str, Any]:
    """Read what the file says of its writer, who gets the time to write it if he has only just locked it."""
    for _ in range(20 if patient else 1):
        with suppress(OSError, ValueError, RecursionError):
            who = json.loads(path.read_bytes()[:1000])
            if isinstance(who, dict):
                return {key: "".join(c for c in str(value)[:100] if c.isprintable()) for key, value in who.items()}
        time.sleep(0.01)
    return {}


def _is_alive(pid: Any) -> bool:
    """Return whether a process of that number runs on this machine."""
    try:
        os.kill(int(pid), 0)
    except PermissionError:
        return True
    except (OSError, ValueError, TypeError, OverflowError):
        return False
    return True
