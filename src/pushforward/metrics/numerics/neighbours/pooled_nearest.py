"""Which rows of two pooled sets each sample is nearest to, ties included, and how close it is."""

from dataclasses import dataclass

import torch
from jaxtyping import Float, Int
from torch import Tensor

from pushforward.metrics.numerics.neighbours.duplicates import Distinct
from pushforward.metrics.numerics.neighbours.nearest import memberships, nearest
from pushforward.metrics.numerics.neighbours.rounding import Points

NEIGHBOUR = 10
"""The neighbour whose distance says how sparse rows are where a sample lies."""


@dataclass(frozen=True, eq=False)
class NearestRows:
    """For each of m samples, the nearest of the pooled training and unseen rows; equal rows are one row with a count.

    Args:
        apart: squared distance to the nearest row.
        relative: that over the squared distance to the tenth nearest; 0 on a row.
        sample: of each pair of a sample and a row nearest to it, the sample.
        row: of each such pair, the row.
        count: how many of the pooled rows each row stands for.
        count_train: how many of those are training rows.
        training_row: of samples that are nearest to a training row, by number, the first such row.
    """

    apart: Float[Tensor, " m"]
    relative: Float[Tensor, " m"]
    sample: Int[Tensor, " pairs"]
    row: Int[Tensor, " pairs"]
    count: Int[Tensor, " rows"]
    count_train: Int[Tensor, " rows"]
    training_row: dict[int, int]

    @classmethod
    def of(cls, y: Float[Tensor, "m d"], train: Float[Tensor, "l d"], unseen: Float[Tensor, "n d"]) -> "NearestRows":
        """Those of y among train and unseen."""
        pooled = torch.cat([train, unseen])
        different = Distinct.of(pooled)
        apart, tenth = nearest(y, pooled, 1), nearest(y, pooled, min(NEIGHBOUR, len(pooled)))
        asking, among = Points(y, torch.arange(len(y))), Points(pooled, different.first)
        none = torch.full((len(among),), -torch.inf, dtype=torch.float64)
        found = [inside for inside, _ in memberships(asking, among, apart, none)]
        sample, row = (torch.cat([pair[side] for pair in found]) for side in (0, 1))
        of_train = torch.bincount(different.inverse[: len(train)], minlength=len(different.count))
        first = different.first[row]
        training = {int(i): int(j) for i, j in zip(sample.flip(0), first.flip(0), strict=True) if j < len(train)}
        relative = torch.where(apart > 0, apart / tenth, 0.0)
        return cls(apart, relative, sample, row, different.count, of_train, training)
