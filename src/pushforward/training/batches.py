"""The order in which the data are seen."""

from typing import Any, Protocol, runtime_checkable

import torch
from torch import Tensor

from pushforward import ranks
from pushforward.errors import Refused
from pushforward.spaces import Batch
from pushforward.training.subseeds import subseed


@runtime_checkable
class IndexedPoints(Protocol):
    """A source of points by their numbers."""

    def __len__(self) -> int: ...

    def take(self, index: Tensor) -> Batch:
        """Return the points with these numbers."""


class Batches:
    """A maker of batches: a random permutation of the data, cut in pieces, again and again.

    Every process permutes with the same seed and keeps its share, so several see what one would. The last piece of a
    permutation that is too short is passed over.

    Args:
        source: the training part.
        size: points in a batch, over all processes.
        seed: of the permutations, by (seed, epoch): the state is two numbers and the size.

    Raises:
        Refused: if there are fewer points than a batch takes.
    """

    def __init__(self, source: IndexedPoints, size: int, seed: int):
        if not 1 <= size <= len(source):
            raise Refused(f"a batch must have from 1 to {len(source)} points, as many as there are data, got {size}.")
        self.source, self.size, self.seed = source, size, seed
        self.epoch, self.at = 0, 0
        self._permute()

    def __call__(self) -> Batch:
        if self.at + self.size > len(self._order):
            self.epoch, self.at = self.epoch + 1, 0
            self._permute()
        index = self._order[self.at : self.at + self.size]
        self.at += self.size
        return self.source.take(ranks.share(index))

    def state(self) -> dict[str, Any]:
        """Return the place in the order of the data, as plain numbers."""
        return {"epoch": self.epoch, "at": self.at, "size": self.size}

    def restore(self, state: dict[str, Any]) -> None:
        """Continue from such a place in the order of the data."""
        self.epoch, self.at, self.size = state["epoch"], state["at"], state.get("size", self.size)
        self._permute()

    def _permute(self) -> None:
        generator = torch.Generator().manual_seed(subseed(self.seed, f"epoch {self.epoch}"))
        self._order = torch.randperm(len(self.source), generator=generator)
