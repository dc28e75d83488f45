"""The trend of pairs of columns: how far the dependence of two columns is from that in the data, on average."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Any, ClassVar

import numpy as np
from jaxtyping import Float
from torch import Tensor

from pushforward.metrics.base import Better, Metric, Score, Title
from pushforward.metrics.numerics.cells import Column, blocks_of, columns
from pushforward.metrics.scores.shape import total_variation
from pushforward.spaces import Block, Space

BINS = 10
"""Bins of equal width that numbers have beside levels, and one more for missing ones."""

MOST = 2000
"""Pairs with levels that are counted; of more so many at random, which stand for all."""

DENSE = 10**6
"""Cells of a table of two columns up to which all have a place, and not those alone that hold a row."""

Values = Float[np.ndarray, "rows numbers"]


@dataclass(frozen=True)
class Trend(Metric):
    """The mean over pairs of ½ |r − r′| of two columns of numbers, and of ½ Σ |p_kl − q_kl| of all others.

    r is Pearson's correlation of rows that have both numbers, 0 where one of them is constant; p and q are the shares
    of the cells of both columns, numbers in ten bins of equal width over the range of the data.

    Args:
        blocks: of the coordinates of a point, as `on` takes them from a space; all are numbers where none are given.
        seed: draws the pairs, where there are more than 2000 with levels.
    Source: 1 − the property "Column Pair Trends" of SDMetrics (CorrelationSimilarity, ContingencySimilarity).
    Differs: both sides are binned by the edges of the data, where SDMetrics' report takes the edges of each side from
        itself and leaves out pairs that hardly depend on one another; a pair with a constant column counts.
    Example:
        >>> x = np.array([[0.0, 0.0], [1.0, 1.0], [2.0, 2.0]])
        >>> round(Trend()(x, x * np.array([1.0, -1.0]))[0].value, 3)
        1.0
    """

    name: ClassVar[str] = "trend"
    better: ClassVar[Better] = "lower"
    linear: ClassVar[bool] = True
    rooted: ClassVar[bool] = True
    titles: ClassVar[Mapping[str, Title]] = {
        "trend": Title("pair trends", "how far the dependence of two columns is from the data's, mean over pairs")
    }
    blocks: tuple[Block, ...] = ()
    seed: int = 0

    def on(self, space: Space) -> "Trend":
        return replace(self, blocks=blocks_of(space))

    @property
    def protocol(self) -> dict[str, Any]:
        return {"metric": self.name, "bins": BINS, "edges": "of the data", "seed": self.seed}

    @property
    def least_samples(self) -> int:
        return 2

    def poorest(self, x: Tensor) -> Mapping[str, float]:
        return {self.name: 1.0}

    def by_pair(self, x: Tensor, y: Tensor) -> tuple[list[str], Float[np.ndarray, "k k"]]:
        """Return the names of the columns, and the distance of each pair; NaN where a pair was not counted.

        Args:
            x: data, one row a point.
            y: samples, one row a point.
        """
        both = columns(x, self.blocks), columns(y, self.blocks)
        return [column.name for column in both[0]], self._apart(*both)[0]

    def measure(self, x: Tensor, y: Tensor) -> tuple[Score, ...]:
        distances, of_x, of_y = self._apart(columns(x, self.blocks), columns(y, self.blocks))
        found = distances[np.triu_indices(len(distances), 1)]
        value = float(np.nanmean(found)) if np.isfinite(found).any() else 0.0
        spread = float(np.sqrt(of_x.var() / len(of_x) + of_y.var() / len(of_y)))
        note = "above 0 for equal laws, the more so the fewer the rows"
        return (Score(self.name, value, None, None, "lower", "influence function", note, spread=spread),)

    def _apart(self, a: Sequence[Column], b: Sequence[Column]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return the distance of each pair, and the influence of each row of data and of samples on their mean."""
        numbers = [i for i, column in enumerate(a) if not column.levels]
        distances = np.full((len(a), len(a)), np.nan)
        np.fill_diagonal(distances, 0.0)
        mixed = [pair for pair in combinations(range(len(a)), 2) if not set(pair) <= set(numbers)]
        counted = mixed if len(mixed) <= MOST else self._drawn(mixed)
        both = len(numbers) * (len(numbers) - 1) // 2 + len(counted)
        of_x, of_y = np.zeros(len(a[0].cells)), np.zeros(len(b[0].cells))
        if len(numbers) > 1:
            held = _correlated([a[i] for i in numbers], [b[i] for i in numbers])
            distances[np.ix_(numbers, numbers)], of_x, of_y = held
        codes = {i: coded(a[i], b[i]) for i in {i for pair in counted for i in pair}}
        for i, j in counted:
            distances[i, j], moved = _contingent(codes[i], codes[j])
            distances[j, i] = distances[i, j]
            of_x, of_y = of_x + moved[0], of_y + moved[1]
        return distances, of_x / max(both, 1), of_y / max(both, 1)

    def _drawn(self, pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
        """Return some of the pairs, at random."""
        return [pairs[i] for i in np.random.default_rng(self.seed).choice(len(pairs), MOST, replace=False)]


Coded = tuple[np.ndarray, np.ndarray, int]
"""The codes of a column among data and among samples, and their number."""


def coded(a: Column, b: Column) -> Coded:
    """Return levels as they are, numbers in bins by the edges of the data, missing ones in a bin of their own.

    Args:
        a: a column of the data.
        b: the same column of the samples.
    """
    if a.levels:
        return a.codes, b.codes, len(a.levels)
    held = a.cells[~np.isnan(a.cells)]
    edges = np.histogram_bin_edges(held, bins=BINS)[1:-1] if len(held) else np.zeros(0)
    first, second = (np.where(np.isnan(c.cells), BINS, np.digitize(c.cells, edges)) for c in (a, b))
    return first, second, BINS + 1


def _contingent(a: Coded, b: Coded) -> tuple[float, tuple[np.ndarray, np.ndarray]]:
    """Return the total variation of the cells of two columns, and the influence of each row."""
    cells = [first * b[2] + second for first, second in zip(a[:2], b[:2], strict=True)]
    size = a[2] * b[2]
    if size > DENSE:
        held, places = np.unique(np.concatenate(cells), return_inverse=True)
        cells, size = [places[: len(cells[0])], places[len(cells[0]) :]], len(held)
    return total_variation(cells[0], cells[1], size)


def correlations(z: Values) -> Float[np.ndarray, "numbers numbers"]:
    """Return Pearson's r of each pair of columns, of the rows that have both; 0 where one of them is constant there.

    Args:
        z: numbers, NaN where one is missing.
    """
    there = ~np.isnan(z)
    centred = _centred(z)
    n = np.maximum(there.T @ there.astype(np.float64), 1)
    mean, square = centred.T @ there / n, (centred**2).T @ there / n
    variance = square - mean**2
    varying = (variance > 1e-12 * square) & (variance.T > 1e-12 * square.T)
    covariance = centred.T @ centred / n - mean * mean.T
    scale = np.sqrt(np.where(varying, variance * variance.T, 1.0))
    return np.where(varying, (covariance / scale).clip(-1, 1), 0.0)


def _centred(z: Values) -> Values:
    """Return columns less their mean, 0 where a number is missing."""
    there = ~np.isnan(z)
    count = np.maximum(there.sum(0), 1)
    mean = np.where(there, z, 0.0).sum(0) / count
    return np.where(there, z - mean, 0.0)


def _correlated(a: Sequence[Column], b: Sequence[Column]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return ½ |r − r′| of each pair, and the sum over pairs of the influence of each row of data and of samples."""
    x, y = (np.stack([c.cells for c in side], 1) for side in (a, b))
    r, s = correlations(x), correlations(y)
    np.fill_diagonal(s, r.diagonal())
    sign = np.sign(r - s) / 2
    return np.abs(r - s) / 2, _moved(x, r, sign), _moved(y, s, sign)


def _moved(z: Values, r: np.ndarray, sign: np.ndarray) -> np.ndarray:
    """Return Σ sign_ab (z_a z_b − r_ab (z_a² + z_b²)/2) over pairs a < b, z standardised: the influence of a row."""
    centred = _centred(z)
    deviation = np.sqrt((centred**2).sum(0) / np.maximum((~np.isnan(z)).sum(0), 1))
    u = centred / np.where(deviation > 0, deviation, 1.0)
    return np.asarray(((u @ sign) * u).sum(1) / 2 - (u**2 @ (sign * r).sum(1)) / 2)
