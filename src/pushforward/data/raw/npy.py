"""The writing of arrays to .npy and .npz files, never as a pickle; they are read in `runs`, below all rooms."""

import mmap
import sys
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from pushforward.runs.atomic import replacing, writable


def release_pages(x: np.ndarray) -> None:
    """Let pages of a mapped file that were read leave our memory; whoever reads them again gets the same.

    Args:
        x: what was mapped; nothing happens to any other array, to a part of one, or to a private copy.
    """
    if isinstance(x, np.memmap) and isinstance(x.base, mmap.mmap) and x.mode != "c" and sys.platform != "win32":
        x.base.madvise(mmap.MADV_DONTNEED)


def write_npy(path: Path, array: np.ndarray) -> None:
    """Write one array, whole or not at all."""
    make_parent(path)
    with replacing(path) as file:
        np.save(file, array, allow_pickle=False)


def write_npz(path: Path, arrays: Mapping[str, np.ndarray]) -> None:
    """Write named arrays, whole or not at all; words that are Python objects as NumPy's, to avoid a pickle."""
    plain = {name: array.astype(str) if array.dtype.kind == "O" else array for name, array in arrays.items()}
    make_parent(path)
    with replacing(path) as file:
        np.savez_compressed(file, **plain)  # type: ignore[arg-type]


def make_parent(path: Path) -> None:
    """Make the folder that `path` is to stand in."""
    with writable(path):
        path.parent.mkdir(parents=True, exist_ok=True)
