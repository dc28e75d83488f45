"""‖x − y‖² of listed pairs from differences: exact in float64, within a share of itself in float32."""

from dataclasses import replace

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

from pushforward.metrics.numerics.neighbours.rounding import ListedRows
from pushforward.metrics.numerics.neighbours.screening import Pairs

COLUMNS = 2**14
"""Coordinates summed at once: few enough that one row is never split between threads."""

ENTRIES = 2**20
"""Of a block of differences: long enough that threads seldom wait for one another."""


def squared_differences(
    x: ListedRows, y: ListedRows, i: Int[Tensor, " p"], j: Int[Tensor, " p"], dtype: torch.dtype = torch.float64
) -> Float[Tensor, " p"]:
    """‖xᵢ − yⱼ‖² of the listed pairs: coincident points are at 0 exactly."""
    size = max(1, ENTRIES // x.x.shape[1])
    parts = [
        _squares(x.x[a].to(dtype).sub_(y.x[b].to(dtype)))
        for a, b in zip(x.listed[i].split(size), y.listed[j].split(size), strict=True)
    ]
    return torch.cat(parts).double() if parts else torch.empty(0, dtype=torch.float64)


def decided(x: ListedRows, y: ListedRows, pairs: Pairs, doubts: Bool[Tensor, " p"]) -> Pairs:
    """Return the same pairs, those in doubt with their squared distances as both bounds."""
    squares = squared_differences(x, y, pairs.i[doubts], pairs.j[doubts])
    return _with(pairs, doubts, squares, squares)


def sharpened(x: ListedRows, y: ListedRows, pairs: Pairs, doubts: Bool[Tensor, " p"]) -> Pairs:
    """Return the same pairs, those in doubt with bounds from differences in float32, if the points are so.

    A sum of d squares of one sign errs by at most d + 2 units of itself, however far the points are from the origin.
    """
    if torch.float64 in (x.x.dtype, y.x.dtype):
        return pairs
    squares = squared_differences(x, y, pairs.i[doubts], pairs.j[doubts], torch.float32)
    d = x.x.shape[1]
    error = (d + 16) * 2.0**-24 * squares + d * torch.finfo(torch.float32).tiny
    sound = squares.isfinite()  # the square of a float32 may not be one
    lower, upper = (squares - error).where(sound, pairs.lower[doubts]), (squares + error).where(sound, torch.inf)
    return _with(pairs, doubts, lower.maximum(pairs.lower[doubts]), upper.minimum(pairs.upper[doubts]))


def _with(pairs: Pairs, which: Tensor, lower: Tensor, upper: Tensor) -> Pairs:
    """Return the pairs with other bounds for some of them."""
    return replace(
        pairs,
        lower=pairs.lower.masked_scatter(which, lower),
        upper=pairs.upper.masked_scatter(which, upper),
    )


def _squares(u: Tensor) -> Tensor:
    """Σ u² of every row: the same sum whatever rows stand beside it."""
    first, *others = u.square_().split(COLUMNS, 1)
    return sum((part.sum(1) for part in others), first.sum(1))
