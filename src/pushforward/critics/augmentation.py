"""The random changes of the pictures that a critic sees, of data and samples alike, which gradients pass through."""

from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor

from pushforward import ranks
from pushforward.errors import Refused

DRAWS = 7
"""Uniform numbers that one picture takes: three of colour, two of the shift, two of the window that is cut out."""


@dataclass(frozen=True)
class DiffAugment:
    """T(x) for pictures x, drawn anew for each: colours, then a shift, then a window that becomes mid-grey.

    In units where black is −1 and white 1, with channels c and u, v, w ~ U[0, 1):

        brightness  x ← x + u − 1/2
        saturation  x ← m + 2v·(x − m),      m the mean over channels, pixel by pixel
        contrast    x ← m + (w + 1/2)(x − m), m the mean of the picture
        shift       by whole pixels, uniform up to `shift` of the side; mid-grey comes in
        cutout      a window of `cutout` of each side about a uniform pixel is mid-grey

    A critic that sees T(x) and T(g(z)) alone cannot learn few pictures by heart so soon, and equal laws of T(x) and
    T(g(z)) still mean equal laws of x and g(z). It also learns more slowly: in runs of a minute or two, it costs more
    than it brings (docs/measured.md).

    Args:
        colour: whether brightness, saturation and contrast vary.
        shift: largest shift, as a share of the side, in [0, 1/2].
        cutout: side of the window, as a share of the picture's, in [0, 1].

    Source: Zhao et al. (2020), arXiv:2006.10738, and released code (color,translation,cutout).
    """

    colour: bool = True
    shift: float = 0.125
    cutout: float = 0.5

    def __post_init__(self) -> None:
        for name, most in (("shift", 0.5), ("cutout", 1.0)):
            if not 0 <= (share := getattr(self, name)) <= most:
                raise Refused(f"{name} of DiffAugment must lie in [0, {most:g}], a share of the side; got {share}.")

    def __call__(self, x: Float[Tensor, "n c h w"], low: float = -1.0, high: float = 1.0) -> Float[Tensor, "n c h w"]:
        """Return T(x), from torch's own generator.

        Args:
            x: pictures.
            low: value of black.
            high: value of white.
        """
        middle, half = (low + high) / 2, (high - low) / 2
        u = ranks.share(torch.rand(len(x) * ranks.size(), DRAWS, device=x.device)).to(x.dtype)
        v = (x - middle) / half
        v = coloured(v, u[:, :3]) if self.colour else v
        v = shifted(v, self.shift, u[:, 3:5]) if self.shift else v
        v = v * ~window(v, self.cutout, u[:, 5:]) if self.cutout else v
        return middle + half * v


def coloured(x: Float[Tensor, "n c h w"], u: Float[Tensor, "n 3"]) -> Float[Tensor, "n c h w"]:
    """Return the pictures in other brightness, saturation and contrast, by three uniform numbers each."""
    brightness, saturation, contrast = u[:, :, None, None, None].unbind(1)
    x = x + brightness - 0.5
    if x.shape[1] > 1:  # one channel is its own mean
        x = torch.lerp(x.mean(1, keepdim=True), x, 2 * saturation)
    return torch.lerp(x.mean((1, 2, 3), keepdim=True), x, contrast + 0.5)


def shifted(x: Float[Tensor, "n c h w"], share: float, u: Float[Tensor, "n 2"]) -> Float[Tensor, "n c h w"]:
    """Return the pictures moved down and right by whole pixels, at most that share of the side, 0 where they end."""
    for axis in (2, 3):
        side = x.shape[axis]
        most = int(side * share + 0.5)
        by = below(u[:, axis - 2], 2 * most + 1) - most
        source = torch.arange(side, device=x.device) - by[:, None]
        shape = [len(x), 1, 1, 1]
        shape[axis] = side
        taken = x.gather(axis, source.clamp(0, side - 1).view(shape).expand_as(x))
        x = taken * ((source >= 0) & (source < side)).view(shape)
    return x


def window(x: Float[Tensor, "n c h w"], share: float, u: Float[Tensor, "n 2"]) -> Tensor:
    """Return where a window of that share of both sides lies, (n, 1, h, w), at any place that meets the picture."""
    inside = []
    for axis in (2, 3):
        side = x.shape[axis]
        size = int(side * share + 0.5)
        first = below(u[:, axis - 2], side + 1 - size % 2) - size // 2
        at = torch.arange(side, device=x.device) - first[:, None]
        inside.append((at >= 0) & (at < size))
    return (inside[0][:, :, None] & inside[1][:, None, :])[:, None]


def below(u: Float[Tensor, " n"], most: int) -> Tensor:
    """Return ⌊u·most⌋, a uniform whole number below `most` for a uniform u in [0, 1)."""
    return (u * most).long().clamp_max(most - 1)  # u·most may round up to most
