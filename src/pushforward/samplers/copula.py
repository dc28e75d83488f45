"""The Gaussian copula: columns by their own quantiles, tied together by the correlations of normal scores."""

from collections.abc import Sequence

import torch
from jaxtyping import Float, Int64
from torch import Tensor, nn

from pushforward.samplers.latent_scores import correlations_behind, levels_in_order, ndtri
from pushforward.samplers.row_columns import SeenCells
from pushforward.spaces import Batch, Block, OneOf


class GaussianCopula(SeenCells):
    """y_j = F_j⁻¹(Φ(s_j)), s ~ N(0, C): F_j the law of the j-th cells that were seen, C the correlations of scores.

    A cell says the interval that the score behind it lies in: a point but for ties, whose scores are drawn given those
    of other columns. More than two levels get the order in which other columns change most.

    Args:
        blocks: of a point's coordinates, in order.
        order: the columns, by the numbers of their blocks.
        classes: number of labels, whose scores are drawn within the interval of the label.
        ridge: added to the diagonal of C, which is scaled back.
    Source: Nelsen (2006), An Introduction to Copulas; Patki, Wedge, Veeramachaneni (2016), the Synthetic Data Vault.
    """

    def __init__(self, blocks: Sequence[Block], order: Sequence[Sequence[int]], classes: int = 0, ridge: float = 1e-4):
        super().__init__(blocks, order, classes)
        self.ridge = ridge
        self.root = nn.Buffer(torch.eye(self.features, dtype=torch.float64))
        self.sorted = nn.Buffer(torch.zeros(len(order), 1, dtype=torch.int64))
        self.shares = nn.Buffer(torch.full((max(classes, 1),), 1.0 / max(classes, 1), dtype=torch.float64))

    def fit(self, x: Batch) -> None:
        device, rows = self.rows.device, x.x.detach().cpu().float()
        draw, first = torch.Generator().manual_seed(0), self.features - len(self.order)
        numbers = self.numbers(rows, None if x.label is None else x.label.cpu())
        of_levels = [i + first for i, (j, *others) in enumerate(self.order) if not others and self._many(j)]
        numbers = levels_in_order(numbers, of_levels)
        order = torch.stack([_sorted(column, draw) for column in numbers.T])
        c = correlations_behind(numbers, self.ridge, draw)
        self.rows, self.sorted = nn.Buffer(rows.to(device)), nn.Buffer(order[-len(self.order) :].to(device))
        self.root.copy_(torch.linalg.cholesky(c))
        if self.classes and x.label is not None:
            counts = torch.bincount(x.label.cpu(), minlength=self.classes)
            self.shares.copy_(counts / counts.sum())

    def _many(self, j: int) -> bool:
        """Tell whether a block holds more than two levels."""
        block = self.blocks[j]
        return isinstance(block, OneOf) and len(block.levels) > 2

    def push(self, z: Float[Tensor, "n k"], label: Tensor | None = None) -> Tensor:
        z = z.double().clone()
        if self.classes and label is not None:
            below = self.shares.cumsum(0) - self.shares
            z[:, 0] = below[label] + z[:, 0] * self.shares[label]
        u = torch.special.ndtr(ndtri(z) @ self.root.T) * self.sorted.shape[1]
        place = u.long().clamp(0, self.sorted.shape[1] - 1)[:, -len(self.order) :]
        y = self.rows.new_zeros(len(z), self.rows.shape[1])
        for j in range(len(self.order)):
            y[:, self.places[j]] = self.cells(j, self.sorted[j][place[:, j]])
        return y


def _sorted(column: Float[Tensor, " n"], draw: torch.Generator) -> Int64[Tensor, " n"]:
    """Return the rows in the order of a column, those that are equal at random."""
    mixed = torch.randperm(len(column), generator=draw)
    return mixed[column[mixed].argsort(stable=True)]
