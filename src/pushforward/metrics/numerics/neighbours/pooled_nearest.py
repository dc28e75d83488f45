"""The rows of two pooled sets that each sample is nearest to, ties included, and how close it is."""

from dataclasses import dataclass

import torch
from jaxtyping import Float, Int
from torch import Tensor

from pushforward.metrics.numerics.neighbours.duplicates import Distinct
from pushforward.metrics.numerics.neighbours.nearest import memberships, nearest
from pushforward.metrics.numerics.neighbours.rounding import ListedRows

NEIGHBOUR = 10
"""The neighbour whose distance says how sparse rows are where a sample lies."""


@dataclass(frozen=True, eq=False)
class NearestRows:
    """The nearest pooled training and unseen rows of each of m samples; equal rows are one row with a count.

    Args:
        square: squared distance to the nearest row.
        relative: that over the squared distance to the tenth nearest; 0 on a row.
        sample: of each pair of a sample and a row nearest to it, the sample.
        row: of each such pair, the row.
        count: how many of the pooled rows each row stands for.
        count_train: how many of those are training rows.
        training_row: of samples that are nearest to a training row, by number, the first such row.
    """

    square: Float[Tensor, " m"]
    relative: Float[Tensor, " m"]
    sample: Int[Tensor, " pairs"]
    row: Int[Tensor, " pairs"]
    count: Int[Tensor, " rows"]
    count_train: Int[Tensor, " rows"]
    training_row: dict[int, int]

    @classmethod
    def of(cls, y: Float[Tensor, "m d"], train: Float[Tensor, "l d"], unseen: Float[Tensor, "n d"]) -> "NearestRows":
        """Find the rows of train and unseen that each row of y is nearest to."""
        pooled = torch.cat([train, unseen])
        distinct = Distinct.of(pooled)
        ranks = 1, min(NEIGHBOUR, len(pooled))
        square, tenth = (nearest(y, pooled, k, distinct=distinct) for k in ranks)
        queries, references = ListedRows(y, torch.arange(len(y))), ListedRows(pooled, distinct.first)
        none = torch.full((len(references),), -torch.inf, dtype=torch.float64)
        members = [inside for inside, _ in memberships(queries, references, square, none)]
        sample, row = (torch.cat([pair[side] for pair in members]) for side in (0, 1))
        of_train = torch.bincount(distinct.inverse[: len(train)], minlength=len(distinct.count))
        first = distinct.first[row]
        training = {int(i): int(j) for i, j in zip(sample.flip(0), first.flip(0), strict=True) if j < len(train)}
        relative = torch.where(square > 0, square / tenth, 0.0)
        return cls(square, relative, sample, row, distinct.count, of_train, training)
