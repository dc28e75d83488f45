"""The ways to halve a point, for couplings: coordinates in turn, a checkerboard of pixels, channels."""

from abc import ABC, abstractmethod
from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor

from pushforward.errors import Refused


class Halves(ABC):
    """A point in two halves a and b, and the point that two halves make up; members are frozen values."""

    @abstractmethod
    def apart(self, x: Float[Tensor, "n *d"]) -> tuple[Tensor, Tensor]:
        """Return both halves of each point."""

    @abstractmethod
    def together(self, a: Tensor, b: Tensor) -> Float[Tensor, "n *d"]:
        """Return the points that two halves make up."""


@dataclass(frozen=True)
class Interleaved(Halves):
    """The coordinates of a vector in turn: the first, third, … and the second, fourth, …."""

    def apart(self, x: Float[Tensor, "n *d"]) -> tuple[Tensor, Tensor]:
        return x[:, ::2], x[:, 1::2]

    def together(self, a: Tensor, b: Tensor) -> Float[Tensor, "n *d"]:
        x = a.new_empty(len(a), a.shape[1] + b.shape[1])
        x[:, ::2], x[:, 1::2] = a, b
        return x


@dataclass(frozen=True)
class Channels(Halves):
    """The first half of the channels, rounded up, and the rest."""

    def apart(self, x: Float[Tensor, "n *d"]) -> tuple[Tensor, Tensor]:
        first = (x.shape[1] + 1) // 2
        return x[:, :first], x[:, first:]

    def together(self, a: Tensor, b: Tensor) -> Float[Tensor, "n *d"]:
        return torch.cat([a, b], 1)


@dataclass(frozen=True)
class Checkerboard(Halves):
    """The pixels whose row and column have an even sum, and the others, each packed into pictures of half the width.

    Source: Dinh et al. (2017), arXiv 1605.08803, section 3.4.
    """

    def apart(self, x: Float[Tensor, "n *d"]) -> tuple[Tensor, Tensor]:
        if x.shape[2] % 2 or x.shape[3] % 2:
            raise Refused(f"Checkerboard needs pictures of even height and width, got {x.shape[2]} × {x.shape[3]}.")
        even, odd = x[:, :, ::2], x[:, :, 1::2]
        return (
            torch.stack([even[..., ::2], odd[..., 1::2]], 3).flatten(2, 3),
            torch.stack([even[..., 1::2], odd[..., ::2]], 3).flatten(2, 3),
        )

    def together(self, a: Tensor, b: Tensor) -> Float[Tensor, "n *d"]:
        n, c, height, width = a.shape
        x = a.new_empty(n, c, height, 2 * width)
        a, b = a.unflatten(2, (height // 2, 2)), b.unflatten(2, (height // 2, 2))
        x[:, :, ::2, ::2], x[:, :, 1::2, 1::2] = a[:, :, :, 0], a[:, :, :, 1]
        x[:, :, ::2, 1::2], x[:, :, 1::2, ::2] = b[:, :, :, 0], b[:, :, :, 1]
        return x
