"""The correlations of the normal scores behind columns with ties, and orders of levels by what goes with them."""

from collections.abc import Collection

import torch
from jaxtyping import Float, Int64
from torch import Tensor

SWEEPS, KEPT = 40, 20
"""Sweeps over all columns, and the last of them, of whose correlations the mean is taken."""

ROWS = 20_000
"""Rows that are swept over, at most."""

PASSES = 3
"""Times that the levels of all columns are put in order."""

END = 1e-12


def ndtri(u: Tensor) -> Tensor:
    """Return Φ⁻¹(u), by which places in a rank become normal scores: finite, since u is kept from 0 and 1."""
    return torch.special.ndtri(u.clamp(END, 1 - END))


def correlations_behind(numbers: Float[Tensor, "n k"], ridge: float, draw: torch.Generator) -> Float[Tensor, "k k"]:
    """Return C of the scores s ~ N(0, C) of which each cell says the interval of Φ(s) that its value has in its column.

    Scores at random within their intervals, independently of all others, would be less correlated than those behind
    the cells, the less the more cells are equal. So those of equal cells are drawn given all others under the C so far,
    and C is taken again.

    Args:
        numbers: columns whose order says all.
        ridge: added to the diagonal of C, which is scaled back.
        draw: of scores.
    Source: Hoff (2007), Extending the rank likelihood for semiparametric copula estimation.
    Differs: intervals are those of the empirical law of a column, and C is the mean of the last correlations, no draw.
    """
    some = torch.randperm(len(numbers), generator=draw)[:ROWS]
    low, high = (end[some] for end in _intervals(numbers))
    n, tied = len(some), ((high - low) * len(numbers) > 1.5).any(0).nonzero()[:, 0].tolist()
    uniform = lambda: torch.rand(n, generator=draw, dtype=torch.float64)
    scores = torch.stack([ndtri(a + (b - a) * uniform()) for a, b in zip(low.T, high.T, strict=True)], 1)
    below, above = ndtri(low), ndtri(high)
    c, kept = _correlations(scores, ridge), list[Tensor]()
    for sweep in range(SWEEPS if tied else 0):
        precision = torch.linalg.inv(c)
        for j in tied:
            width = precision[j, j].rsqrt()
            mean = scores[:, j] - (scores @ precision[:, j]) / precision[j, j]
            first, last = (torch.special.ndtr((end[:, j] - mean) / width) for end in (below, above))
            drawn = mean + width * ndtri(first + (last - first) * uniform())
            scores[:, j] = drawn.clamp(below[:, j], above[:, j])
        c = _correlations(scores, ridge)
        kept += [c] if sweep >= SWEEPS - KEPT else []
    return torch.stack(kept).mean(0) if kept else c


def levels_in_order(numbers: Float[Tensor, "n k"], levels: Collection[int]) -> Float[Tensor, "n k"]:
    """Return the columns with levels numbered in the order of the direction in which others' mean scores differ most.

    Levels have no order of their own, and a copula needs one in which they rise or fall with other columns.

    Args:
        numbers: columns.
        levels: those that hold levels, by their place.
    Source: Hirschfeld (1935), A connection between correlation and contingency, of two columns of levels.
    Differs: the direction is the first of the means of all other columns' scores, each as it is ordered so far.
    """
    numbers = numbers.clone()
    scores = torch.stack([_middles(column) for column in numbers.T], 1)
    for j in list(levels) * PASSES if scores.shape[1] > 1 else ():
        held, place = numbers[:, j].unique(return_inverse=True)
        others = torch.cat([scores[:, :j], scores[:, j + 1 :]], 1)
        count = torch.bincount(place, minlength=len(held)).double()[:, None]
        means = others.new_zeros(len(held), others.shape[1]).index_add_(0, place, others) / count
        u = torch.linalg.svd(count.sqrt() * (means - others.mean(0)), full_matrices=False).U[:, 0]
        rank: Int64[Tensor, " l"] = (u / count[:, 0].sqrt()).argsort().argsort()
        numbers[:, j] = rank[place].to(numbers)
        scores[:, j] = _middles(numbers[:, j])
    return numbers


def _intervals(numbers: Float[Tensor, "n k"]) -> tuple[Float[Tensor, "n k"], Float[Tensor, "n k"]]:
    """Return the shares of cells below each cell, and of those that are not above it."""
    ends = []
    for column in numbers.T.contiguous():
        ordered = column.sort().values
        ends.append(torch.stack([torch.searchsorted(ordered, column, right=side) for side in (False, True)]))
    low, high = torch.stack(ends, 2).double() / len(numbers)
    return low, high


def _middles(column: Float[Tensor, " n"]) -> Float[Tensor, " n"]:
    """Return the normal score of the middle of each cell's interval."""
    low, high = _intervals(column[:, None])
    return ndtri((low + high)[:, 0] / 2)


def _correlations(scores: Float[Tensor, "n k"], ridge: float) -> Float[Tensor, "k k"]:
    c = scores.T @ scores / len(scores)
    c = c / c.diagonal().sqrt()[:, None] / c.diagonal().sqrt()
    return (c + ridge * torch.eye(len(c), dtype=c.dtype)) / (1 + ridge)
