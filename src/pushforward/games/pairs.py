"""The pairs of noise and what a map makes of it: a stock that grows turn by turn, the same after a resume."""

from typing import NamedTuple

import torch
from torch import Generator, Tensor

from pushforward import ranks
from pushforward.samplers import Noise, Sampler, Uniform


class Pair(NamedTuple):
    """A batch of noise, and of the points that a map makes of it.

    Args:
        z: normal noise.
        x: its image.
        label: the class of each, None for a map without.
    """

    z: Tensor
    x: Tensor
    label: Tensor | None


class Pairs:
    """A stock of pairs (z, T(z)), z ~ N(0, I), the newest `most`: `fresh` more a turn, in blocks of `block`.

    A block's noise depends on its number and a seed alone, so that a run that is resumed makes the same stock again,
    and so do several processes, each of which maps its own share.

    Args:
        teacher: T of noise of its own law, to which normal numbers are carried coordinate by coordinate.
        seed: of the noise.
        most: pairs that are kept.
        fresh: new pairs a turn, at least 1.
        block: pairs that are made at a time, a multiple of the number of processes.
    """

    def __init__(self, teacher: Sampler, seed: int, most: int, fresh: int, block: int):
        self.teacher, self.seed, self.fresh, self.block = teacher, seed, fresh, block
        self.blocks = max(1, most // block)
        self._made: set[int] = set()
        self._rows: Pair | None = None

    def __deepcopy__(self, memo: dict[int, object]) -> "Pairs":
        return self  # whoever copies a game to look at it needs no second stock

    def draw(self, turn: int, n: int) -> Pair:
        """Return this process's share of n pairs of the stock, with replacement, from torch's own generator.

        Args:
            turn: number of the turn, by which the stock has grown.
            n: pairs of all processes together.
        """
        newest = turn * self.fresh // self.block
        wanted = set(range(max(0, newest + 1 - self.blocks), newest + 1))
        for number in sorted(wanted - self._made):
            self._put(number, self._block(number))
        self._made = wanted
        assert self._rows is not None  # a block at least
        z, x, label = self._rows
        rows = ranks.share(torch.randint(len(wanted) * self.block, (n,))).to(z.device)
        return Pair(z[rows], x[rows], None if label is None else label[rows])

    def _put(self, number: int, made: Pair) -> None:
        """Write a block in the place of the oldest one."""
        if self._rows is None:
            room = [None if t is None else t.new_empty(self.blocks * self.block, *t.shape[1:]) for t in made]
            self._rows = Pair(*room)  # type: ignore[arg-type]  # z and x are there
        start = number % self.blocks * self.block
        for held, new in zip(self._rows, made, strict=True):
            if held is not None and new is not None:
                held[start : start + self.block] = new

    @torch.no_grad()
    def _block(self, number: int) -> Pair:
        """Return the block of a number, its share of this process made here and gathered."""
        law, generator = self.teacher.noise_law, Generator().manual_seed(self.seed + number)
        assert law is not None  # refused otherwise
        z = torch.randn(self.block, law.dim, generator=generator)
        of_class = torch.randint(max(self.teacher.classes, 1), (self.block,), generator=generator)
        z, label = z.to(self.teacher.device), of_class.to(self.teacher.device) if self.teacher.classes else None
        own = None if label is None else ranks.share(label)
        return Pair(z, ranks.gather(self.teacher.push(carried(ranks.share(z), law), own)), label)


def carried(z: Tensor, law: Noise) -> Tensor:
    """Return normal noise as noise of another law: Φ of each coordinate, stretched, where that is uniform.

    Args:
        z: normal numbers.
        law: normal or uniform.
    """
    if not isinstance(law, Uniform):
        return z
    u = torch.special.ndtr(z.double()).to(z.dtype).clamp(max=1 - torch.finfo(z.dtype).eps / 2)
    return law.low + (law.high - law.low) * u
