"""Optimisers, schedules and step counts as values: what to do with a gradient, and when."""

import math
from abc import ABC, abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass

import torch

from pushforward.errors import Refused


class Schedule(ABC):
    """A factor in [0, ∞) as a function of the share of the budget that is spent."""

    @abstractmethod
    def __call__(self, progress: float) -> float:
        """The factor when `progress` in [0, 1] of the budget is spent."""


@dataclass(frozen=True)
class Constant(Schedule):
    """1, always."""

    def __call__(self, progress: float) -> float:
        return 1.0


@dataclass(frozen=True)
class Linear(Schedule):
    """1 until `start`, then a straight line to `end` at the end of the budget.

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
        _not_negative("end of Linear", self.end)
        _below_one("start of Linear", self.start)

    def __call__(self, progress: float) -> float:
        t = _since(self.start, progress)
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
        _not_negative("end of Cosine", self.end)
        _below_one("start of Cosine", self.start)

    def __call__(self, progress: float) -> float:
        t = _since(self.start, progress)
        return self.end + (1.0 - self.end) * (1.0 + math.cos(math.pi * t)) / 2.0


@dataclass(frozen=True)
class Drop(Schedule):
    """1 before `at`, `factor` from there on.

    Args:
        at: share of the budget in [0, 1].
        factor: at least 0.
    """

    at: float = 0.25
    factor: float = 0.1

    def __post_init__(self) -> None:
        _not_negative("at of Drop", self.at)
        _not_negative("factor of Drop", self.factor)

    def __call__(self, progress: float) -> float:
        return 1.0 if progress < self.at else self.factor


def _since(start: float, progress: float) -> float:
    return min(1.0, max(0.0, (progress - start) / (1.0 - start)))


class Optimizer(ABC):
    """How a player takes a step: a value that builds the torch optimiser of its parameters."""

    lr: float
    decay: Schedule

    @abstractmethod
    def build(self, parameters: Iterable[torch.nn.Parameter]) -> torch.optim.Optimizer:
        """The torch optimiser, at the undecayed learning rate."""

    def rate(self, progress: float) -> float:
        """The learning rate when `progress` in [0, 1] of the budget is spent."""
        return self.lr * self.decay(progress)


@dataclass(frozen=True)
class Adam(Optimizer):
    """Adam (Kingma and Ba, 2015), the fused implementation.

    Args:
        lr: learning rate, positive.
        betas: decay of the first and second moments, in [0, 1).
        eps: added to the root of the second moment.
        weight_decay: L2 coefficient, at least 0.
        decay: the learning rate's factor over the budget.
    """

    lr: float = 1e-3
    betas: tuple[float, float] = (0.5, 0.999)
    eps: float = 1e-8
    weight_decay: float = 0.0
    decay: Schedule = Constant()

    def __post_init__(self) -> None:
        _positive("lr of Adam", self.lr)
        for beta in self.betas:
            _below_one("each of betas of Adam", beta)
        _not_negative("weight_decay of Adam", self.weight_decay)

    def build(self, parameters: Iterable[torch.nn.Parameter]) -> torch.optim.Optimizer:
        return torch.optim.Adam(
            parameters, lr=self.lr, betas=self.betas, eps=self.eps, weight_decay=self.weight_decay, fused=True
        )


@dataclass(frozen=True)
class RMSprop(Optimizer):
    """RMSprop (Tieleman and Hinton, 2012).

    Args:
        lr: learning rate, positive.
        alpha: decay of the mean square, in [0, 1).
        decay: the learning rate's factor over the budget.
    """

    lr: float = 5e-5
    alpha: float = 0.99
    decay: Schedule = Constant()

    def __post_init__(self) -> None:
        _positive("lr of RMSprop", self.lr)
        _below_one("alpha of RMSprop", self.alpha)

    def build(self, parameters: Iterable[torch.nn.Parameter]) -> torch.optim.Optimizer:
        return torch.optim.RMSprop(parameters, lr=self.lr, alpha=self.alpha, foreach=True)


@dataclass(frozen=True)
class SGD(Optimizer):
    """Gradient descent with momentum.

    Args:
        lr: learning rate, positive.
        momentum: in [0, 1).
        decay: the learning rate's factor over the budget.
    """

    lr: float = 0.1
    momentum: float = 0.9
    decay: Schedule = Constant()

    def __post_init__(self) -> None:
        _positive("lr of SGD", self.lr)
        _below_one("momentum of SGD", self.momentum)

    def build(self, parameters: Iterable[torch.nn.Parameter]) -> torch.optim.Optimizer:
        return torch.optim.SGD(parameters, lr=self.lr, momentum=self.momentum, fused=True)


def _positive(what: str, value: float) -> None:
    if not value > 0:
        raise Refused(f"{what} must be positive, got {value}.")


def _not_negative(what: str, value: float | int) -> None:
    if not value >= 0:
        raise Refused(f"{what} must be at least 0, got {value}.")


def _below_one(what: str, value: float) -> None:
    if not 0 <= value < 1:
        raise Refused(f"{what} must lie in [0, 1), got {value}.")


@dataclass(frozen=True)
class Steps:
    """Critic steps before a sampler's step: `usual`, but `burst` in the first turns and every so often.

    Args:
        usual: steps in an ordinary turn, at least 0.
        burst: steps in an extraordinary one.
        first: the first so many turns are extraordinary.
        every: so is every turn whose number it divides; 0 for none.
    Source: Arjovsky et al. (2017), released code of WGAN: 5, but 100 in the first 25 turns and every 500th.
    Example:
        >>> [Steps(5, burst=100, first=25, every=500).at(t) for t in (0, 24, 25, 500)]
        [100, 100, 5, 100]
    """

    usual: int = 5
    burst: int = 100
    first: int = 25
    every: int = 500

    def __post_init__(self) -> None:
        for name in ("usual", "burst", "first", "every"):
            _not_negative(f"{name} of Steps", getattr(self, name))

    def at(self, turn: int) -> int:
        """Critic steps in turn number `turn`, counted from 0."""
        extraordinary = turn < self.first or (self.every > 0 and turn % self.every == 0)
        return self.burst if extraordinary else self.usual


def steps_at(steps: int | Steps, turn: int) -> int:
    """Critic steps in turn number `turn`, for a plain number or a `Steps`."""
    return steps if isinstance(steps, int) else steps.at(turn)
