"""How a player takes a step."""

from abc import ABC, abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass

import torch

from pushforward.tuning.bounds import below_one, not_negative, positive
from pushforward.tuning.schedules import Constant, Schedule


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
        positive("lr of Adam", self.lr)
        for beta in self.betas:
            below_one("each of betas of Adam", beta)
        not_negative("weight_decay of Adam", self.weight_decay)

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
        positive("lr of RMSprop", self.lr)
        below_one("alpha of RMSprop", self.alpha)

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
        positive("lr of SGD", self.lr)
        below_one("momentum of SGD", self.momentum)

    def build(self, parameters: Iterable[torch.nn.Parameter]) -> torch.optim.Optimizer:
        return torch.optim.SGD(parameters, lr=self.lr, momentum=self.momentum, fused=True)
