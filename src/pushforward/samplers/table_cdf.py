"""A triangular map for tables: one column after another by inverse CDFs on levels and on bins of ranks."""

from collections.abc import Iterator, Mapping, Sequence
from math import inf, log, log1p
from typing import NamedTuple

import torch
from jaxtyping import Bool, Float, Int64
from torch import Tensor, nn

from pushforward.networks import MaskedResidual
from pushforward.samplers.base import Sampler
from pushforward.samplers.digits import Codes, Digits, Kept, LevelDigits, RankDigits
from pushforward.samplers.noise import Noise, Uniform
from pushforward.samplers.row_columns import single_blocks
from pushforward.spaces import Batch, Block, OneOf

FEW = 20_000
"""Rows below which dropout is doubled, unless it is given: such tables overfit."""

DROPOUT = 0.1


class Asked(NamedTuple):
    """The cells of rows that are given, and those that must not be missing, by columns in the order of drawing.

    Args:
        known: (n, columns), whether a cell is given.
        barred: by the number of a column of levels, rows that may not have the last of them.
    """

    known: Bool[Tensor, "n c"]
    barred: Mapping[int, Bool[Tensor, " n"]]

    def to(self, device: torch.device) -> "Asked":
        """Return the same on a device."""
        return Asked(self.known.to(device), {i: rows.to(device) for i, rows in self.barred.items()})


class TableCDF(Sampler):
    """x_i = F⁻¹(u_i | columns before), u uniform: every column by a CDF on its levels, or on bins of its ranks.

    The digits of all columns are outputs of one masked network. Samples hold levels that the data hold, and numbers
    between the lowest and the highest of them: of values that many rows share those very values, of others a value
    uniform within a bin, in which a thousandth of the rows lie. What is missing is drawn before the number.

    The density is exact: of Lebesgue measure for numbers, a probability for levels. Numbers that are multiples of a
    step have their probability over it. A share ε of a fixed law (`floor`) makes no value impossible, and is left out
    of samples.

    Args:
        blocks: of a point's coordinates, in order.
        order: in which they are drawn.
        width: units of the network's hidden layers.
        depth: those after the first.
        octaves: of the sines and cosines of ranks that it sees.
        dropout: share of its hidden units, and twice that of its inputs; None for a tenth, a fifth below 20,000 rows.
        floor: ε in [0, 1).
        classes: number of labels that the network takes; 0 for none.
    Source: Knothe (1957) and Rosenblatt (1952) for the map; Germain et al. (2015), arXiv 1502.03509, for the network.
    """

    exact = True

    def __init__(
        self,
        blocks: Sequence[Block],
        order: Sequence[int],
        width: int = 512,
        depth: int = 2,
        octaves: int = 6,
        dropout: float | None = None,
        floor: float = 1e-3,
        classes: int = 0,
    ):
        super().__init__()
        self.classes, self.floor, self.dropout = classes, floor, dropout
        self.places, self.absence = _places(blocks, order)
        kinds = [block for i in order for block in single_blocks([blocks[i]])]
        self.columns = nn.ModuleList(
            LevelDigits(b.size) if isinstance(b, OneOf) else RankDigits(octaves) for b in kinds
        )
        inputs, outputs = ([k for c in self._columns for k in getattr(c, of)] for of in ("features", "sizes"))
        self.network = MaskedResidual(inputs, outputs, width, depth, classes)
        self.dim = sum(block.size for block in blocks)

    def draw_noise(self, n: int) -> Float[Tensor, "n k"]:
        return torch.rand(n, len(self.places), device=self.device, dtype=torch.float64)

    @property
    def noise_law(self) -> Noise:
        return Uniform(len(self.places), 0.0, 1.0)

    def push(self, z: Float[Tensor, "n k"], label: Tensor | None = None) -> Tensor:
        return self.weighted(z, {}, label)[0]

    def weighted(
        self, z: Float[Tensor, "n k"], kept: Mapping[int, Kept], label: Tensor | None = None
    ) -> tuple[Float[Tensor, "n d"], Float[Tensor, " n"]]:
        """Return points whose columns are in given parts, and the logarithms of the weights that make up for it.

        Each digit is drawn among those that can still end in the part, and the weight is the mass that these have: the
        mean of the weights is the probability of all parts, and weighted points have the law given these.

        Args:
            z: noise.
            kept: parts, by the number of the column in the order of drawing.
            label: the class of each.
        """
        walk, drawn = self.network.walk(len(z), label), list[Codes]()
        x, weight = torch.zeros(len(z), self.dim, device=z.device), torch.zeros(len(z), device=z.device)
        for i, column in enumerate(self._columns):
            u, codes, there = z[:, i], Codes(), self._there(i, drawn)
            for _ in column.sizes:
                p = walk.parameters().masked_fill(~column.possible(codes), -torch.inf)
                if i in kept:
                    left = p.masked_fill(column.left(kept[i].share, codes) <= 0, -torch.inf)
                    weight = weight + left.logsumexp(1) - p.logsumexp(1)
                    p = torch.where(left.isfinite().any(1, keepdim=True), left, p)
                code, u = quantile(p, u)
                codes.append(code)
                walk.take(column.seen(codes) * there)
            drawn.append(codes)
            if i in kept:
                weight = weight + kept[i].share[column.place(codes)].log().to(weight)
            x[:, self.places[i]] = (kept[i].column if i in kept else column).value(codes, u) * there
        return x, weight

    def completed(
        self, x: Float[Tensor, "n d"], z: Float[Tensor, "n k"], asked: Asked, label: Tensor | None = None
    ) -> tuple[Float[Tensor, "n d"], Float[Tensor, " n"]]:
        """Return points with the given cells and draws of the others, and the logarithms of their weights.

        Each cell is drawn given the columns before it; the weight is the likelihood of the given cells, so weighted
        points have the law given all of them.

        Args:
            x: points, read where a cell is given.
            z: noise.
            asked: which cells are.
            label: the class of each.
        """
        walk, drawn = self.network.walk(len(z), label), list[Codes]()
        y, weight = torch.zeros_like(x), torch.zeros(len(z), device=z.device)
        for i, column in enumerate(self._columns):
            u, codes, there, known = z[:, i], Codes(), self._there(i, drawn), asked.known[:, i]
            for target in column.codes(x[:, self.places[i]]):
                p = walk.parameters().masked_fill(~column.possible(codes), -torch.inf)
                if i in asked.barred:
                    last = torch.arange(p.shape[1], device=p.device) == p.shape[1] - 1
                    p = p.masked_fill(asked.barred[i][:, None] & last, -torch.inf)
                code, u = quantile(p, u)
                mass = p.log_softmax(1).gather(1, target[:, None])[:, 0]
                weight = weight + torch.where(known & (there[:, 0] > 0), mass, 0.0)
                codes.append(torch.where(known, target, code))
                walk.take(column.seen(codes) * there)
            drawn.append(codes)
            y[:, self.places[i]] = torch.where(known[:, None], x[:, self.places[i]], column.value(codes, u)) * there
        return y, weight

    def log_prob(self, x: Batch) -> Float[Tensor, " n"]:
        """Return Σ_i log p(x_i | columns before); in training without the floor, which would excuse rare values."""
        codes = self._codes(x.x)
        outputs = iter(self.network(self._seen(codes), x.label if self.classes else None))
        total = x.x.new_zeros(len(x.x))
        for i, column in enumerate(self._columns):
            known, fixed = column.log_density(x.x[:, self.places[i]])
            for k, code in enumerate(codes[i]):
                p = next(outputs).masked_fill(~column.possible(codes[i][:k]), -torch.inf)
                known = known + p.log_softmax(1).gather(1, code[:, None])[:, 0]
            mixed = known if self.training else torch.logaddexp(known + log1p(-self.floor), fixed + self._log_floor)
            total = total + torch.where(self._there(i, codes)[:, 0] > 0, mixed, 0.0)
        return total

    def prepare(self, x: Batch) -> None:
        """Take the bins of all columns, and the share of each digit, with which the network begins."""
        few = DROPOUT * 2 if len(x.x) < FEW else DROPOUT
        self.network.dropout = few if self.dropout is None else self.dropout
        levels = self._codes(x.x)  # of which alone depends what is missing
        for i, column in enumerate(self._columns):
            there = (self._there(i, levels)[:, 0] > 0).expand(len(x.x))
            column.fit(x.x[:, self.places[i]][there])
        digits = [code for codes in self._codes(x.x) for code in codes]
        counts = [torch.bincount(d, minlength=k) for d, k in zip(digits, self.network.sizes, strict=True)]
        shares = (torch.cat(counts) / len(x.x)).clamp(min=0.1 / len(x.x))
        with torch.no_grad():
            self.network.last.bias.copy_(shares.log())

    @property
    def _log_floor(self) -> float:
        return log(self.floor) if self.floor else -inf

    @property
    def _columns(self) -> Iterator[Digits]:
        return iter(self.columns)  # type: ignore[arg-type]  # a list of modules does not know of which

    def _codes(self, x: Float[Tensor, "n d"]) -> list[Codes]:
        return [column.codes(x[:, place]) for column, place in zip(self._columns, self.places, strict=True)]

    def _seen(self, codes: list[Codes]) -> Float[Tensor, "n k"]:
        """Return what the network sees of all digits."""
        return torch.cat(
            [
                column.seen(codes[i][: k + 1]) * self._there(i, codes)
                for i, column in enumerate(self._columns)
                for k in range(len(column.sizes))
            ],
            1,
        )

    def _there(self, i: int, codes: list[Codes]) -> Float[Tensor, "#n 1"]:
        """Return 0 where the number of a column is missing, as a column before says, else 1."""
        before = self.absence[i]
        if before is None:
            return torch.ones(1, 1, device=self.device)
        return 1 - codes[before][0][:, None].float()


def quantile(p: Float[Tensor, "n k"], u: Float[Tensor, " n"]) -> tuple[Int64[Tensor, " n"], Float[Tensor, " n"]]:
    """Return the k in whose interval of cumulated masses u lies, and where in it, in [0, 1).

    Args:
        p: logarithms of masses, up to a constant.
        u: in [0, 1).
    """
    masses = p.double().softmax(1)
    above = masses.cumsum(1)
    u = u * above[:, -1]
    k = (above <= u[:, None]).sum(1)
    last = p.shape[1] - 1 - p.isfinite().flip(1).int().argmax(1)
    k = torch.minimum(k, last)
    at = lambda t: t.gather(1, k[:, None])[:, 0]
    return k, (1 - (at(above) - u) / at(masses)).clamp(0.0, 1 - 1e-12)


def _places(blocks: Sequence[Block], order: Sequence[int]) -> tuple[list[slice], list[int | None]]:
    """Return where in a point each column stands, in the order of drawing, and which says that it is missing."""
    ends = torch.tensor([block.size for block in blocks]).cumsum(0).tolist()
    places, absence, at = list[slice](), list[int | None](), dict[int, int]()
    for i in order:
        start, block = ends[i] - blocks[i].size, blocks[i]
        at[i] = len(places)
        steps = [block.size] if isinstance(block, OneOf) else [1] * block.size
        for step in steps:
            places.append(slice(start, start + step))
            start += step
            absence.append(at[i - 1] if not isinstance(block, OneOf) and block.absent else None)
    return places, absence
