"""The shape of columns: how far the law of each column is from that of the data's, on average."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar

import numpy as np
from torch import Tensor

from pushforward.metrics.base import Better, Metric, Score, Title
from pushforward.metrics.numerics.cells import Column, blocks_of, columns
from pushforward.spaces import Block, Space


@dataclass(frozen=True)
class Shape(Metric):
    """The mean over columns of sup_t |F(t) − G(t)| of numbers and ½ Σ_l |p_l − q_l| of levels: 0 for equal laws.

    Args:
        blocks: of the coordinates of a point, as `on` takes them from a space; all are numbers where none are given.
    Source: 1 − the property "Column Shapes" of SDMetrics (KSComplement, TVComplement).
    Differs: a missing cell counts, as a level more or as a number beyond all others, where SDMetrics leaves it out; a
        column of truths is one of the numbers 0 and 1, which gives the same value.
    Example:
        >>> Shape()(np.array([[0.0], [1.0], [2.0], [3.0]]), np.array([[2.0], [3.0], [4.0], [5.0]]))[0].value
        0.5
    """

    name: ClassVar[str] = "shape"
    better: ClassVar[Better] = "lower"
    linear: ClassVar[bool] = True
    rooted: ClassVar[bool] = True
    titles: ClassVar[Mapping[str, Title]] = {
        "shape": Title("column shapes", "how far the law of a column is from the data's, mean over the columns")
    }
    blocks: tuple[Block, ...] = ()

    def on(self, space: Space) -> "Shape":
        return replace(self, blocks=blocks_of(space))

    @property
    def protocol(self) -> dict[str, Any]:
        return {"metric": self.name, "missing": "cells count"}

    @property
    def least_samples(self) -> int:
        return 2

    def poorest(self, x: Tensor) -> Mapping[str, float]:
        return {self.name: 1.0}

    def by_column(self, x: Tensor, y: Tensor) -> dict[str, float]:
        """Return the distance of each column by its name.

        Args:
            x: data, one row a point.
            y: samples, one row a point.
        """
        both = zip(columns(x, self.blocks), columns(y, self.blocks), strict=True)
        return {a.name: _apart(a, b)[0] for a, b in both}

    def measure(self, x: Tensor, y: Tensor) -> tuple[Score, ...]:
        each = [_apart(a, b) for a, b in zip(columns(x, self.blocks), columns(y, self.blocks), strict=True)]
        spread = spread_of([moved[0] for _, moved in each], [moved[1] for _, moved in each])
        note = "above 0 for equal laws, the more so the fewer the rows"
        return (
            Score(self.name, float(np.mean([value for value, _ in each])), None, None, "lower", "influence function",
                  note, spread=spread),
        )  # fmt: skip


def spread_of(of_x: Sequence[np.ndarray], of_y: Sequence[np.ndarray]) -> float:
    """Return the standard deviation of a mean of values, from what each row moves each of them by.

    Args:
        of_x: the influence of each row of data, an array a value.
        of_y: that of each sample.
    """
    each = (np.mean(influences, axis=0) for influences in (of_x, of_y))
    return float(np.sqrt(sum(row.var() / len(row) for row in each)))


def _apart(a: Column, b: Column) -> tuple[float, tuple[np.ndarray, np.ndarray]]:
    """Return the distance of one column, and what each row of either side adds to it."""
    return total_variation(a.codes, b.codes, len(a.levels)) if a.levels else _largest_gap(a.cells, b.cells)


def total_variation(p: np.ndarray, q: np.ndarray, levels: int) -> tuple[float, tuple[np.ndarray, np.ndarray]]:
    """Return ½ Σ |p_l − q_l| of the shares of levels, and the influence of each row of either side.

    Args:
        p: the level of each row of data, from 0 on.
        q: of each sample.
        levels: their number.
    """
    gap = np.bincount(p, minlength=levels) / len(p) - np.bincount(q, minlength=levels) / len(q)
    sign = np.sign(gap) / 2
    return float(np.abs(gap).sum() / 2), (sign[p], sign[q])


def _largest_gap(x: np.ndarray, y: np.ndarray) -> tuple[float, tuple[np.ndarray, np.ndarray]]:
    """Return sup_t |F(t) − G(t)|, missing numbers beyond all others, and the influence of each row."""
    x, y = (np.where(np.isnan(z), np.inf, z) for z in (x, y))
    at = np.concatenate([x, y])
    below = [np.searchsorted(np.sort(z), at, side="right") / len(z) for z in (x, y)]
    gap = below[0] - below[1]
    best = int(np.abs(gap).argmax())
    return float(abs(gap[best])), (np.sign(gap[best]) * (x <= at[best]), np.sign(gap[best]) * (y <= at[best]))
