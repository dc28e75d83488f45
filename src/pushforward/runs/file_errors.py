"""The errors of reading a file that may be anything, each turned into one sentence with its path."""

import lzma
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from pickle import UnpicklingError

from pushforward.errors import Refused

Errors = tuple[type[Exception], ...]

# What readers of arrays and archives raise for bytes that are none; a RuntimeError is an encrypted member.
DAMAGE: Errors = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, EOFError, UnpicklingError, ValueError,
                  KeyError, IndexError, OverflowError, RuntimeError)  # fmt: skip

UNPACKED, RATIO = 2**30, 100
"""An archive may unpack to 1 GiB, or to a hundred times its own size where that is more."""


@contextmanager
def readable(path: Path, form: str, damage: Errors = DAMAGE) -> Iterator[None]:
    """Turn what goes wrong while a file is read into one sentence with its path.

    Args:
        path: what is being read.
        form: what it should be, with its article: "a NumPy array".
        damage: the errors that the reader of this form raises for a file that is none.

    Raises:
        Refused: in place of those errors, and of what the disk says.
    """
    kinds: Errors = (OSError, *damage)
    try:
        yield
    except Refused:
        raise
    except PermissionError as error:
        raise Refused(f"{path} may not be read by you; change its permissions.") from error
    except FileNotFoundError as error:
        raise Refused(f"{path} does not exist; check the path.") from error
    except MemoryError as error:
        raise Refused(f"{path} does not fit into memory; save it as .npy, which is read from disk.") from error
    except kinds as error:
        reason = str(error).strip().split("\n")[0].rstrip(".") or type(error).__name__
        raise Refused(f"{path} cannot be read as {form}: {reason}.") from error


def bounded(path: Path, unpacked: int, size: int | None = None) -> None:
    """Refuse an archive that would unpack to more than its own size makes likely.

    Args:
        path: of the archive, for the sentence.
        unpacked: bytes that its members take when they are unpacked.
        size: bytes of the archive; the file's if left out.

    Raises:
        Refused: beyond UNPACKED and RATIO times the size, which honest archives do not reach and bombs exceed.
    """
    size = path.stat().st_size if size is None else size
    if unpacked > max(UNPACKED, RATIO * size):
        raise Refused(
            f"{path} would unpack to {unpacked:,} bytes from {size:,}; an archive may unpack to 1 GiB, or to {RATIO} "
            "times its size; unpack it yourself if you trust it."
        )
