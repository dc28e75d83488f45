"""The rows that a reader found, before anything was chosen: with labels, and the part that each says it is of."""

from dataclasses import dataclass

import numpy as np

from pushforward.data.raw.labels import Labels
from pushforward.errors import Refused


@dataclass(frozen=True, eq=False)
class Source:
    """The rows of an array with what is known about them.

    Args:
        name: short; a file's name without its ending.
        x: first axis the rows; in memory or memory-mapped.
        labels: one a row.
        classes: names and order of the classes, where the reader knows more than the labels' values.
        stated_parts: 0, 1 or 2 where rows say they are train, validation or test.
        levels: values of black and white in images, where the reader knows them.
        suffix: native ending of the form, "" for a folder of images.
        tensor: rows came as a torch tensor, and are to be given back as one.
        notes: sentences about what was chosen while reading.
        groups: name of the group of each row, where rows of one are to stay in one part.
    """

    name: str
    x: np.ndarray
    labels: np.ndarray | None = None
    classes: Labels | None = None
    stated_parts: np.ndarray | None = None
    levels: tuple[float, float] | None = None
    suffix: str = ".npz"
    tensor: bool = False
    notes: tuple[str, ...] = ()
    groups: np.ndarray | None = None

    def __post_init__(self) -> None:
        if self.x.dtype.kind not in "biuf":
            raise Refused(f"{self.name} must hold real numbers, got an array of {self.x.dtype}.")
        if self.x.ndim not in (1, 2, 3, 4):
            raise Refused(f"{self.name} must be (n, d) numbers or (n, h, w[, c]) images, got shape {self.x.shape}.")
        if self.labels is not None and len(self.labels) != len(self.x):
            raise Refused(f"labels of {self.name} must be one a row, got {len(self.labels)} for {len(self.x)} rows.")
        if 0 in self.x.shape[1:]:
            raise Refused(f"{self.name} must not be empty, got shape {self.x.shape}.")

    @property
    def known_classes(self) -> Labels | None:
        """The classes of the labels."""
        if self.labels is None:
            return None
        return self.classes or Labels.of(self.labels, whose=self.name)
