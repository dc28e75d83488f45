"""What a data point is. Every recipe starts from a space: its networks end in what the space needs."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from math import prod
from typing import NamedTuple

from torch import Tensor

from pushforward.errors import Refused


class Batch(NamedTuple):
    """Points and, where the data are labelled, the class of each.

    Args:
        x: points, first axis the batch.
        label: class indices as int64, or None.
    """

    x: Tensor
    label: Tensor | None = None


class Space(ABC):
    """The set that data points live in: shape of one point, interval of its values, names of the classes."""

    classes: tuple[str, ...]

    @property
    @abstractmethod
    def shape(self) -> tuple[int, ...]:
        """Of one point."""

    @property
    @abstractmethod
    def range(self) -> tuple[float, float] | None:
        """Lowest and highest value of a coordinate; None where unbounded."""

    @property
    def dim(self) -> int:
        """Number of coordinates of one point."""
        return prod(self.shape)


@dataclass(frozen=True)
class Vector(Space):
    """R^length, without bounds.

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

    @property
    def range(self) -> None:
        return None


@dataclass(frozen=True)
class Image(Space):
    """Pictures, channels first, every value between `low` and `high`.

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
    """Rows of a table, one standardised coordinate (mean 0, standard deviation 1) a modelled column.

    Args:
        names: of the modelled columns, in order.
        classes: names of the labels; empty for unlabelled data.
    Example:
        >>> Columns(("age", "income")).shape
        (2,)
    """

    names: tuple[str, ...]
    classes: tuple[str, ...] = ()

    @property
    def shape(self) -> tuple[int, ...]:
        return (len(self.names),)

    @property
    def range(self) -> None:
        return None
