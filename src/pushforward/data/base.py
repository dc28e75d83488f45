"""A data set: three parts, the space they live in, and the codec between them and the form they came in."""

from abc import abstractmethod
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import torch
from jaxtyping import Float, Int
from torch import Tensor

from pushforward.data.codecs.base import Codec
from pushforward.data.codecs.summary import ColumnSummary
from pushforward.errors import Refused
from pushforward.rows import Rows
from pushforward.spaces import Batch, Space


@dataclass(frozen=True, eq=False)
class Modes:
    """The modes of a toy: a sample is near one when it lies within 3 `std` of its centre.

    Args:
        centers: one row a mode.
        std: standard deviation of a mode, the largest over its directions.
        weights: of each mode, with the sum 1; None for equal ones.
    """

    centers: Float[Tensor, "K d"]
    std: float
    weights: Float[Tensor, " K"] | None = None


class Part(Rows):
    """The rows of the train, the validation or the test part, encoded: float32, in the range of the space.

    Attributes:
        label: class of each row; None without classes.
    """

    label: Tensor | None = None

    @abstractmethod
    def take(self, index: Tensor) -> Batch:
        """Return the rows at `index`, with their labels where there are any."""

    @abstractmethod
    def to(self, device: torch.device | str) -> "Part":
        """Return the same rows, whose batches lie on `device`."""

    @property
    def shape(self) -> tuple[int, ...]:
        return tuple(self.take(torch.arange(1)).x.shape[1:])

    def blocks(self, size: int | None = None) -> Iterator[Tensor]:
        for index in torch.arange(len(self)).split(size or self.per_block):
            yield self.take(index).x

    def taken(self, index: Int[Tensor, " l"]) -> Tensor:
        return self.take(index).x

    def all(self, limit: int | None = None) -> Batch:
        """Return every row, or the first `limit`; parts are in random order, so these are a fair sample."""
        return self.take(torch.arange(len(self) if limit is None else min(limit, len(self))))


@dataclass(frozen=True, eq=False)
class Data:
    """A data set in three parts, with the space they live in and the codec to the form it came in.

    Args:
        name: short, fit for a folder's name.
        space: of one encoded point.
        codec: between encoded points and the form the data came in.
        train: what samplers are fitted to.
        validation: what probes and stopping rules look at.
        test: what the verdict looks at, once.
        content_hash: sha256 of the content, wherever it lies.
        spec: arguments that make `load` give it again; {"object": …} for data that lived only in memory.
        notes: one sentence for every choice that was made for the user.
        modes: where they are known.
        log_prob: log-density of encoded points, where it is known.
        split_hash: sha256 of which rows are in which part.
        native: makes the same data as they came, for judges; None where these are that already.
        order: numbers of the rows of the test, the validation and the train part, as they came; None where unknown.
        columns: what each column of a table was taken for.
    """

    name: str
    space: Space
    codec: Codec
    train: Part
    validation: Part
    test: Part
    content_hash: str
    spec: Mapping[str, Any] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    modes: Modes | None = None
    log_prob: Callable[[Tensor], Tensor] | None = None
    split_hash: str = ""
    native: "Callable[[], Data] | None" = None
    order: np.ndarray | None = None
    columns: tuple[ColumnSummary, ...] = ()

    @property
    def rows(self) -> int:
        """The number of rows of all three parts."""
        return len(self.train) + len(self.validation) + len(self.test)

    @property
    def reloadable(self) -> bool:
        """Whether `spec` suffices to load the data again."""
        return "object" not in self.spec

    def as_given(self) -> "Data":
        """Return the same rows in the same parts, in the units and precision in which they came, every coordinate.

        Raises:
            Refused: if the object that they were read from has been changed since.
        """
        if self.native is None:
            return self
        native = self.native()
        if native.content_hash != self.content_hash:
            raise Refused(f"{self.name} was changed in memory after it was loaded; load it again.")
        return replace(native, modes=self.modes, log_prob=self.log_prob, spec=self.spec, name=self.name)
