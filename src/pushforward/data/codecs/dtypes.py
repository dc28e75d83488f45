"""The return of numbers to the type they came in: integers are rounded, and all are kept within their type."""

import numpy as np
import torch
from torch import Tensor


def to_dtype(values: np.ndarray, dtype: str) -> np.ndarray:
    """Return floats as values of `dtype`.

    Example:
        >>> to_dtype(np.array([0.4, 254.6, 300.0]), "uint8").tolist()
        [0, 255, 255]
    """
    kind = np.dtype(dtype)
    if kind.kind == "b":
        return values > 0.5
    if kind.kind in "iu":
        return np.clip(np.rint(values.astype(np.float64)), *_limits(kind)).astype(kind)
    if kind.itemsize < values.dtype.itemsize:  # a sample may lie beyond all data, and the type's range
        values = np.clip(values, float(np.finfo(kind).min), float(np.finfo(kind).max))
    return values.astype(kind)


def in_dtype(values: Tensor, dtype: str) -> Tensor:
    """Return what `to_dtype` does, by operations of tensors alone.

    Example:
        >>> in_dtype(torch.tensor([0.4, 254.6, 300.0]), "uint8").tolist()
        [0, 255, 255]
    """
    kind, own = np.dtype(dtype), getattr(torch, np.dtype(dtype).name)
    if kind.kind == "b":
        return values > 0.5
    if kind.kind in "iu":
        return values.double().round().clamp(*_limits(kind)).to(own)
    if kind.itemsize < values.dtype.itemsize:
        values = values.clamp(float(np.finfo(kind).min), float(np.finfo(kind).max))
    return values.to(own)


def _limits(kind: np.dtype) -> tuple[float, float]:
    """Return the least and greatest float64 that are of the type: 2^63 - 1 itself is no float64."""
    least, greatest = int(np.iinfo(kind).min), int(np.iinfo(kind).max)
    top = float(greatest)
    return float(least), top if int(top) <= greatest else float(np.nextafter(top, 0))
