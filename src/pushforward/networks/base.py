"""The abstract plan, a value that makes networks from a space and sizes; the networks learn."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from functools import lru_cache
from inspect import signature
from math import isfinite
from typing import Any, ClassVar

import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.nn.functional import one_hot

from pushforward.errors import Refused
from pushforward.spaces import Image, OneOf, Space


class Network(ABC):
    """A plan of a family of networks, sized by the data's space.

    Attributes:
        takes_labels: whether generator and critic have a parameter `label` where the space has classes; if not, they
            are the same with classes as without.
        growth: turns in which a level of a code opens, where a code has several; 0 for all at once.
    """

    takes_labels: ClassVar[bool] = False
    growth: int = 0

    @abstractmethod
    def generator(self, latent_dim: int, space: Space) -> nn.Module:
        """Return a network from noise (n, latent_dim) to points (n, *space.shape), within the space's range."""

    @abstractmethod
    def critic(self, space: Space, outputs: int) -> nn.Module:
        """Return a network from points (n, *space.shape) to features (n, outputs)."""

    def encoder(self, space: Space, latent_dim: int) -> nn.Module:
        """Return a network from points (n, *space.shape) to codes (n, latent_dim), which have no bounds.

        Raises:
            Refused: unless a plan says otherwise.
        """
        raise Refused(f"{type(self).__name__} has no encoder; choose a network that has, such as MLP.")

    def sizes(self, space: Space, latent_dim: int) -> tuple[int, ...]:
        """Return the sizes of the levels of a code whose coarsest has `latent_dim` numbers: of it alone unless stated.

        A generator takes all levels side by side, as many numbers as all of them have.
        """
        return (latent_dim,)

    def reader(self, space: Space, size: int, latent_dim: int) -> nn.Module:
        """Return an encoder that says `size` numbers of codes of `latent_dim`: itself of so many, unless stated."""
        return self.encoder(space, size)

    def field(self, space: Space) -> nn.Module:
        """Return a network from points (n, *space.shape) and a `time` (n,) in [0, 1] to vectors of the points' shape.

        Raises:
            Refused: unless a plan says otherwise.
        """
        raise Refused(f"{type(self).__name__} has no field of vectors; choose a network that has, such as MLP.")


EXTRAS = frozenset({"label", "z", "time"})
"""The names of parameters that a network may take beside its input."""


def takes(network: nn.Module) -> frozenset[str]:
    """Return which of `label`, `z` and `time` the network is called with beside its input, by parameter name.

    Example:
        >>> takes(nn.Linear(2, 2))
        frozenset()
    """
    forward = network.forward
    named = _parameters(getattr(forward, "__func__", forward))
    return EXTRAS & set(named[1 + hasattr(forward, "__func__") :])


@lru_cache(maxsize=256)
def _parameters(function: Callable[..., Any]) -> tuple[str, ...]:
    """Return the names of a function's parameters; kept, since reading a signature takes as long as a small layer."""
    return tuple(signature(function).parameters)


def halvings_of(height: int, width: int, least: int, most: int | None = None) -> int:
    """Return how often both sides can be halved: while they are even, and their halves have `least` pixels or more.

    Args:
        height: of a picture.
        width: of it.
        least: pixels of a side that must be left.
        most: at most so often; None for as often as it goes.
    Example:
        >>> halvings_of(28, 28, 7), halvings_of(32, 32, 4), halvings_of(32, 32, 4, most=2)
        (2, 3, 2)
    """
    count = 0
    while count != most and height % 2 == 0 and width % 2 == 0 and min(height, width) // 2 >= least:
        count, height, width = count + 1, height // 2, width // 2
    return count


def nearest_side(image: Image, suits: Callable[[int], bool], most: int = 512) -> int:
    """Return the side of the square pictures that suit a plan and are nearest to a picture's shorter side.

    Args:
        image: that does not suit.
        suits: whether square pictures of this side do.
        most: largest side that is tried.
    Example:
        >>> nearest_side(Image(1, 90, 75), lambda side: side % 8 == 0)
        72
    """
    return min(filter(suits, range(1, most + 1)), key=lambda side: abs(side - min(image.height, image.width)))


class Head(nn.Module):
    """The end of every network that makes points.

    low + (high − low)·(1 + tanh v)/2, in the shape of the space, where that has bounds; else v itself, and for a block
    of levels the indicator e_i of the largest coordinate v_i, with the gradient of softmax(v) in place of its own
    (straight-through): what a sampler is trained on is what it gives.

    In float32 at least: bfloat16 has no number between 0.9961 and 1.

    Args:
        space: of the points that the network makes.
    Source: Bengio et al. (2013), arXiv:1308.3432, for the straight-through estimate.
    """

    def __init__(self, space: Space):
        super().__init__()
        self.shape = space.shape
        self.bounds = space.range if space.range and isfinite(space.range[1] - space.range[0]) else None
        self.sizes = [block.size for block in space.blocks]
        self.chosen = [isinstance(block, OneOf) for block in space.blocks]

    def forward(self, v: Tensor) -> Tensor:
        v = v.reshape(v.shape[0], *self.shape)  # len would be a constant of an exported network
        v = v if v.dtype.itemsize >= 4 else v.float()
        if any(self.chosen):
            parts = zip(v.split(self.sizes, 1), self.chosen, strict=True)
            return torch.cat([straight_through(part) if one_of else part for part, one_of in parts], 1)
        if self.bounds is None:
            return v
        low, high = self.bounds
        if (low, high) == (-1.0, 1.0):
            return v.tanh()
        return (low + high) / 2 + (high - low) / 2 * v.tanh()


def straight_through(v: Float[Tensor, "n k"]) -> Float[Tensor, "n k"]:
    """Return e_i, i the place of the largest of v, with the gradient of softmax(v)."""
    p = v.softmax(1)
    return one_hot(v.argmax(1), v.shape[1]).to(v) + (p - p.detach())
