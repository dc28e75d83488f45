"""Arrays from and to .npy and .npz, never a pickle, and each damage as one sentence."""

import mmap
import sys
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from pickle import UnpicklingError

import numpy as np

from pushforward.errors import Refused
from pushforward.runs.atomic import replacing, writable

DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, UnpicklingError, ValueError, KeyError)

MAGIC = b"\x93NUMPY"
"""First bytes of a .npy file."""


@contextmanager
def readable(path: Path, form: str, damage: tuple[type[Exception], ...] = DAMAGE) -> Iterator[None]:
    """Turns what goes wrong while a file is read into one sentence with its path.

    Args:
        path: what is being read.
        form: what it should be, with its article: "a NumPy array".
        damage: the errors that the reader of this form raises for a file that is none.
    """
    kinds: tuple[type[Exception], ...] = (OSError, *damage)
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
        if any(word in reason for word in ("allow_pickle", "Object arrays", "pickled", "Python objects")):
            reason = "it holds Python objects instead of numbers, and those are never unpickled"
        raise Refused(f"{path} cannot be read as {form}: {reason}.") from error


def read_npy(path: Path) -> np.ndarray:
    """A memory-mapped array."""
    with readable(path, "a NumPy array"):
        if path.stat().st_size == 0:
            raise Refused(f"{path} cannot be read as a NumPy array: it is empty.")
        with open(path, "rb") as file:
            if file.read(len(MAGIC)) != MAGIC:
                raise Refused(f"{path} cannot be read as a NumPy array: it is no .npy file, whatever its name says.")
        return np.load(path, mmap_mode="r", allow_pickle=False)


def read_npz(path: Path) -> dict[str, np.ndarray]:
    """Every array of the archive."""
    with readable(path, "a NumPy archive"), open(path, "rb") as file:
        if not zipfile.is_zipfile(file):
            raise Refused(f"{path} cannot be read as a NumPy archive: it is cut short or no .npz file.")
        file.seek(0)
        with np.load(file, allow_pickle=False) as archive:
            return {key: archive[key] for key in archive.files}


def let_go(x: np.ndarray) -> None:
    """Pages of a mapped file that were read leave our memory; whoever reads them again gets the same.

    Args:
        x: what was mapped; nothing happens to any other array, to a part of one, or to a private copy.
    """
    if isinstance(x, np.memmap) and isinstance(x.base, mmap.mmap) and x.mode != "c" and sys.platform != "win32":
        x.base.madvise(mmap.MADV_DONTNEED)


def write_npy(path: Path, array: np.ndarray) -> None:
    """One array, whole or not at all."""
    make_parent(path)
    with replacing(path) as file:
        np.save(file, array, allow_pickle=False)


def write_npz(path: Path, arrays: Mapping[str, np.ndarray]) -> None:
    """Named arrays, whole or not at all; words that are Python objects become NumPy's, since no pickle is written."""
    plain = {name: array.astype(str) if array.dtype.kind == "O" else array for name, array in arrays.items()}
    make_parent(path)
    with replacing(path) as file:
        np.savez_compressed(file, **plain)  # type: ignore[arg-type]


def make_parent(path: Path) -> None:
    """The folder that `path` is to stand in."""
    with writable(path):
        path.parent.mkdir(parents=True, exist_ok=True)
