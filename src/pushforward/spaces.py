"""The spaces that data points live in; every recipe starts from one, and its networks end in what it needs."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from math import prod
from typing import NamedTuple, TypeVar

import torch
from torch import Tensor

from pushforward.errors import Refused


class Batch(NamedTuple):
    """A batch of points and, where the data are labelled, the class of each.

    Args:
        x: points, first axis the batch.
        label: class indices as int64, or None.
        z: a code beside each point, for a critic f(x, z) of pairs; None for every other.
    """

    x: Tensor
    label: Tensor | None = None
    z: Tensor | None = None

    def rows(self, index: slice | list[int] | Tensor) -> "Batch":
        """Return some of the points with what is beside them, by numbers, a slice, or a truth for each."""
        return Batch(*(None if part is None else part[index] for part in self))  # type: ignore[arg-type]  # x is there

    def to(self, device: str | torch.device) -> "Batch":
        """Return the batch on a device."""
        return Batch(*(None if part is None else part.to(device) for part in self))  # type: ignore[arg-type]

    @classmethod
    def joined(cls, parts: "Sequence[Batch]") -> "Batch":
        """Return the points of several batches, one batch after another, with their labels where there are any."""
        labels = [part.label for part in parts if part.label is not None]
        return cls(torch.cat([part.x for part in parts]), torch.cat(labels) if labels else None)


@dataclass(frozen=True)
class Real:
    """A *block* of real coordinates, beside one another in a point.

    Args:
        name: of the column that they come from; empty where points have no columns.
        size: number of coordinates, at least 1.
        absent: whether the block before says, by indicators (no, yes), that the number is missing; where it is, the
            coordinate means nothing.
    """

    name: str
    size: int = 1
    absent: bool = False

    def __post_init__(self) -> None:
        if self.size < 1:
            raise Refused(f"size of Real must be at least 1, got {self.size}.")


@dataclass(frozen=True)
class OneOf:
    """A *block* of indicator coordinates, e_i for the i-th of K levels: the vertices of a simplex.

    Args:
        name: of the column that takes one of the levels.
        levels: their names, all different, at least 2.
    Example:
        >>> OneOf("metal", ("gold", "lead", "tin")).size
        3
    """

    name: str
    levels: tuple[str, ...]

    def __post_init__(self) -> None:
        if len(self.levels) < 2 or len(set(self.levels)) < len(self.levels):
            raise Refused(f"levels of OneOf must be two or more, all different, got {self.levels!r:.80}.")

    @property
    def size(self) -> int:
        """The number of levels, and of coordinates."""
        return len(self.levels)


Block = Real | OneOf


class Space(ABC):
    """The set that data points live in: shape of one point, interval of its values, names of the classes."""

    classes: tuple[str, ...]

    @property
    @abstractmethod
    def shape(self) -> tuple[int, ...]:
        """The shape of one point, without the batch."""

    @property
    def range(self) -> tuple[float, float] | None:
        """The lowest and highest value of a coordinate; None where unbounded, as unless stated."""
        return None

    @property
    def dim(self) -> int:
        """The number of coordinates of one point."""
        return prod(self.shape)

    @property
    def blocks(self) -> tuple[Block, ...]:
        """The typed blocks that the flattened coordinates of a point fall into, in order; one real block if not stated.

        Example:
            >>> Vector(2).blocks
            (Real(name='', size=2, absent=False),)
        """
        return (Real("", self.dim),)

    @property
    def choices(self) -> tuple[tuple[OneOf, slice], ...]:
        """The blocks of indicators, each with the place of its coordinates in a flattened point.

        Example:
            >>> Columns(("age", OneOf("metal", ("gold", "lead", "tin")))).choices[0][1]
            slice(1, 4, None)
        """
        ends = accumulate(block.size for block in self.blocks)
        places = zip(self.blocks, ends, strict=True)
        return tuple((b, slice(end - b.size, end)) for b, end in places if isinstance(b, OneOf))


@dataclass(frozen=True)
class Vector(Space):
    """The space R^length, without bounds.

    Args:
        length: number of coordinates.
        classes: names of the labels; empty for unlabelled data.
    Example:
        >>> Vector(2).dim
        2
    """

    length: int
    classes: tuple[str, ...] = ()

    @property
    def shape(self) -> tuple[int, ...]:
        return (self.length,)


@dataclass(frozen=True)
class Image(Space):
    """The space of pictures, channels first, every value between `low` and `high`.

    Args:
        channels: 1 for gray, 3 for colour.
        height: in pixels.
        width: in pixels.
        low: value of black.
        high: value of white.
        classes: names of the labels; empty for unlabelled data.
    Example:
        >>> Image(1, 28, 28).shape
        (1, 28, 28)
    """

    channels: int
    height: int
    width: int
    low: float = -1.0
    high: float = 1.0
    classes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.low < self.high:
            raise Refused(f"low of Image must be below high, got {self.low} and {self.high}.")

    @property
    def shape(self) -> tuple[int, ...]:
        return (self.channels, self.height, self.width)

    @property
    def range(self) -> tuple[float, float]:
        return (self.low, self.high)


@dataclass(frozen=True)
class Columns(Space):
    """The space of a table's rows, one block of coordinates a modelled column.

    A column of numbers is one coordinate, standardised (mean 0, standard deviation 1); one of levels is an indicator of
    each.

    Args:
        columns: the block of each modelled column, in order; a name alone is a column of numbers.
        classes: names of the labels; empty for unlabelled data.
    Example:
        >>> Columns(("age", "income")).shape
        (2,)
    """

    columns: tuple[Block | str, ...]
    classes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "columns", self.blocks)

    @property
    def blocks(self) -> tuple[Block, ...]:
        return tuple(Real(column) if isinstance(column, str) else column for column in self.columns)

    @property
    def names(self) -> tuple[str, ...]:
        """The name of each column."""
        return tuple(block.name for block in self.blocks)

    @property
    def coordinates(self) -> tuple[str, ...]:
        """The name of each coordinate, of an indicator with its level.

        Example:
            >>> Columns(("age", OneOf("metal", ("gold", "tin")))).coordinates
            ('age', 'metal = gold', 'metal = tin')
        """
        named = lambda b: [f"{b.name} = {level}" for level in b.levels] if isinstance(b, OneOf) else [b.name] * b.size
        return tuple(name for block in self.blocks for name in named(block))

    @property
    def shape(self) -> tuple[int, ...]:
        return (sum(block.size for block in self.blocks),)


S = TypeVar("S", bound=Space)


def without_classes(space: S) -> S:
    """Return the space of the same points, whose classes are not told.

    Example:
        >>> without_classes(Vector(2, ("cat", "dog")))
        Vector(length=2, classes=())
    """
    return replace(space, classes=())  # type: ignore[type-var]  # every space is a dataclass
