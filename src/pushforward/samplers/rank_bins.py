"""The values of a column of numbers, in bins of equal mass: heavy ones by themselves, between them intervals."""

from typing import NamedTuple

import torch
from jaxtyping import Float, Int64
from torch import Tensor

from pushforward.samplers.lattice import grain

BINS = 1024
"""Bins of a column, at most: two digits of 32."""

CELLS = 8192
"""Different values that a column of repeated values may have, to be drawn as they are."""

LEAST = 32
"""Bins that a column may have however few its values are; else one for each ROWS of them."""

ROWS = 8


class Bins(NamedTuple):
    """The finest pieces of a law, *cells*, and the bins that consecutive ones share; values rise from cell to cell.

    Args:
        border: between each cell and the next.
        low: lowest value of each cell.
        high: highest; the same where the cell is one value, an atom.
        bin: of each cell.
        share: of each cell, of the mass of its bin.
        log_width: logarithm of what divides a mass to give a density: an interval's width, the step between values for
            an atom, 0 where values have no step and their probabilities stand for a density.
        rank: of each bin, half of its mass included, in [0, 1].
    """

    border: Float[Tensor, " c-1"]
    low: Float[Tensor, " c"]
    high: Float[Tensor, " c"]
    bin: Int64[Tensor, " c"]
    share: Float[Tensor, " c"]
    log_width: Float[Tensor, " c"]
    rank: Float[Tensor, " b"]


def bins_of(x: Float[Tensor, " n"], at_most: int = BINS) -> Bins:
    """Return the bins of a column's values.

    A value that more rows share than a bin of equal mass would hold is a bin by itself. Where most rows share their
    value with others, every value is an atom, so that none between them is invented; else those between two heavy ones
    are intervals, which reach from the middle between two values to the next one.

    Args:
        x: values, at least one.
        at_most: bins.
    """
    step = float(grain(x[:, None])[0])
    values, counts = x.double().unique(return_counts=True)
    most = min(at_most, max(LEAST, len(x) // ROWS))
    tied = 2 * len(values) <= len(x) and len(values) <= CELLS
    bin = torch.arange(len(values)) if tied and len(values) <= at_most else _grouped(counts, most)
    middle = (values[1:] + values[:-1]) / 2
    mass = torch.zeros(int(bin[-1]) + 1, dtype=torch.float64).index_add(0, bin, counts.double())
    rank = (mass.cumsum(0) - mass / 2) / len(x)
    alone = torch.bincount(bin)[bin] == 1
    if tied:
        width = torch.full_like(values, step or 1.0)
        return Bins(middle, values, values, bin, counts / mass[bin], width.log(), rank)
    first = torch.cat([torch.ones(1, dtype=torch.bool), bin.diff() > 0])
    last = torch.cat([bin.diff() > 0, torch.ones(1, dtype=torch.bool)])
    low, high = torch.cat([values[:1], middle])[first], torch.cat([middle, values[-1:]])[last]
    heavy = (alone & (counts > len(x) / most))[first]
    low, high = (torch.where(heavy, values[first], end) for end in (low, high))
    width = torch.where(high > low, high - low, step or 1.0)
    return Bins(middle[last[:-1]], low, high, torch.arange(len(mass)), torch.ones_like(mass), width.log(), rank)


def _grouped(counts: Int64[Tensor, " m"], most: int) -> Int64[Tensor, " m"]:
    """Return the bin of each value: heavy ones alone, the runs between them cut at equal masses."""
    heavy = counts > counts.sum() / most
    light = torch.where(heavy, 0, counts).double()
    left = max(most - 2 * int(heavy.sum()) - 1, 1)
    place = ((light.cumsum(0) - light / 2) / light.sum().clamp(min=1) * left).floor()
    new = heavy[1:] | heavy[:-1] | (place[1:] != place[:-1])
    return torch.cat([torch.zeros(1, dtype=torch.int64), new.long().cumsum(0)])
