"""The rows that come only once, kept to be read again: in memory while few, else in a temporary file."""

import tempfile
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from pushforward.errors import Refused
from pushforward.runs.atomic import writable

MEMORY = 2**28
"""Bytes beyond which they stay on disk, in a file without a name that goes when nobody reads it."""


def spool(batches: Iterable[np.ndarray], whose: str) -> np.ndarray:
    """Keep all batches as one array, in their order.

    Args:
        batches: arrays with rows along the first axis.
        whose: what they are, for sentences.

    Raises:
        Refused: if there is none, they differ in type or in the shape of a row, or the disk is full.
    Example:
        >>> spool(iter([np.zeros((2, 3)), np.ones((1, 3))]), "samples").sum()
        np.float64(3.0)
    """
    first, count = None, 0
    with writable(Path(tempfile.gettempdir())), tempfile.TemporaryFile() as file:
        for batch in batches:
            first = batch[:0] if first is None else first
            _refuse_other_kind(batch, first, whose)
            file.write(np.ascontiguousarray(batch).data)
            count += len(batch)
        if first is None:
            raise Refused(f"an iterator of batches must give at least one, got none as {whose}.")
        file.flush()
        shape = (count, *first.shape[1:])
        if file.tell() > MEMORY:
            return np.memmap(file, dtype=first.dtype, mode="r", shape=shape)
        file.seek(0)
        return np.frombuffer(file.read(), dtype=first.dtype).reshape(shape)


def _refuse_other_kind(batch: np.ndarray, first: np.ndarray, whose: str) -> None:
    if batch.dtype.kind not in "biuf":
        raise Refused(f"batches of {whose} must hold numbers, got an array of {batch.dtype}.")
    if batch.ndim != first.ndim or batch.shape[1:] != first.shape[1:] or batch.dtype != first.dtype:
        raise Refused(
            f"batches of {whose} must be of one shape and type, got {first.shape[1:]} of {first.dtype} and "
            f"{batch.shape[1:]} of {batch.dtype}."
        )
