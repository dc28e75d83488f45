"""The factor between the errors of neighbour scores over fresh draws and those with balls held fixed."""

from collections.abc import Iterator
from dataclasses import dataclass

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

from pushforward.kernels.pairwise import squared_distance
from pushforward.metrics.numerics.checked_arrays import generator

HALVINGS = 60
"""Random halvings in all; a factor from so many has a relative error of a tenth."""

ROWS = 1000
"""Rows a side that are halved at once: more are cut into disjoint blocks, since the factor hardly depends on them."""

BLOCKS = 4
"""Blocks that are halved, at most."""

FEWEST = 100
"""Rows of the smaller side of a block, where there are so many; beyond that its sides are in proportion."""


@dataclass(frozen=True, eq=False)
class Neighbours:
    """The rows of one side with the rows next to each, nearest first.

    Args:
        square: squared distances to them.
        row: which they are.
        k: the neighbour that sets the radius.
    """

    square: Float[Tensor, "n K"]
    row: Int[Tensor, "n K"]
    k: int

    @classmethod
    def of(cls, x: Float[Tensor, "n d"], k: int) -> "Neighbours":
        """Find so many neighbours of the rows of x that a random half of them nearly always holds k."""
        squares = squared_distance(x, x).fill_diagonal_(torch.inf)
        nearest = squares.topk(min(4 * k + 20, len(x) - 1), largest=False)
        return cls(nearest.values, nearest.indices, k)

    @property
    def widest(self) -> Float[Tensor, " n"]:
        """The squared radii that those of no half exceed."""
        return self.square[:, -1]

    def radii(self, half: Bool[Tensor, " n"]) -> Float[Tensor, " n"]:
        """Return the squared radius of the ball around each row when only the rows of its own half are there."""
        same = half[self.row] == half[:, None]
        place = (same.cumsum(1) < self.k).sum(1).clamp_max(self.row.shape[1] - 1)
        return self.square.gather(1, place[:, None])[:, 0]


def inflation(
    x: Float[Tensor, "n d"], y: Float[Tensor, "m d"], k: int, *, strict: bool = False, seed: int = 0
) -> Float[Tensor, " 4"] | None:
    """√(E(t₁ − t₂)²/E(v₁ + v₂)), at least 1: t a score of one half of both sides, v its variance with balls held fixed.

    Disjoint halves are independent, so (t₁ − t₂)²/2 is, without bias, the variance at half the size, radii and all. Its
    ratio to the variance with fixed balls changes little with the size, so that the variance with fixed balls at full
    size is multiplied by it.

    Args:
        x: data.
        y: samples.
        k: the neighbour whose distance is a ball's radius.
        strict: a point on the radius is outside.
        seed: of the halves.

    Returns:
        Those of precision, recall, density and coverage; None where a half of either side has not more than k rows.
    """
    if min(len(x), len(y)) < 2 * (k + 1):
        return None
    draw, sizes = generator(seed), _block(len(x), len(y), k)
    count = min(BLOCKS, len(x) // sizes[0], len(y) // sizes[1])
    orders = [torch.randperm(len(z), generator=draw) for z in (x, y)]
    squares, variances = torch.zeros(2, 4, dtype=torch.float64)
    for block in range(count):
        of_x, of_y = (
            z[order[block * size : (block + 1) * size]].double()
            for z, order, size in zip((x, y), orders, sizes, strict=True)
        )
        for square, variance in _halved(of_x, of_y, k, strict, HALVINGS // count, draw):
            squares, variances = squares + square, variances + variance
    return torch.where(variances > 0, squares / variances, 1.0).clamp_min(1.0).sqrt()


def _block(n: int, m: int, k: int) -> tuple[int, int]:
    """Return the rows of data and samples in a block: in proportion, unless that leaves few of the smaller side."""
    least = 4 * (k + 1)
    share = min(1.0, max(ROWS, least) / max(n, m))
    a, b = (max(round(share * size), min(size, max(FEWEST, least))) for size in (n, m))
    return a, b


def _halved(
    x: Tensor, y: Tensor, k: int, strict: bool, times: int, draw: torch.Generator
) -> Iterator[tuple[Float[Tensor, " 4"], Float[Tensor, " 4"]]]:
    """Yield, for random halves of both sides, squared differences of their scores and sums of their variances."""
    of_x, of_y, between = Neighbours.of(x, k), Neighbours.of(y, k), squared_distance(x, y)
    i, j = (between <= torch.maximum(of_x.widest[:, None], of_y.widest)).nonzero(as_tuple=True)
    square, inside = between[i, j], torch.lt if strict else torch.le
    for _ in range(times):
        in_x, in_y = _half(len(x), draw), _half(len(y), draw)
        together = in_x[i] == in_y[j]
        of_data = inside(square, of_x.radii(in_x)[i]).logical_and_(together)
        of_samples = inside(square, of_y.radii(in_y)[j]).logical_and_(together)
        around = j[of_data].bincount(minlength=len(y)).double()
        covered, reached = (i[part].bincount(minlength=len(x)) > 0 for part in (of_data, of_samples))
        means, variances = _mean_and_variance(
            [((around > 0), in_y), (reached, in_x), (around / k, in_y), (covered, in_x)]
        )
        yield (means[0] - means[1]).square(), variances[0] + variances[1]


def _half(n: int, draw: torch.Generator) -> Bool[Tensor, " n"]:
    """True for a random half of n rows."""
    half = torch.zeros(n, dtype=torch.bool)
    half[torch.randperm(n, generator=draw)[: n // 2]] = True
    return half


def _mean_and_variance(scores: list[tuple[Tensor, Tensor]]) -> tuple[Float[Tensor, "2 s"], Float[Tensor, "2 s"]]:
    """Return the mean of each score in either half, and its variance as of independent values."""
    parts = [[values.double()[half] for values, half in scores], [values.double()[~half] for values, half in scores]]
    means = torch.stack([torch.stack([v.mean() for v in part]) for part in parts])
    return means, torch.stack([torch.stack([v.var() / len(v) for v in part]) for part in parts])
