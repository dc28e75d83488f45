"""The abstract sampler, a push of noise that carries µ to g#µ, and what some samplers know besides."""

from abc import ABC, abstractmethod
from typing import Protocol, final, runtime_checkable

import torch
from jaxtyping import Float
from torch import Tensor, nn

from pushforward import ranks
from pushforward.samplers.noise import Noise
from pushforward.spaces import Batch


class Sampler(nn.Module, ABC):
    """A push of noise, y = g(z) with z ~ µ, that makes points of a space; one step, whatever g is.

    All randomness of a sample is in its noise: a network that decides by chance takes uniforms as a part of z, so that
    n processes that draw together draw what one process draws.

    Attributes:
        classes: number of labels that it can be asked for; 0 if it takes none.
        grain: the step between values of each coordinate, which noise filled when its density was fitted; None where
            that was not asked.
        discrete: whether `log_prob` is that of a probability of points of few values, where there is one.
        draws: K, the number of codes a point that a bound of its density is averaged over; 0 where it needs none.
    """

    classes: int = 0
    discrete: bool = False
    draws: int = 0
    grain: Tensor | None

    def __init__(self) -> None:
        super().__init__()
        self._where = torch.nn.Buffer(torch.empty(0), persistent=False)
        self.register_buffer("grain", None)

    @abstractmethod
    def draw_noise(self, n: int) -> Float[Tensor, "n k"]:
        """Return n draws from µ, on the sampler's device, from torch's own generator."""

    @abstractmethod
    def push(self, z: Float[Tensor, "n k"], label: Tensor | None = None) -> Tensor:
        """Return g(z), the points of noise that is given, of the classes that are given where there are any."""

    def prepare(self, x: Batch) -> None:  # noqa: B027
        """Read some data once, before the first turn, for steps and scales that come from data; nothing unless stated.

        Args:
            x: rows of the training part.

        Raises:
            Refused: for data that it cannot have a density of.
        """

    @final  # type: ignore[misc]  # a module declares it writable
    def forward(self, n: int, label: Tensor | None = None) -> Batch:
        """Return this process's n of the samples that all processes draw together.

        Args:
            n: number of samples.
            label: the class of each, for a sampler that takes one; drawn uniformly if absent.
        """
        z, random_label = self._draw(n * ranks.size(), label)
        z, random_label = ranks.share(z), None if random_label is None else ranks.share(random_label)
        return self._pushed(z, random_label if label is None else label)

    @final
    def alone(self, n: int, label: Tensor | None = None) -> Batch:
        """Return n samples that this process draws for itself; arguments as in `forward`."""
        z, random_label = self._draw(n, label)
        return self._pushed(z, random_label if label is None else label)

    def for_critic(self, n: int, label: Tensor | None = None) -> Batch:
        """Return samples as a critic is shown them beside data: its own, unless stated; arguments as in `forward`."""
        batch: Batch = self(n, label)
        return batch

    @property
    def noise_law(self) -> Noise | None:
        """The law of all its noise, where that is one of `Noise`: then g is a map that another may learn to give."""
        return None

    @property
    def device(self) -> torch.device:
        """The device on which its noise is drawn."""
        return self._where.device

    def _draw(self, n: int, label: Tensor | None) -> tuple[Tensor, Tensor | None]:
        """Return noise, and uniform labels where the sampler takes them and none were given."""
        z = self.draw_noise(n)
        unlabelled = self.classes and label is None
        return z, torch.randint(self.classes, (n,), device=z.device) if unlabelled else None

    def _pushed(self, z: Tensor, label: Tensor | None) -> Batch:
        label = label.to(z.device) if self.classes and label is not None else None
        return Batch(self.push(z, label), label)


@runtime_checkable
class Density(Protocol):
    """A sampler that also knows how likely a point is."""

    exact: bool
    """Whether `log_prob` is the log-density itself; if not, it is a lower bound, and what is made of it says so."""

    def log_prob(self, x: Batch) -> Float[Tensor, " n"]:
        """Return the log-density of each encoded point in nats, or the bound."""


@runtime_checkable
class Bounded(Protocol):
    """A sampler whose density is bounded by an average over draws of a code, as many as one likes."""

    def bound(self, x: Batch, draws: int) -> Float[Tensor, " n"]:
        """Return the bound in nats of each encoded point, averaged over so many draws."""


@runtime_checkable
class Coding(Protocol):
    """A sampler that also knows which codes a point may have come from."""

    def codes(self, x: Batch) -> Float[Tensor, "n k"]:
        """Return the code of each encoded point: the mean of the posterior, where there is one."""

    def decode(self, codes: Float[Tensor, "n k"], label: Tensor | None = None) -> Tensor:
        """Return the points that codes stand for: the mean given the code, where there is noise besides."""


@runtime_checkable
class Continuing(Protocol):
    """A sampler that draws group after group of coordinates, and so the rest of a point given its first ones."""

    @property
    def groups(self) -> tuple[int, ...]:
        """The number of the group of each coordinate, 0 for those that are drawn first."""

    def continued(
        self, x: Float[Tensor, "n *d"], z: Float[Tensor, "n k"], known: int, label: Tensor | None = None
    ) -> Float[Tensor, "n *d"]:
        """Return the points of this noise whose coordinates in the first groups are those of x.

        Args:
            x: points, of which the first groups alone are read.
            z: noise.
            known: number of groups that are given.
            label: the class of each, where the sampler takes labels.
        """
