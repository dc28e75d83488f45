"""Arrays in files: `samples`, `images` or `x`, with `labels` or `y`, also as `train_*`, `validation_*` and `test_*`."""

from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from pushforward.data.files import read_npy, read_npz, write_npy, write_npz
from pushforward.data.source import Source
from pushforward.data.splits import TEST, TRAIN, VALIDATION
from pushforward.errors import Refused

ARRAYS = (".npy", ".npz")
POINTS = ("samples", "images", "x")
LABELS = ("labels", "y")
PARTS = {"": TRAIN, "train_": TRAIN, "validation_": VALIDATION, "test_": TEST}


def read_arrays(path: Path, labels: str | None = None) -> Source:
    """A .npy file, memory-mapped, or a .npz archive.

    Args:
        path: its ending says which.
        labels: name of the array of labels, where it is neither `labels` nor `y`.

    Raises:
        Refused: for a file that is damaged, or whose arrays have other names; the sentence lists them.
    """
    if path.suffix.lower() == ".npy":
        return Source(path.stem, read_npy(path), suffix=".npy")
    if path.suffix.lower() != ".npz":
        raise Refused(f"arrays are read from .npy and .npz files, got {str(path)!r}.")
    found = read_npz(path)
    parts = [p for p in PARTS if any(p + name in found for name in POINTS)]
    names = LABELS if labels is None else (labels,)
    if not parts or ("" in parts and len(parts) > 1) or set(found) - set(_expected(found, parts, names)):
        raise Refused(_keys(path, found, labels))
    if labels is not None and not any(p + labels in found for p in parts):
        raise Refused(f"{path.name} holds no array {labels!r} for labels; it holds {', '.join(sorted(found))}.")
    return _joined(path, [(PARTS[p], *_arrays(found, p, names, path)) for p in parts])


def write_arrays(path: Path, samples: np.ndarray, labels: np.ndarray | None) -> None:
    """`samples`, and `labels` where there are any; a .npy file holds the samples alone."""
    if path.suffix == ".npy":
        write_npy(path, samples)
    else:
        write_npz(path, {"samples": samples} | ({} if labels is None else {"labels": labels}))


def points_of(obj: Any) -> tuple[np.ndarray, np.ndarray | None]:
    """(points, labels) of an array, a tensor, or a pair of them."""
    obj, labels = obj if isinstance(obj, tuple) else (obj, None)
    return numpy_of(obj), None if labels is None else numpy_of(labels)


def channels_first(x: np.ndarray, axis: int | None = 3, name: str = "images") -> np.ndarray:
    """(n, c, h, w) of (n, h, w), (n, h, w, c) or (n, c, h, w); where two fit, `axis`, else the last, holds channels."""
    if x.ndim == 3:
        return x[:, None]
    if x.ndim != 4:
        remedy = "reshape rows of pixels to images" if x.ndim == 2 else "leave out other axes"
        raise Refused(f"{name} must be (n, h, w), (n, h, w, c) or (n, c, h, w), got shape {x.shape}; {remedy}.")
    fitting = [a for a in (axis, 3, 1) if a is not None and x.shape[a] in (1, 3)]
    if not fitting:
        alpha = 4 in (x.shape[1], x.shape[3])
        remedy = "drop the alpha channel" if alpha else "the second or the last axis must hold the channels; move them"
        raise Refused(f"{name} must have 1 or 3 channels, got images of shape {x.shape[1:]}; {remedy}.")
    return np.moveaxis(x, fitting[0], 1)


def numpy_of(obj: Any) -> np.ndarray:
    """A tensor or anything array-like as an array."""
    if not isinstance(obj, Tensor):
        return np.asarray(obj)
    obj = obj.detach().cpu()
    return (obj.float() if obj.dtype == torch.bfloat16 else obj).numpy()  # NumPy has no bfloat16


def _expected(found: dict[str, np.ndarray], parts: list[str], labels: tuple[str, ...]) -> list[str]:
    """One array of points, and at most one of labels, for each part."""
    kinds = [[p + n for n in names if p + n in found] for p in parts for names in (POINTS, labels)]
    return [names[0] for names in kinds if names]


def _arrays(
    found: dict[str, np.ndarray], part: str, labels: tuple[str, ...], path: Path
) -> tuple[np.ndarray, np.ndarray | None]:
    x = next(found[part + name] for name in POINTS if part + name in found)
    y = next((found[part + name] for name in labels if part + name in found), None)
    if x.ndim == 0 or (y is not None and len(y) != len(x)):
        raise Refused(
            f"{part}labels of {path.name} must be one a row, got shapes {y if y is None else y.shape}, {x.shape}."
        )
    return x, y


def _joined(path: Path, parts: list[tuple[int, np.ndarray, np.ndarray | None]]) -> Source:
    """The parts one below the other, with a mark for each row."""
    shapes, kinds = {x.shape[1:] for _, x, _ in parts}, {x.dtype for _, x, _ in parts}
    if len(shapes) > 1 or len(kinds) > 1:
        raise Refused(f"train and test arrays of {path.name} must be of one shape and type, got {shapes} and {kinds}.")
    if len({y is None for _, _, y in parts}) > 1:
        raise Refused(f"{path.name} has labels for some of its parts only; label all of them or none.")
    if len(parts) == 1:
        return Source(path.stem, parts[0][1], parts[0][2])
    x = np.concatenate([x for _, x, _ in parts])
    y = None if parts[0][2] is None else np.concatenate([y for _, _, y in parts if y is not None])
    held = np.concatenate([np.full(len(x), mark) for mark, x, _ in parts])
    return Source(path.stem, x, y, held=held)


def _keys(path: Path, found: dict[str, np.ndarray], labels: str | None) -> str:
    if {"mu", "sigma"} <= set(found):
        return f"{path.name} is a file of statistics, which stands for the data alone (score STATISTICS FAKE)."
    wanted = f"one array {', '.join(POINTS)} (and {labels or 'labels or y'}), or train_* and test_* of these"
    return f"{path.name} must hold {wanted}; it holds {', '.join(sorted(found)) or 'nothing'}; rename its arrays."
