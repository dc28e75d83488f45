"""The schedules of a learning rate: its factor as a function of the share of the budget that is spent."""

import math
from abc import ABC, abstractmethod
from dataclasses import dataclass

from pushforward.tuning.bounds import check_below_one, check_not_negative


class Schedule(ABC):
    """A factor in [0, ∞) as a function of the share of the budget that is spent."""

    @abstractmethod
    def __call__(self, progress: float) -> float:
        """Return the factor when `progress` in [0, 1] of the budget is spent."""


@dataclass(frozen=True)
class Constant(Schedule):
    """The factor 1 from beginning to end."""

    def __call__(self, progress: float) -> float:
        return 1.0


@dataclass(frozen=True)
class Linear(Schedule):
    """A factor of 1 until `start`, then a straight line to `end` at the end of the budget.

    Args:
        end: last factor, at least 0.
        start: share of the budget in [0, 1) after which the decay begins.
    Example:
        >>> Linear(start=0.5)(0.75)
        0.5
    """

    end: float = 0.0
    start: float = 0.0

    def __post_init__(self) -> None:
        check_not_negative("end of Linear", self.end)
        check_below_one("start of Linear", self.start)

    def __call__(self, progress: float) -> float:
        t = _share_since(self.start, progress)
        return 1.0 + (self.end - 1.0) * t


@dataclass(frozen=True)
class Cosine(Schedule):
    """end + (1 − end)·(1 + cos πt)/2, with t from 0 at `start` to 1 at the end of the budget.

    Args:
        end: last factor, at least 0.
        start: share of the budget in [0, 1) after which the decay begins.
    Example:
        >>> round(Cosine()(0.5), 6)
        0.5
    """

    end: float = 0.0
    start: float = 0.0

    def __post_init__(self) -> None:
        check_not_negative("end of Cosine", self.end)
        check_below_one("start of Cosine", self.start)

    def __call__(self, progress: float) -> float:
        t = _share_since(self.start, progress)
        return self.end + (1.0 - self.end) * (1.0 + math.cos(math.pi * t)) / 2.0


@dataclass(frozen=True)
class Drop(Schedule):
    """A factor of 1 before `at`, of `factor` from there on.

    Args:
        at: share of the budget in [0, 1].
        factor: at least 0.
    """

    at: float = 0.25
    factor: float = 0.1

    def __post_init__(self) -> None:
        check_not_negative("at of Drop", self.at)
        check_not_negative("factor of Drop", self.factor)

    def __call__(self, progress: float) -> float:
        return 1.0 if progress < self.at else self.factor


def _share_since(start: float, progress: float) -> float:
    return min(1.0, max(0.0, (progress - start) / (1.0 - start)))
