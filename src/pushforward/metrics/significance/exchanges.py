"""The three-sample statistic when rows are exchanged between the two models at random: its law for small samples."""

from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor

from pushforward.discrepancies.variance import centred_square, perm
from pushforward.kernels import Kernel
from pushforward.metrics.numerics.checked_arrays import generator, subset

SMALL = 100
"""Rows of the smallest sample from which on the t-law is right without relabellings."""

RELABELLINGS = 999

MOST, MULTIPLE = 300, 5
"""Rows of a model that are exchanged, at most, or times those of the smaller one: more hardly change an error."""


@dataclass(frozen=True, eq=False)
class PooledSums:
    """The kernel sums of the pooled rows of two models, from which the statistic follows for any labelling of them.

    Args:
        own: kernel values between pooled rows, without the diagonal.
        across: sums of kernel values over the reference, of each pooled row.
        shared: covariance between pooled rows of their kernel values with a reference row.
        n: rows of the reference.
    """

    own: Float[Tensor, "rows rows"]
    across: Float[Tensor, " rows"]
    shared: Float[Tensor, "rows rows"]
    n: int

    @classmethod
    def of(cls, k: Kernel, x: Float[Tensor, "n d"], pooled: Float[Tensor, "rows d"]) -> "PooledSums":
        """Compute the sums for a reference and the pooled rows of both models."""
        k, x, pooled = k.pulled(x, pooled)
        own, across = k(pooled, pooled), k(x, pooled)
        centred = across - across.mean(0)
        return cls(own - own.diagonal().diag(), across.sum(0), centred.T @ centred / (len(x) - 1), len(x))

    def difference(self, marks: Float[Tensor, "rows labellings"]) -> Float[Tensor, " labellings"]:
        """Return MMD² of the rows marked 1 to the reference minus that of the others, both unbiased.

        Args:
            marks: 1 or 0, a column for each labelling.
        """
        (of_a, l), (of_b, m) = self._sides(marks)
        within = (marks * of_a).sum(0) / perm(l, 2) - ((1 - marks) * of_b).sum(0) / perm(m, 2)
        return within - 2 / self.n * (self.across @ (marks / l - (1 - marks) / m))

    def jackknife(self, marks: Float[Tensor, "rows labellings"]) -> Float[Tensor, " labellings"]:
        """Return the variance of that difference by leaving out single rows of all three samples."""
        (of_a, l), (of_b, m) = self._sides(marks)
        weights = marks / l - (1 - marks) / m
        variance = 4 * (weights * (self.shared @ weights)).sum(0) / self.n
        for mine, sums, size in ((marks, of_a, l), (1 - marks, of_b, m)):
            values = mine * (2 * sums / (size - 2) - 2 * self.across[:, None] / self.n)
            spread = values.square().sum(0) - values.sum(0).square() / size
            variance = variance + spread / ((size - 1) * size)
        return variance

    def _sides(self, marks: Tensor) -> tuple[tuple[Tensor, int], tuple[Tensor, int]]:
        """Return sums of kernel values of every pooled row over the rows of either model, and how many those are."""
        of_a, l = self.own @ marks, int(marks[:, 0].sum())
        return (of_a, l), (self.own.sum(1)[:, None] - of_a, len(marks) - l)


def t_values(
    k: Kernel, x: Float[Tensor, "n d"], a: Float[Tensor, "l d"], b: Float[Tensor, "m d"], seed: int
) -> Float[Tensor, " labellings"]:
    """Return t of the three-sample test, first as it is, then after random exchanges of rows between a and b.

    Args:
        k: the kernel, its bandwidths known.
        x: reference.
        a: samples of one model.
        b: samples of the other.
        seed: of the exchanges, and of the rows that are taken of many.
    """
    draw, most = generator(seed), max(MOST, MULTIPLE * min(len(a), len(b)))
    most = min(most, MULTIPLE * SMALL)
    a, b = subset(a, most, draw), subset(b, most, draw)
    rows, l = len(a) + len(b), len(a)
    sums = PooledSums.of(k, x, torch.cat([a, b]))
    order = torch.rand(RELABELLINGS, rows, generator=draw).argsort(1)
    marks = (torch.cat([torch.arange(rows)[None], order]) < l).T.to(a.dtype)
    zeta = centred_square(sums.own.sum(1), sums.own.square().sum())
    null = 2 * zeta * null_factor(len(x), l, rows - l)
    variance = (sums.jackknife(marks) - null).clamp(min=null)
    difference = sums.difference(marks)
    return torch.where(variance > 0, difference / variance.where(variance > 0, 1.0).sqrt(), 0.0)


def null_factor(n: int, l: int, m: int) -> float:
    """Return 1/l(l−1) + 1/m(m−1) + 2/nl + 2/nm, by which 2ζ is multiplied if all three samples are of one law.

    Args:
        n: rows of the reference.
        l: rows of one model.
        m: rows of the other.
    """
    return sum(1 / perm(size, 2) + 2 / (n * size) for size in (l, m))
