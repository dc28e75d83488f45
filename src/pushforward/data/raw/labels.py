"""The classes of data: the labels as they came, beside the indices that travel with a batch."""

from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Int64
from torch import Tensor

from pushforward.errors import Refused


@dataclass(frozen=True)
class Labels:
    """The sorted distinct labels of a data set; class i is `values[i]`, called `names[i]`.

    Args:
        values: as they stand in the data.
        names: the same as words.
        dtype: numpy's name of the array they came in.
        column: name under which they came in a file of arrays, where that is an unusual one.
    Example:
        >>> Labels.of(np.array(["cat", "ant", "cat"])).encode(np.array(["cat"]))
        array([1])
    """

    values: tuple[str | int | float | bool, ...]
    names: tuple[str, ...]
    dtype: str
    column: str | None = None

    @classmethod
    def of(cls, labels: np.ndarray, names: tuple[str, ...] | None = None, whose: str = "the data") -> "Labels":
        """Find the classes in all labels of a data set.

        Raises:
            Refused: if they are not one class a row (one-hot rows, continuous numbers, missing values).
        """
        labels = _plain(labels, whose)
        distinct = np.unique(labels)
        if distinct.dtype.kind == "f" and (distinct != np.round(distinct)).any():
            raise Refused(f"labels of {whose} must name classes, got continuous numbers such as {distinct[0]:g}.")
        values = tuple(distinct.tolist())
        if names is not None and not all(0 <= v < len(names) for v in distinct):
            raise Refused(f"labels of {whose} must be from 0 to {len(names) - 1}, got {distinct[0]} to {distinct[-1]}.")
        if names is not None:
            return cls(values, tuple(names[int(v)] for v in values), labels.dtype.str)
        return cls(values, tuple(f"{v:g}" if isinstance(v, float) else str(v) for v in values), labels.dtype.str)

    def known(self, labels: np.ndarray) -> bool:
        """Tell whether every label is one of ours, by value or by name."""
        return set(np.unique(labels.astype(str))) <= {str(v) for v in self.values} | set(self.names)

    def encode(self, labels: np.ndarray) -> np.ndarray:
        """Return the class indices of labels as int64.

        Raises:
            Refused: naming the first label that is no class of ours.
        """
        table = {name: i for i, name in enumerate(self.names)} | {str(v): i for i, v in enumerate(self.values)}
        distinct, inverse = np.unique(np.asarray(labels).astype(str), return_inverse=True)
        unknown = [word for word in distinct.tolist() if word not in table]
        if unknown:
            raise Refused(f"label {unknown[0]!r} is none of the classes of the training data: {', '.join(self.names)}.")
        return np.array([table[word] for word in distinct.tolist()], dtype=np.int64)[inverse.reshape(-1)]

    def decode(self, label: Int64[Tensor, " n"]) -> np.ndarray:
        """Return labels in the type they came in."""
        return np.array(self.values).astype(self.dtype)[label.cpu().numpy()]

    def names_of(self, labels: np.ndarray) -> np.ndarray:
        """Return the names of labels, which another data set may share where its values differ."""
        return np.array(self.names)[self.encode(labels)]

    def tensor(self, labels: np.ndarray | None) -> Tensor | None:
        """Return the class indices of labels as a tensor; None for None."""
        return None if labels is None else torch.from_numpy(self.encode(labels))


def _plain(labels: np.ndarray, whose: str) -> np.ndarray:
    """Return labels in one dimension, as numbers or words."""
    labels = np.asarray(labels)
    if labels.ndim == 2 and labels.shape[1] == 1:
        labels = labels[:, 0]
    if labels.ndim != 1:
        raise Refused(
            f"labels of {whose} must be one class a row, got shape {labels.shape}; take the argmax of one-hot."
        )
    if labels.dtype.kind == "O":
        if any(label is None or label != label for label in labels.tolist()):
            raise Refused(f"labels of {whose} must not be missing; name those rows' class or leave the rows out.")
        return labels.astype(str)
    if labels.dtype.kind == "f" and not np.isfinite(labels).all():
        raise Refused(f"labels of {whose} must not be missing; name those rows' class or leave the rows out.")
    if labels.dtype.kind not in "biufUS":
        raise Refused(f"labels of {whose} must be numbers or words, got {labels.dtype}.")
    return labels
