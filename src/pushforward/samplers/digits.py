"""The digits that a table's columns are drawn by: a level is one, a number two, those of its bin."""

from abc import ABC, abstractmethod
from copy import deepcopy
from math import log, pi
from typing import NamedTuple

import torch
from jaxtyping import Float, Int64
from torch import Tensor, nn
from torch.nn.functional import one_hot

from pushforward.samplers.rank_bins import BINS, CELLS, bins_of

BASE = 32
"""The base of the digits of a bin."""

Codes = list[Int64[Tensor, " n"]]


class Kept(NamedTuple):
    """A part of a column's values that draws are restricted to.

    Args:
        column: draws values of that part alone, given their digits.
        share: of the mass of each level, or of each bin, that lies in it.
    """

    column: "Digits"
    share: Tensor


class Digits(nn.Module, ABC):
    """The digits of one column: what networks see of each, which can follow, and the values that they stand for.

    Attributes:
        sizes: how many values each digit has.
        features: how many coordinates a network sees of each.
    """

    sizes: tuple[int, ...]
    features: tuple[int, ...]

    @abstractmethod
    def codes(self, x: Float[Tensor, "n s"]) -> Codes:
        """Return the digits of values."""

    @abstractmethod
    def seen(self, codes: Codes) -> Float[Tensor, "n k"]:
        """Return what a network sees of the last of the digits that are known."""

    @abstractmethod
    def possible(self, codes: Codes) -> Tensor:
        """Return which values the next digit may have, (k) or (n, k), after those that are known."""

    @abstractmethod
    def value(self, codes: Codes, u: Float[Tensor, " n"]) -> Float[Tensor, "n s"]:
        """Return the value at the share u of the mass of all digits."""

    @abstractmethod
    def log_density(self, x: Float[Tensor, "n s"]) -> tuple[Tensor, Tensor]:
        """Return the log-density given the digits, and that of a law without them, which no value is impossible by."""

    @abstractmethod
    def left(self, share: Tensor, codes: Codes) -> Tensor:
        """Return the largest share of a level or bin for each value of the next digit, (k) or (n, k).

        Args:
            share: of each level or bin.
            codes: digits that are known.
        """

    @abstractmethod
    def place(self, codes: Codes) -> Int64[Tensor, " n"]:
        """Return the number of the level or bin that all digits stand for."""

    @abstractmethod
    def digits(self, place: Int64[Tensor, " n"]) -> Codes:
        """Return all digits of the number of a level or bin."""

    def fit(self, x: Float[Tensor, "n s"]) -> None:  # noqa: B027
        """Take the bins of values; nothing, where digits are levels."""


class LevelDigits(Digits):
    """A column of K levels, whose one digit is the place of the largest coordinate.

    Args:
        size: K.
    """

    def __init__(self, size: int):
        super().__init__()
        self.sizes = self.features = (size,)

    def codes(self, x: Float[Tensor, "n s"]) -> Codes:
        return [x.argmax(1)]

    def seen(self, codes: Codes) -> Float[Tensor, "n k"]:
        return one_hot(codes[0], self.sizes[0]).float()

    def possible(self, codes: Codes) -> Tensor:
        return torch.ones(self.sizes[0], dtype=torch.bool)

    def value(self, codes: Codes, u: Float[Tensor, " n"]) -> Float[Tensor, "n s"]:
        return one_hot(codes[0], self.sizes[0]).float()

    def left(self, share: Tensor, codes: Codes) -> Tensor:
        return share

    def place(self, codes: Codes) -> Int64[Tensor, " n"]:
        return codes[0]

    def digits(self, place: Int64[Tensor, " n"]) -> Codes:
        return [place]

    def log_density(self, x: Float[Tensor, "n s"]) -> tuple[Tensor, Tensor]:
        known = x.new_zeros(len(x))
        return known, known - log(self.sizes[0])


class RankDigits(Digits):
    """A column of numbers, by two digits of the bin that a value's rank lies in; see `bins_of`.

    Networks see the first digit as indicators, and both as sines and cosines of the rank: near ranks look alike.

    Args:
        octaves: of those.
        most: bins, at most.
    """

    low: Tensor
    high: Tensor
    border: Tensor
    log_width: Tensor
    log_share: Tensor
    cumulated: Tensor
    bin: Tensor
    table: Tensor
    counts: Tensor

    def __init__(self, octaves: int, most: int = BINS):
        super().__init__()
        self.octaves, self.most, self.sizes, self.features = octaves, most, (BASE, BASE), (BASE, 1 + 2 * octaves)
        for name in ("low", "high", "border", "log_width", "log_share"):
            self.register_buffer(name, torch.zeros(CELLS))
        self.register_buffer("cumulated", torch.zeros(CELLS, dtype=torch.float64))
        self.register_buffer("bin", torch.zeros(CELLS, dtype=torch.int64))
        self.register_buffer("table", torch.zeros(BINS, 1 + 2 * octaves))
        self.register_buffer("counts", torch.ones(2, dtype=torch.int64))
        self.fit(torch.linspace(-3.0, 3.0, 2 * BINS)[:, None])

    def fit(self, x: Float[Tensor, "n s"]) -> None:
        found = bins_of(x[:, 0].cpu(), self.most)
        cells, bins = len(found.bin), len(found.rank)
        share = found.share.double()
        before = share.cumsum(0) - share
        first = torch.cat([torch.ones(1, dtype=torch.bool), found.bin.diff() > 0])
        within = (before - before[first][found.bin] + share).clamp(max=1.0)
        waves = pi * 2.0 ** torch.arange(self.octaves) * found.rank[:, None]
        self.border.fill_(torch.finfo(torch.float32).max)  # weights are finite
        self.border[: cells - 1] = found.border
        self.cumulated.fill_(BINS)
        self.cumulated[:cells] = found.bin + within  # a bin and a share of its mass, as one number
        self.low[:cells], self.high[:cells], self.log_width[:cells] = found.low, found.high, found.log_width
        self.log_share[:cells], self.bin[:cells] = share.log(), found.bin
        self.table[:bins] = torch.cat([2 * found.rank[:, None] - 1, waves.sin(), waves.cos()], 1).float()
        self.counts.copy_(torch.tensor([cells, bins]))

    def codes(self, x: Float[Tensor, "n s"]) -> Codes:
        return self.digits(self.bin[self._cell(x)])

    def digits(self, place: Int64[Tensor, " n"]) -> Codes:
        return [place // self._base, place % self._base]

    def seen(self, codes: Codes) -> Float[Tensor, "n k"]:
        return one_hot(codes[0], BASE).float() if len(codes) == 1 else self.table[self.place(codes)]

    def possible(self, codes: Codes) -> Tensor:
        digits = torch.arange(BASE, device=self.low.device)
        if not codes:
            return digits * self._base < self.counts[1]
        return (digits < self._base) & (codes[0][:, None] * self._base + digits < self.counts[1])

    def value(self, codes: Codes, u: Float[Tensor, " n"]) -> Float[Tensor, "n s"]:
        bin = self.place(codes)
        cell = torch.searchsorted(self.cumulated, (bin + u).contiguous(), right=True)
        cell = torch.minimum(cell, torch.searchsorted(self.bin[: self.counts[0]], bin, right=True) - 1)
        share = self.log_share[cell].double().exp()
        within = 1 - ((self.cumulated[cell] - bin - u) / share).clamp(0.0, 1.0)
        return (self.low[cell] + within * (self.high[cell] - self.low[cell])).float()[:, None]

    def log_density(self, x: Float[Tensor, "n s"]) -> tuple[Tensor, Tensor]:
        cell, outside = self._cell(x), (x[:, 0] < self.low[0]) | (x[:, 0] > self.high[self.counts[0] - 1])
        known, atoms = (
            self.log_share[cell] - self.log_width[cell],
            (self.high == self.low)[cell] & (self.log_width[cell] == 0),
        )
        fixed = torch.where(atoms & ~outside, -self.counts[0].log(), -log(pi) - (1 + x[:, 0] ** 2).log())
        return known if self.training else known.masked_fill(outside, -torch.inf), fixed

    def _cell(self, x: Float[Tensor, "n s"]) -> Int64[Tensor, " n"]:
        return torch.searchsorted(self.border, x[:, 0].contiguous()).clamp(max=self.counts[0] - 1)

    def place(self, codes: Codes) -> Int64[Tensor, " n"]:
        return (codes[0] * self._base + codes[1]).clamp(max=self.counts[1] - 1)

    def left(self, share: Tensor, codes: Codes) -> Tensor:
        digits = torch.arange(BASE, device=share.device)
        bins = (digits[:, None] * self._base + digits).clamp(max=len(share) - 1)
        table = torch.where(digits < self._base, share[bins], 0.0)
        return table.amax(1) if not codes else table[codes[0]]

    def ends(self) -> tuple[Float[Tensor, " c"], Float[Tensor, " c"]]:
        """Return the lowest and the highest value of each cell."""
        count = int(self.counts[0])
        return self.low[:count], self.high[:count]

    def kept(self, low: Float[Tensor, " c"], high: Float[Tensor, " c"]) -> Kept:
        """Return the part from `low` to `high` of each cell, in shares of its width; of an atom none from 1 to 0.

        Args:
            low: in [0, 1].
            high: in [0, 1], nothing of a cell where it is less than `low`.
        """
        part, (start, end), count = deepcopy(self), self.ends(), len(low)
        width = (high - low).clamp(min=0).double()
        mass = self.log_share[:count].double().exp() * torch.where(end > start, width, (high >= low).double())
        total = torch.zeros(BINS, dtype=torch.float64, device=mass.device).index_add(0, self.bin[:count], mass)
        share = mass / total[self.bin[:count]].clamp(min=1e-300)
        within = share.cumsum(0)
        before = torch.zeros_like(total).index_add(0, self.bin[:count], share).cumsum(0)
        before = torch.cat([before.new_zeros(1), before])[self.bin[:count]]
        within = within - before
        part.cumulated[:count] = self.bin[:count] + torch.where(within > 1 - 1e-9, 1.0, within.clamp(min=0.0))
        part.log_share[:count] = share.log().clamp(min=-80)
        part.low[:count], part.high[:count] = start + low * (end - start), start + high * (end - start)
        return Kept(part, total)

    @property
    def _base(self) -> Tensor:
        """The values that the second digit has: no more than the bins need."""
        return (self.counts[1] + BASE - 1) // BASE
