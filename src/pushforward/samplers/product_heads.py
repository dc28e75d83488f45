"""A sampler of tables in one step: a law of codes for each column, all independent given the noise."""

from collections.abc import Iterator, Sequence

import torch
from jaxtyping import Float, Int64
from torch import Tensor, nn

from pushforward.networks import Network
from pushforward.samplers.base import Sampler
from pushforward.samplers.column_codes import ColumnCodes
from pushforward.samplers.noise import Noise
from pushforward.samplers.row_columns import columns_of
from pushforward.samplers.table_cdf import quantile
from pushforward.spaces import Batch, Block, Vector

BINS = 128
"""Bins of a column of numbers, at most; as many different values are atoms."""


class ProductHeads(Sampler):
    """y_i ~ p_i(·|z), independent given z ~ µ, p_i the i-th head of a network: the probabilities of a column's codes.

    The noise is z and, for each column, a uniform number that chooses the code and the value in its bin. So the mass of
    a product A of sets of codes is E_z Π_i Σ_{a∈A_i} p_i(a|z), and has a gradient. Samples hold levels that the data
    hold and numbers between the lowest and the highest of them; values that many rows share as they are.

    Args:
        blocks: of a point's coordinates, in order, one for each real coordinate.
        plan: of the network, from z to logits; the logarithms of the shares of codes in the data are added to these.
        noise: µ.
        bins: of a column of numbers, at most.
        classes: names of labels that the network takes.
    """

    def __init__(
        self, blocks: Sequence[Block], plan: Network, noise: Noise, bins: int = BINS, classes: Sequence[str] = ()
    ):
        super().__init__()
        self.noise, self.classes = noise, len(classes)
        self.columns = nn.ModuleList(ColumnCodes([blocks[i] for i in column], bins) for column in columns_of(blocks))
        self.sizes = [column.size for column in self.column_codes]
        self.network = plan.generator(noise.dim, Vector(sum(self.sizes), tuple(classes)))
        self.shares = nn.Buffer(torch.cat([torch.full((size,), 1.0 / size) for size in self.sizes]))

    def prepare(self, x: Batch) -> None:
        """Take the bins of all columns, and the shares of codes."""
        for column, cells in zip(self.column_codes, self._cells(x.x), strict=True):
            column.fit(cells)
        counts = [torch.bincount(c, minlength=k) for c, k in zip(self.codes(x.x).T, self.sizes, strict=True)]
        self.shares.copy_(torch.cat(counts) / len(x.x))

    def draw_noise(self, n: int) -> Float[Tensor, "n k"]:
        z = self.noise.draw(n, device=self.device)
        return torch.cat([z, torch.rand(n, len(self.sizes), device=self.device)], 1)

    def push(self, z: Float[Tensor, "n k"], label: Tensor | None = None) -> Tensor:
        pairs = zip(self.column_codes, self.chosen(z, label), strict=True)
        return torch.cat([column.values(code, u) for column, (code, u) in pairs], 1)

    def laws(self, z: Float[Tensor, "n k"], label: Tensor | None = None) -> Float[Tensor, "n c"]:
        """Return p_i(·|z) of all columns, beside one another.

        Args:
            z: noise, of which the uniform numbers are not read.
            label: the class of each.
        """
        z = z[:, : self.noise.dim]
        logits = (self.network(z, label) if self.classes else self.network(z)) + self.shares.log()
        return torch.cat([part.softmax(1) for part in logits.split(self.sizes, 1)], 1)

    def chosen(self, z: Float[Tensor, "n k"], label: Tensor | None = None) -> list[tuple[Tensor, Tensor]]:
        """Return of each column the code that the noise chooses, and the share of its mass at which the noise is."""
        laws = self.laws(z, label).log().split(self.sizes, 1)
        return [quantile(p, u) for p, u in zip(laws, z[:, self.noise.dim :].T, strict=True)]

    def codes(self, x: Float[Tensor, "n d"]) -> Int64[Tensor, "n c"]:
        """Return the code of every column of points."""
        return torch.stack([c.codes(cells) for c, cells in zip(self.column_codes, self._cells(x), strict=True)], 1)

    def _cells(self, x: Float[Tensor, "n d"]) -> tuple[Tensor, ...]:
        return x.split([column.width for column in self.column_codes], 1)

    @property
    def column_codes(self) -> Iterator[ColumnCodes]:
        """The codes of each column."""
        return iter(self.columns)  # type: ignore[arg-type]  # a list of modules does not know of which
