"""The abstract feature map: points to rows in a space where distances mean something."""

import json
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from typing import Any, ClassVar, NamedTuple

import torch
from jaxtyping import Float
from torch import Tensor

from pushforward.features.blocks import Array, blocks, filled
from pushforward.progress import watched


class Mapped(NamedTuple):
    """The features of some points, and the probabilities of classes beside them.

    Args:
        features: one row a point.
        probabilities: of classes, where they were asked for and the map knows any.
    """

    features: Float[Tensor, "n d"]
    probabilities: Float[Tensor, "n c"] | None = None


class Features(ABC):
    """A frozen map of points; `protocol` says everything that a number measured in its space depends on.

    Points are mapped in blocks of `rows`, the last one filled up, wherever the batches end that they come in: the
    arithmetic of convolutions and matrix products depends on how many points share a call. `rows` is None for a map
    that takes each point by itself, whose batches pass as they are.
    """

    rows: ClassVar[int | None] = None
    fills: ClassVar[bool] = True

    @property
    @abstractmethod
    def protocol(self) -> dict[str, Any]:
        """The description to cite: JSON-able, equal for maps that give equal features of equal pictures."""

    @property
    def key(self) -> str | None:
        """A text that is equal for maps that give equal features of equal numbers; None where nobody can know."""
        return json.dumps(self.protocol, sort_keys=True)

    @property
    def map(self) -> "Features":
        """The map that computes: itself, unless it only hands points on to another."""
        return self

    @property
    def notes(self) -> tuple[str, ...]:
        """The sentences that a reader must know of how features were come by; none, unless overridden."""
        return ()

    @abstractmethod
    def block(self, x: Tensor) -> Float[Tensor, "n d"]:
        """Return the features of at most `rows` points."""

    def classes(self, x: Tensor, z: Float[Tensor, "n d"]) -> Float[Tensor, "n c"] | None:
        """Return class probabilities of a block x with features z; None, unless overridden: the map knows none."""
        return None

    def stream(self, batches: Iterable[Array], *, classes: bool = False) -> Iterator[Mapped]:
        """Yield blocks in the order that the points come in; the memory held is that of one block and one batch.

        Args:
            batches: points along the first axis of each, in the space's shape or flattened.
            classes: probabilities of classes too.
        """
        for x in blocks(batches, self.rows):
            yield self.mapped(x, classes)

    @torch.no_grad()
    def mapped(self, x: Tensor, classes: bool = False) -> Mapped:
        """Return what the map gives for one block, which is filled up to `rows` points where the map fills."""
        full = filled(x, self.rows) if self.fills and self.rows else x
        z = self.block(full)
        p = self.classes(full, z) if classes else None
        return Mapped(z[: len(x)], None if p is None else p[: len(x)])

    def __call__(self, x: Array) -> Float[Tensor, "n d"]:
        """Return the features, one row a point.

        Args:
            x: points along the first axis, each in the space's shape or flattened.
        """
        return torch.cat([part.features for part in self.stream([x])])

    def classify(self, x: Array) -> Float[Tensor, "n c"] | None:
        """Return the class probabilities, one row a point; None for a map that knows no classes."""
        parts = [part.probabilities for part in self.stream([x], classes=True)]
        return torch.cat([p for p in parts if p is not None]) if parts[0] is not None else None

    def read(self, x: Tensor, name: str = "points") -> Mapped:
        """Return features, and class probabilities where the map knows classes, in float64 on the CPU.

        Args:
            x: points along the first axis.
            name: of the points, for whoever waits.
        """
        step = f"{self.protocol['features']} features of {name}"
        parts = list(watched(self.stream([x], classes=True), step, len(x), size=lambda part: len(part.features)))
        p = [part.probabilities for part in parts if part.probabilities is not None]
        z = torch.cat([part.features for part in parts])
        return Mapped(z.double().cpu(), torch.cat(p).double().cpu() if p else None)
