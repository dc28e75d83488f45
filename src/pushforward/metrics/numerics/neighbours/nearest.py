"""The exact nearest neighbours and memberships: products propose in low precision, float64 differences decide.

Decisions rest on Σ(xᵢ − yᵢ)² in float64 alone, so they depend neither on the block size nor on the number of threads
nor on what the products were taken in, and a point that lies on a radius lies on it exactly.
"""

from collections.abc import Iterator

import torch
from jaxtyping import Float, Int
from torch import Tensor

from pushforward.metrics.numerics.checked_arrays import generator
from pushforward.metrics.numerics.neighbours.candidates import Shortlist
from pushforward.metrics.numerics.neighbours.duplicates import Distinct
from pushforward.metrics.numerics.neighbours.exact import decided, sharpened
from pushforward.metrics.numerics.neighbours.rounding import ListedRows
from pushforward.metrics.numerics.neighbours.screening import Pairs, Screen, tiles

Members = tuple[Int[Tensor, " p"], Int[Tensor, " p"]]


def nearest(
    x: Float[Tensor, "n d"],
    y: Float[Tensor, "m d"],
    k: int,
    *,
    itself: bool = False,
    distinct: Distinct | None = None,
) -> Float[Tensor, " n"]:
    """Return the squared distance from each row of x to the k-th nearest row of y.

    Args:
        x: queries, float32 or float64.
        y: references, among which the neighbours are, float32 or float64.
        k: which neighbour, at most m (m − 1 with `itself`).
        itself: y is x, and row i is no neighbour of itself.
        distinct: the different rows of y, where they are known.
    """
    rows = Distinct.of(y) if distinct is None else distinct
    # In a random order every strip of columns is a sample of the whole, whatever the order in which rows come.
    order = torch.randperm(len(rows.first), generator=generator(0))
    references, copies = ListedRows(y, rows.first[order]), rows.count[order]
    if not itself:
        queries = ListedRows(x, torch.arange(len(x)))
        none = torch.zeros(len(x), dtype=torch.int64)
        return _kth(queries, references, Shortlist(queries, references, k, copies, none))
    place = torch.empty_like(order).scatter_(0, order, torch.arange(len(order)))
    return _kth(references, references, Shortlist(references, references, k, copies, copies - 1))[place[rows.inverse]]


def memberships(
    x: ListedRows,
    y: ListedRows,
    of_x: Float[Tensor, " n"],
    of_y: Float[Tensor, " m"],
    *,
    strict: bool = False,
) -> Iterator[tuple[Members, Members]]:
    """Yield tile by tile the (i, j) with yⱼ in the ball around xᵢ, and those with xᵢ in the ball around yⱼ.

    Args:
        x: points.
        y: points.
        of_x: squared radii of the balls around those of x.
        of_y: squared radii of the balls around those of y.
        strict: a point on the radius is outside.
    """
    screen = Screen(x, y)
    for rows, columns in tiles(len(x), len(y)):
        pairs = _screened(screen, rows, columns, of_x, of_y)
        limits = of_x[pairs.i], of_y[pairs.j]
        pairs = sharpened(x, y, pairs, _doubts(pairs, limits))
        pairs = decided(x, y, pairs, _doubts(pairs, limits))
        inside = [pairs.upper < limit if strict else pairs.upper <= limit for limit in limits]
        yield (pairs.i[inside[0]], pairs.j[inside[0]]), (pairs.i[inside[1]], pairs.j[inside[1]])


def _kth(x: ListedRows, y: ListedRows, shortlist: Shortlist) -> Float[Tensor, " n"]:
    """Return what the shortlist holds when it has seen every tile."""
    screen = Screen(x, y)
    for rows, columns in tiles(len(x), len(y), symmetric=x is y):
        shortlist.take(screen, rows, columns)
    return shortlist.kth()


def _screened(screen: Screen, rows: slice, columns: slice, of_x: Tensor, of_y: Tensor) -> Pairs:
    """Return the pairs of a tile that may be close, in an arithmetic that leaves few in doubt."""
    while True:
        tile = screen.tile(rows, columns)
        pairs = tile.close(of_x, of_y)
        doubts = int(_doubts(pairs, (of_x[pairs.i], of_y[pairs.j])).sum())
        if not screen.refine(doubts, tile.product.numel()):
            return pairs


def _doubts(pairs: Pairs, limits: tuple[Tensor, Tensor]) -> Tensor:
    """Return true where the bounds do not say on which side of a limit the square is."""
    return torch.stack([(pairs.lower <= limit) & (limit <= pairs.upper) for limit in limits]).any(0)
