"""An array of whatever holds numbers at places: tensors, masked and sparse arrays, other libraries' arrays."""

from typing import Any

import numpy as np
import torch
from torch import Tensor

from pushforward.errors import Refused

# Bytes that a sparse matrix may take when its zeros are written out.
DENSE = 8 * 2**30


def as_array(obj: Any, whose: str) -> np.ndarray:
    """Return the numbers of an object as an array of NumPy; one that lies in a file stays there.

    Args:
        obj: whatever holds numbers at places: an array of NumPy or one that says how it becomes one, a tensor, a sparse
            matrix, a masked array of which nothing is masked.
        whose: what it is, for sentences.

    Raises:
        Refused: for masked values, which are missing, and by name of its type for what is no array.
    Example:
        >>> as_array(torch.ones(2, dtype=torch.bfloat16), "data")
        array([1., 1.], dtype=float32)
    """
    if isinstance(obj, Tensor):
        return _of_tensor(obj, whose)
    if isinstance(obj, np.ma.MaskedArray):
        return _unmasked(obj, whose)
    if isinstance(obj, np.ndarray):
        return obj
    if _sparse(obj):
        return _written_out(obj, whose)
    try:
        if hasattr(obj, "__array__") or hasattr(obj, "__array_interface__") or np.isscalar(obj):
            return np.asarray(obj)
        if hasattr(obj, "__dlpack__"):
            return _of_tensor(torch.from_dlpack(obj), whose)
    except (TypeError, ValueError, RuntimeError, BufferError) as error:
        fault = f"{whose} of type {type_name(obj)} cannot be made an array: {error}."
        raise Refused(fault.replace("..", ".")) from error
    raise Refused(f"{whose} must be an array, got {type_name(obj)}.")


def is_array(obj: Any) -> bool:
    """Tell whether `as_array` knows the type of an object."""
    kinds = ("__array__", "__array_interface__", "__dlpack__")
    return isinstance(obj, np.ndarray | Tensor) or _sparse(obj) or any(hasattr(obj, kind) for kind in kinds)


def type_name(obj: Any) -> str:
    """Return the type of an object by its name, with its package where that is not Python's own.

    Example:
        >>> type_name(3), type_name(np.ones(2))
        ('int', 'numpy.ndarray')
    """
    kind = type(obj)
    package = kind.__module__.partition(".")[0]
    return kind.__name__ if package in ("builtins", "__main__") else f"{package}.{kind.__name__}"


def _of_tensor(x: Tensor, whose: str) -> np.ndarray:
    if x.is_nested:
        raise Refused(f"{whose} must be rows of one length, got a nested tensor; pad it, or take what they share.")
    x = x.detach()
    x = (x.to_dense() if x.layout != torch.strided else x).cpu().resolve_conj().resolve_neg()
    narrow = x.is_floating_point() and x.dtype not in (torch.float16, torch.float32, torch.float64)
    return (x.float() if narrow else x).numpy()  # NumPy has none of the narrower types


def _unmasked(x: np.ma.MaskedArray, whose: str) -> np.ndarray:
    """Return the array without its mask, where that hides nothing; what it hides is nobody's value."""
    mask = np.ma.getmaskarray(x)
    if mask.dtype.names is None and mask.any():
        at = np.argwhere(mask)
        place = f"row {at[0][0]}" + (f", column {at[0][1]}" if x.ndim == 2 else "")
        raise Refused(
            f"{whose} must have no masked values, which are missing, got {len(at)} of {x.size}, the first in {place} "
            "(counted from 0); fill them or drop those rows."
        )
    return x.data


def _sparse(obj: Any) -> bool:
    return type(obj).__module__.startswith("scipy.sparse") and hasattr(obj, "toarray")


def _written_out(x: Any, whose: str) -> np.ndarray:
    size = int(np.prod(x.shape)) * x.dtype.itemsize
    if size > DENSE:
        raise Refused(
            f"{whose} of type {type_name(x)} would take {size / 2**30:.0f} GB with its zeros, and at most "
            f"{DENSE / 2**30:.0f} are taken; choose columns, or project them first."
        )
    return np.asarray(x.toarray())
