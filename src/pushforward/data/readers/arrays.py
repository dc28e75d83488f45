"""The arrays in files: `samples`, `images` or `x`, with `labels` or `y`, also for each part; or one of any name."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from pushforward.data.raw.groups import groups_of
from pushforward.data.raw.npy import write_npy, write_npz
from pushforward.data.raw.source import Source
from pushforward.data.raw.splits import TEST, TRAIN, VALIDATION
from pushforward.data.readers.array_objects import as_array
from pushforward.errors import Refused
from pushforward.runs.arrays import read_npy, read_npz

ARRAYS = (".npy", ".npz")
POINTS = ("samples", "images", "x")
LABELS = ("labels", "y")
WHOLE = ""
PARTS = {WHOLE: TRAIN, "train": TRAIN, "validation": VALIDATION, "valid": VALIDATION, "val": VALIDATION, "test": TEST}
# train_x, and x_train of Keras
ROLE = re.compile(r"(?:({0})_)?(.+?)(?:_({0}))?".format("|".join(filter(None, PARTS))))
# np.savez without names: pictures and their classes, as diffusion models write them
UNNAMED = ("arr_0", "arr_1")


@dataclass(frozen=True)
class Roles:
    """The roles of the arrays in an archive: which are points and which labels, and of which part, a key of PARTS.

    Args:
        points: name of the array of each part.
        labels: name of the labels of each part that has any.
        notes: sentences about what was chosen.
    """

    points: Mapping[str, str]
    labels: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


def read_arrays(path: Path, labels: str | None = None, likely: str | None = None, groups: str | None = None) -> Source:
    """Read a .npy file, memory-mapped, or a .npz archive.

    The arrays of an archive are `samples`, `images` or `x`, with `labels` or `y`, or these of each part: `train_x`, or
    `x_train` as Keras has it. A single array beside the labels is taken whatever its name, and that is said.

    Args:
        path: its ending says which.
        labels: name of the array of labels, where it is neither `labels` nor `y`.
        likely: the same for a file that need not have it.
        groups: name of the array that says which rows stay in one part.

    Raises:
        Refused: for a file that is damaged, or holds several arrays of unknown names; the sentence lists them.
    """
    if path.suffix.lower() == ".npy":
        return Source(path.stem, read_npy(path), suffix=".npy")
    if path.suffix.lower() != ".npz":
        raise Refused(f"arrays are read from .npy and .npz files, got {str(path)!r}.")
    arrays = read_npz(path)
    marks = {} if groups is None else _taken_out(arrays, groups, path.name)
    if labels is None and likely is not None and any(_role(name, likely) == ("labels", WHOLE) for name in arrays):
        labels = likely
    roles = _by_names(arrays, labels) or _only(arrays, labels, path.name)
    if labels is not None and not any(_role(name, labels) == ("labels", part) for name in arrays for part in PARTS):
        raise Refused(f"{path.name} holds no array {labels!r} for labels; it holds {', '.join(sorted(arrays))}.")
    if roles is None:
        raise Refused(_missing(path, arrays, labels))
    parts = [(PARTS[part], *_arrays(arrays, name, roles.labels.get(part), path)) for part, name in roles.points.items()]
    source = replace(_joined(path, parts), notes=roles.notes)
    return source if groups is None else replace(source, groups=_in_order(marks, roles, source, groups))


def write_arrays(path: Path, samples: np.ndarray, labels: np.ndarray | None) -> None:
    """Write `samples`, and `labels` where there are any; a .npy file holds the samples alone."""
    if path.suffix == ".npy":
        write_npy(path, samples)
    else:
        write_npz(path, {"samples": samples} | ({} if labels is None else {"labels": labels}))


def points_of(obj: Any) -> tuple[np.ndarray, np.ndarray | None]:
    """Return (points, labels) of an array, a tensor, or a pair of them."""
    obj, labels = obj if isinstance(obj, tuple) else (obj, None)
    return as_array(obj, "points"), None if labels is None else np.asarray(as_array(labels, "labels"))


def channels_first(x: np.ndarray, axis: int | None = 3, name: str = "images") -> np.ndarray:
    """Return (n, c, h, w) of (n, h, w), (n, h, w, c) or (n, c, h, w); `axis`, else the last, if both fit."""
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


def _role(name: str, labels: str | None) -> tuple[str, str] | None:
    """Return what a name says, in any case: "points" or "labels", and of which part; None if it says neither."""
    match = ROLE.fullmatch(name.lower())
    if match is None or (match[1] and match[3]):
        return None
    kind = "points" if match[2] in POINTS else "labels" if match[2] in _labels(labels) else None
    return None if kind is None else (kind, match[1] or match[3] or WHOLE)


def _taken_out(arrays: dict[str, np.ndarray], groups: str, name: str) -> dict[str, np.ndarray]:
    """Take the groups of each part out of the arrays.

    Raises:
        Refused: if there are none.
    """
    found = {
        key: role[1] for key in arrays if (role := _role(key, groups)) and role[0] == "labels" and key not in LABELS
    }
    if not found:
        raise Refused(f"{name} holds no array {groups!r} for groups; it holds {', '.join(sorted(arrays))}.")
    return {part: arrays.pop(key) for key, part in found.items()}


def _in_order(marks: Mapping[str, np.ndarray], roles: Roles, source: Source, groups: str) -> np.ndarray:
    """Return the group of each row, in the order of the parts.

    Raises:
        Refused: unless every part has them, one a row.
    """
    lengths = [len(marks.get(part, ())) for part in roles.points]
    if set(marks) != set(roles.points) or sum(lengths) != len(source.x):
        raise Refused(f"groups {groups!r} of {source.name} must be one a row in each part, got {sum(lengths)} for "
                      f"{len(source.x)} rows.")  # fmt: skip
    return groups_of(np.concatenate([marks[part] for part in roles.points]), groups, source.name)


def _labels(labels: str | None) -> tuple[str, ...]:
    return LABELS if labels is None else (labels.lower(),)


def _by_names(arrays: Mapping[str, np.ndarray], labels: str | None) -> Roles | None:
    """Return the roles by names that all say what they are; None if one does not, or two say the same."""
    kinds: dict[str, dict[str, str]] = {"points": {}, "labels": {}}
    for name in arrays:
        role = _role(name, labels)
        if role is None or role[1] in kinds[role[0]]:
            return None
        kinds[role[0]][role[1]] = name
    points, classes = kinds["points"], kinds["labels"]
    unmixed = WHOLE not in points or len(points) == 1
    return Roles(points, classes) if points and unmixed and set(classes) <= set(points) else None


def _only(arrays: Mapping[str, np.ndarray], labels: str | None, name: str) -> Roles | None:
    """Return the only array that is no label, and the labels beside it; None if there are several."""
    classes = [key for key in arrays if len(arrays) > 1 and _role(key, labels) == ("labels", WHOLE)]
    others = [key for key in arrays if key not in classes]
    if labels is None and tuple(sorted(arrays)) == UNNAMED and _classes_of(arrays["arr_1"], arrays["arr_0"]):
        others, classes = [UNNAMED[0]], [UNNAMED[1]]
    if len(others) != 1 or len(classes) > 1:
        return None
    beside = f", with {classes[0]!r} as its labels" if classes else ""
    note = f"{name} names its arrays otherwise than samples, images or x: its {others[0]!r} is taken{beside}."
    return Roles({WHOLE: others[0]}, {WHOLE: classes[0]} if classes else {}, (note,))


def _classes_of(labels: np.ndarray, points: np.ndarray) -> bool:
    return labels.dtype.kind in "iu" and labels.shape == points.shape[:1] and points.ndim > 1


def _arrays(
    arrays: Mapping[str, np.ndarray], points: str, labels: str | None, path: Path
) -> tuple[np.ndarray, np.ndarray | None]:
    x, y = arrays[points], None if labels is None else arrays[labels]
    if x.ndim == 0 or (y is not None and (y.ndim == 0 or len(y) != len(x))):
        raise Refused(
            f"{labels} of {path.name} must be one a row of {points}, got shapes {y if y is None else y.shape}, "
            f"{x.shape}."
        )
    return x, y


def _joined(path: Path, parts: list[tuple[int, np.ndarray, np.ndarray | None]]) -> Source:
    """Return the parts one below the other, with a mark for each row."""
    shapes, kinds = {x.shape[1:] for _, x, _ in parts}, {x.dtype for _, x, _ in parts}
    if len(shapes) > 1 or len(kinds) > 1:
        raise Refused(f"train and test arrays of {path.name} must be of one shape and type, got {shapes} and {kinds}.")
    if len({y is None for _, _, y in parts}) > 1:
        raise Refused(f"{path.name} has labels for some of its parts only; label all of them or none.")
    if len(parts) == 1:
        return Source(path.stem, parts[0][1], parts[0][2])
    x = np.concatenate([x for _, x, _ in parts])
    y = None if parts[0][2] is None else np.concatenate([y for _, _, y in parts if y is not None])
    stated_parts = np.concatenate([np.full(len(x), mark) for mark, x, _ in parts])
    return Source(path.stem, x, y, stated_parts=stated_parts)


def _missing(path: Path, arrays: dict[str, np.ndarray], labels: str | None) -> str:
    """Return the sentence about an archive without arrays of known names."""
    if {"mu", "sigma"} <= set(arrays):
        return f"{path.name} is a file of statistics, which stands for the data alone (score STATISTICS FAKE)."
    wanted = f"one array {', '.join(POINTS)} (and {labels or 'labels or y'}), or train_* and test_* of these"
    return f"{path.name} must hold {wanted}; it holds {', '.join(sorted(arrays)) or 'nothing'}; rename its arrays."
