"""The plan of a hierarchy of codes: a vector, then pictures, each of which enters where all is as small."""

from dataclasses import dataclass
from math import prod
from typing import ClassVar

import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.nn.functional import elu

from pushforward.errors import Refused
from pushforward.networks.base import Head, Network
from pushforward.networks.concatenated import beside_labels
from pushforward.networks.dcgan import DCGAN, Sides, down, picture_and_sides, up
from pushforward.networks.opening import opening
from pushforward.spaces import Image, Space

STEEPEST = 3.0
"""The bound of the logarithm of a scale, to both sides."""


@dataclass(frozen=True)
class Ladder(Network):
    """h_0 = W ε_0; h_l = r(h_{l−1} + V z_l), z_l = m(h_{l−1}) + s(h_{l−1})⊙ε_l, on grids that double: a top-down path.

    A code is (ε_0, ε_1, …): a vector, then pictures of `channels` channels, ε_1 on the coarsest grid (4 to 7 cells of
    the shorter side), ε_2 on the next. All are N(0, 1), so that z_l given those above it is N(m, s²), which learns;
    r is a residual block, and grids between levels and the picture are doubled by transposed convolutions.
    The encoder reads a picture the other way, and says of ε_l what it has read where the picture is as small. With
    maps of a posterior that see one number of a code after another, ε_l depends on those above it; without, on the
    picture alone, though z_l does by m and s.

    With `growth` the coarsest level learns alone, then the next opens, and so on: V z_l and what the encoder says of
    ε_l are o_l times what they are when open, `Opening` says when. The law of a level that is shut is that of its
    noise, for the encoder too, so that it costs no divergence, and what is bounded is a density in every turn.

    Args:
        levels: of a code, at least 1: the vector and a picture for each other one.
        channels: of each picture of a code.
        width: channels of the networks beside the picture; each halving doubles them.
        depth: residual blocks on each grid.
        growth: turns in which a level opens, after as many for those above it; 0 for all from the first turn.

    Raises:
        Refused: for a number that is too small.
    Source: Sønderby et al. (2016), arXiv 1602.02282; Kingma et al. (2016), arXiv 1606.04934, section 4, for the paths;
        Lucas et al. (2019), arXiv 1901.01091, for growth in depth, of which no source at hand says more than its name.
    Differs: normal noise is scaled and shifted in place of a prior that is conditioned, so that all levels have one
        prior, N(0, I); the encoder does not see the top-down path.
    """

    takes_labels: ClassVar[bool] = True

    levels: int = 2
    channels: int = 2
    width: int = 16
    depth: int = 1
    growth: int = 0

    def __post_init__(self) -> None:
        if min(self.levels, self.channels, self.width) < 1 or min(self.depth, self.growth) < 0:
            given = f"{self.levels}, {self.channels}, {self.width}, {self.depth} and {self.growth}"
            raise Refused("levels, channels and width of Ladder must be at least 1, and depth and growth at least 0, "
                          f"got {given}.")  # fmt: skip

    def sizes(self, space: Space, latent_dim: int) -> tuple[int, ...]:
        return latent_dim, *(self.channels * prod(side) for side in self._grids(space))

    def generator(self, latent_dim: int, space: Space) -> nn.Module:
        _, sides = picture_and_sides(space, owner="Ladder")
        return beside_labels(TopDown(self, space, sides, self._split(space, latent_dim)), len(space.classes))

    def critic(self, space: Space, outputs: int) -> nn.Module:
        return DCGAN(self.width, critic_batch_norm=False).critic(space, outputs)

    def encoder(self, space: Space, latent_dim: int) -> nn.Module:
        return self.reader(space, latent_dim, latent_dim)

    def reader(self, space: Space, size: int, latent_dim: int) -> nn.Module:
        _, sides = picture_and_sides(space, owner="Ladder")
        classes = len(space.classes)
        return beside_labels(BottomUp(self, space, sides, self._split(space, latent_dim), size), classes)

    def widths(self, halvings: int) -> list[int]:
        """Return the channels of every grid, from the one beside the picture to the coarsest."""
        return [self.width * 2**i for i in range(halvings)]

    def _grids(self, space: Space) -> list[Sides]:
        """Return the sides of the pictures of a code, the coarsest first."""
        _, sides = picture_and_sides(space, owner="Ladder")
        if self.levels > len(sides):
            height, width = sides[0]
            raise Refused(f"Ladder has at most {len(sides)} levels for pictures of {height}×{width}, got "
                          f"{self.levels}; say --network.levels {len(sides)}.")  # fmt: skip
        return sides[::-1][: self.levels - 1]

    def _split(self, space: Space, numbers: int) -> tuple[int, ...]:
        """Return the sizes of the levels of a code of so many numbers."""
        pictures = sum(self.sizes(space, 0))
        if numbers <= pictures:
            raise Refused(f"Ladder of {self.levels} levels makes pictures of {pictures} numbers of a code besides its "
                          f"vector, got {numbers} for all; give {pictures + 1} or more, or "
                          "--network.levels 1.")  # fmt: skip
        return self.sizes(space, numbers - pictures)


class Residual(nn.Module):
    """h ↦ h + W a(V a(h)), 3×3 convolutions and a the exponential linear unit.

    Args:
        width: channels.
    """

    def __init__(self, width: int):
        super().__init__()
        self.first, self.second = nn.Conv2d(width, width, 3, padding=1), nn.Conv2d(width, width, 3, padding=1)

    def forward(self, h: Tensor) -> Tensor:
        return h + self.second(elu(self.first(elu(h))))


class Entry(nn.Module):
    """(h, ε) ↦ h + o·V(m(h) + s(h)⊙ε), log s within ±3.

    Args:
        width: channels of h.
        channels: of ε.
    """

    def __init__(self, width: int, channels: int):
        super().__init__()
        self.law = nn.Conv2d(width, 2 * channels, 3, padding=1)
        self.into = nn.Conv2d(channels, width, 3, padding=1)

    def forward(self, h: Tensor, noise: Tensor, opened: Tensor | float) -> Tensor:
        mean, scale = self.law(elu(h)).chunk(2, 1)
        return h + opened * self.into(mean + (STEEPEST * (scale / STEEPEST).tanh()).exp() * noise)


class TopDown(nn.Module):
    """The generator of `Ladder`: a code, with a label's unit vector behind it where there are classes, to pictures.

    Args:
        plan: with the numbers of channels.
        space: of the pictures.
        sides: of the picture and of every grid.
        sizes: of the levels of a code.
    """

    def __init__(self, plan: Ladder, space: Space, sides: list[Sides], sizes: tuple[int, ...]):
        super().__init__()
        assert isinstance(space, Image)  # it has sides
        halvings, classes = len(sides) - 1, len(space.classes)
        widths = plan.widths(halvings)
        self.sizes = [*sizes, classes]
        self.first = nn.Linear(sizes[0] + classes, widths[-1] * prod(sides[-1]))
        self.coarsest = widths[-1], *sides[-1]
        self.grids = [(plan.channels, *side) for side in sides[:0:-1]][: len(sizes) - 1]
        self.entries = nn.ModuleList(Entry(w, plan.channels) for w in widths[::-1][: len(sizes) - 1])
        self.blocks = nn.ModuleList(nn.Sequential(*(Residual(w) for _ in range(plan.depth))) for w in widths[::-1])
        outputs = [*widths[-2::-1], space.channels]
        self.ups = nn.ModuleList(
            up(n, m, 4, sides[i], sides[i - 1])
            for n, m, i in zip(widths[::-1], outputs, range(halvings, 0, -1), strict=True)
        )
        self.opening = opening(sizes, plan.growth)
        self.head = Head(space)

    def forward(self, z: Tensor) -> Tensor:
        first, *pictures, label = z.split(self.sizes, 1)
        opened = [1.0] * len(self.sizes) if self.opening is None else self.opening()
        h = self.first(torch.cat([first, label], 1)).view(-1, *self.coarsest)
        for i, (block, doubled) in enumerate(zip(self.blocks, self.ups, strict=True)):
            if i < len(pictures):
                h = self.entries[i](h, pictures[i].view(-1, *self.grids[i]), opened[i + 1])
            h = doubled(elu(block(h)))
        return self.head(h)


def levels_of(encoder: nn.Module, latent_dim: int) -> tuple[int, ...]:
    """Return the sizes of the levels of a code, the coarsest first: of one alone unless the encoder knows of more.

    Args:
        encoder: of any plan.
        latent_dim: numbers of a code in all.
    """
    return next((m.sizes for m in encoder.modules() if isinstance(m, BottomUp)), (latent_dim,))


class BottomUp(nn.Module):
    """The encoder of `Ladder`: of every number of a code as many words as go into all, then words on the whole.

    Words are in the order of a code, first one for each of its numbers, then another, and so on, as posteriors read
    their means and scales.

    Args:
        plan: with the numbers of channels.
        space: of the pictures.
        sides: of the picture and of every grid.
        sizes: of the levels of a code.
        words: in all.
    """

    def __init__(self, plan: Ladder, space: Space, sides: list[Sides], sizes: tuple[int, ...], words: int):
        super().__init__()
        assert isinstance(space, Image)  # it has sides
        classes, widths = len(space.classes), plan.widths(len(sides) - 1)
        self.each, self.rest = divmod(words, sum(sizes))
        self.shape, self.classes, self.sizes = space.shape, classes, sizes
        channels = [space.channels + classes, *widths]
        self.downs = nn.ModuleList(down(n, m, 4) for n, m in zip(channels, widths, strict=False))
        self.blocks = nn.ModuleList(nn.Sequential(*(Residual(w) for _ in range(plan.depth))) for w in widths)
        self.whole = nn.Linear(widths[-1] * prod(sides[-1]), self.each * sizes[0] + self.rest)
        self.of_grids = nn.ModuleList(
            nn.Conv2d(w, self.each * plan.channels, 3, padding=1) for w in widths[::-1][: len(sizes) - 1]
        )
        self.opening = opening(sizes, plan.growth)

    def forward(self, x: Tensor) -> Float[Tensor, "n s"]:
        h, label = x.flatten(1).split([prod(self.shape), self.classes], 1)
        planes = label[:, :, None, None].expand(-1, -1, *self.shape[1:])
        h = torch.cat([h.view(-1, *self.shape), planes], 1)
        seen: list[Tensor] = []
        for halved, block in zip(self.downs, self.blocks, strict=True):
            seen.insert(0, h := elu(block(halved(h))))
        whole, rest = self.whole(h.flatten(1)).split([self.each * self.sizes[0], self.rest], 1)
        said = [whole, *(of(h).flatten(1) for of, h in zip(self.of_grids, seen, strict=False))]
        words = torch.cat([level.unflatten(1, (self.each, -1)) for level in said], 2)
        words = words if self.opening is None else words * self.opening.of_numbers()
        return torch.cat([words.flatten(1), rest], 1)
