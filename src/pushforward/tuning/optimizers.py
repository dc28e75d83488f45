"""The optimisers by which a player takes a step, as values."""

from abc import ABC, abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass

import torch

from pushforward.tuning.bounds import check_below_one, check_not_negative, check_positive
from pushforward.tuning.schedules import Constant, Schedule


class Optimizer(ABC):
    """A value that builds the torch optimiser of a player's parameters and knows its learning rate."""

    lr: float
    decay: Schedule

    @abstractmethod
    def build(self, parameters: Iterable[torch.nn.Parameter]) -> torch.optim.Optimizer:
        """Build the torch optimiser, at the undecayed learning rate."""

    def rate(self, progress: float) -> float:
        """Return the learning rate when `progress` in [0, 1] of the budget is spent."""
        return self.lr * self.decay(progress)


@dataclass(frozen=True)
class Adam(Optimizer):
    """The Adam optimiser of Kingma and Ba (2015), in its fused implementation.

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
        check_positive("lr of Adam", self.lr)
        for beta in self.betas:
            check_below_one("each of betas of Adam", beta)
        check_not_negative("weight_decay of Adam", self.weight_decay)

    def build(self, parameters: Iterable[torch.nn.Parameter]) -> torch.optim.Optimizer:
        return torch.optim.Adam(
            parameters, lr=self.lr, betas=self.betas, eps=self.eps, weight_decay=self.weight_decay, fused=True
        )


@dataclass(frozen=True)
class RMSprop(Optimizer):
    """The RMSprop optimiser of Tieleman and Hinton (2012).

    Args:
        lr: learning rate, positive.
        alpha: decay of the mean square, in [0, 1).
        decay: the learning rate's factor over the budget.
    """

    lr: float = 5e-5
    alpha: float = 0.99
    decay: Schedule = Constant()

    def __post_init__(self) -> None:
        check_positive("lr of RMSprop", self.lr)
        check_below_one("alpha of RMSprop", self.alpha)

    def build(self, parameters: Iterable[torch.nn.Parameter]) -> torch.optim.Optimizer:
        return torch.optim.RMSprop(parameters, lr=self.lr, alpha=self.alpha, foreach=True)


@dataclass(frozen=True)
class SGD(Optimizer):
    """The method of stochastic gradient descent with momentum.

    Args:
        lr: learning rate, positive.
        momentum: in [0, 1).
        decay: the learning rate's factor over the budget.
    """

    lr: float = 0.1
    momentum: float = 0.9
    decay: Schedule = Constant()

    def __post_init__(self) -> None:
        check_positive("lr of SGD", self.lr)
        check_below_one("momentum of SGD", self.momentum)

    def build(self, parameters: Iterable[torch.nn.Parameter]) -> torch.optim.Optimizer:
        return torch.optim.SGD(parameters, lr=self.lr, momentum=self.momentum, fused=True)
