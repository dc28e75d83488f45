"""The places where data and samples differ: rows of extreme witness, and how many times as dense the data are there."""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from pushforward.kernels.pairwise import squared_distance
from pushforward.metrics.diagnosis.witness import witness
from pushforward.metrics.numerics.checked_arrays import Array, draw_indices, generator, pair
from pushforward.progress import step

Agrees = Callable[[float], bool]

ROWS = 2000
"""Rows a side among which the extreme ones are looked for."""

NEIGHBOURS = 30
"""Points among which data and samples are counted for a ratio."""

CANDIDATES = 4
"""Rows with the most extreme witness whose ratio is taken, in multiples of those that are named."""


@dataclass(frozen=True)
class Place:
    """The rows of one side at which data and samples differ most.

    Args:
        rows: their indices, the most extreme first.
        witness: E k(h, x) − E k(h, y) there: above 0 where the data outweigh the samples.
        ratio: density of the data over that of the samples there: above 1 where samples are missing, below 1 where
            there are too many.
    """

    rows: tuple[int, ...]
    witness: tuple[float, ...]
    ratio: tuple[float, ...]


@dataclass(frozen=True)
class Where:
    """The data where samples are missing, and the samples of which there are too many.

    Args:
        missed: data that the samples come near least; the ratio is above 1 at all of them.
        over: samples that the data support least; the ratio is below 1 at all of them.
    """

    missed: Place
    over: Place


@step("where data and samples differ")
def where(x: Array, y: Array, *, count: int = 14, most: int = ROWS, seed: int = 0) -> Where:
    """argmax and argmin of the witness w(h) = E k(h, x) − E k(h, y), and r = p/q there by counting neighbours.

    r = (a + ½)/n : (b + ½)/m for a data and b samples among the nearest 30 points, the row itself left out. It is local
    and stays bounded where one side is missing; a mixture of Gaussians fitted by least squares is flat in the hundreds
    of dimensions of learnt features. Rows at which the witness, which looks farther, and the ratio disagree are left
    out, so that nothing is called missing where samples are denser, or made too often where data are.

    Args:
        x: data, one row a point; at least 2.
        y: samples, one row a point; at least 2.
        count: rows named on each side, at most.
        most: rows a side that are looked at, drawn at random from more.
        seed: of that draw.

    Raises:
        Refused: if a side has fewer than 2 rows, the widths differ, or a value is not finite.
    Source: Lloyd and Ghahramani (2015) for the witness; Noshad et al. (2017), arXiv 1702.05222, for the ratio.
    Example:
        >>> import torch
        >>> x = torch.cat([torch.zeros(50, 1), torch.full((50, 1), 9.0)]) + torch.linspace(0, 1, 100)[:, None]
        >>> places = where(x, x[:50], count=1)
        >>> places.missed.rows[0] >= 50, places.missed.ratio[0] > 2 > 1 > places.over.ratio[0]
        (True, True)
    """
    (x, y), draw = pair(x, y, least=2, whose="where"), generator(seed)
    i, j = draw_indices(len(x), most, draw), draw_indices(len(y), most, draw)
    x, y = x[i], y[j]
    extremes = witness(x, y, count=CANDIDATES * count)
    return Where(
        _place(extremes.missed, extremes.missed_scores, _ratio(extremes.missed, x, y, 0), i, count, lambda r: r > 1),
        _place(extremes.over, extremes.over_scores, _ratio(extremes.over, x, y, 1), j, count, lambda r: r < 1),
    )


def _place(
    own: tuple[int, ...], scores: tuple[float, ...], ratios: list[float], numbers: Tensor, count: int, agrees: Agrees
) -> Place:
    """Return the first rows whose ratio agrees with their witness, numbered as they were given."""
    kept = [place for place, ratio in enumerate(ratios) if agrees(ratio)][:count]
    rows = tuple(int(numbers[own[place]]) for place in kept)
    return Place(rows, tuple(scores[place] for place in kept), tuple(ratios[place] for place in kept))


def _ratio(own: tuple[int, ...], x: Tensor, y: Tensor, side: int) -> list[float]:
    """Return r at the rows `own` of the data (side 0) or of the samples (side 1)."""
    at = (y if side else x)[list(own)]
    n, m = len(x) - (side == 0), len(y) - (side == 1)
    distances = squared_distance(at, torch.cat([x, y]))
    distances[torch.arange(len(at)), torch.tensor(own, dtype=torch.int64) + side * len(x)] = torch.inf
    k = min(NEIGHBOURS, n + m)
    a = (distances.topk(k, largest=False).indices < len(x)).sum(1).double()
    ratios: list[float] = (((a + 0.5) / n) / ((k - a + 0.5) / m)).tolist()
    return ratios
