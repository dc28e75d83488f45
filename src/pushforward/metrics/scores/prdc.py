"""The neighbour scores: precision, recall, density and coverage of balls up to the k-th neighbour."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import prod
from typing import Any, ClassVar

import torch
from jaxtyping import Bool, Float
from torch import Tensor

from pushforward.errors import Refused
from pushforward.metrics.base import Better, Metric, Score, Title, Uncertainty
from pushforward.metrics.numerics.checked_arrays import Array, pair
from pushforward.metrics.numerics.neighbours.duplicates import Distinct
from pushforward.metrics.numerics.neighbours.nearest import memberships, nearest
from pushforward.metrics.numerics.neighbours.rounding import ListedRows
from pushforward.metrics.uncertainty.disjoint_halves import inflation

NOTE = "its error is the spread at these sizes, no confidence in the limit: the score is biased at any n"


@dataclass(frozen=True)
class PrecisionRecall:
    """The precision, recall, density and coverage of samples against data, with their errors.

    Args:
        precision: share of samples inside a ball of the data: are samples plausible?
        recall: share of data inside a ball of the samples: is all of the data reached?
        density: mean number of data balls around a sample, over k; 1 where the laws are equal, without upper bound.
        coverage: share of data balls with a sample inside.
        stderr: standard deviation of the four, in that order, over fresh data and samples of these sizes; None where
            it was not asked for, or a half of either side has not more than k rows, so that nothing tells it.
        n: rows of data.
        m: rows of samples.
        k: the neighbour that sets the radius.
        repeated_data: share of data rows that equal another row of data.
        repeated_samples: share of samples that equal another sample.
    """

    precision: float
    recall: float
    density: float
    coverage: float
    stderr: tuple[float, float, float, float] | None
    n: int
    m: int
    k: int
    repeated_data: float
    repeated_samples: float


BALLS = ("precision", "recall", "density", "coverage")


def prdc(x: Array, y: Array, *, k: int = 5, strict: bool = False, error: bool = True, seed: int = 0) -> PrecisionRecall:
    """Compute precision, recall, density and coverage of samples y against data x, without an n × n matrix.

    All four are exact. Float32 points are not copied; the neighbours cost at most half a GB at 10,000 rows of 2,048
    coordinates a side. The error of a score is its error with the balls held fixed, times the factor by which disjoint
    halves of both sides differ more than such errors say. With fixed balls, a share of s among n rows has the error
    of Beta(s + 1, n − s + 1), which is not zero where all rows are counted.

    Args:
        x: data, one row a point.
        y: samples, one row a point.
        k: the neighbour whose distance is a ball's radius, at least 1.
        strict: a point on the radius is outside, the rule of the package `prdc`; else identical inputs score 1.
        error: also say how much they vary.
        seed: of the halves that tell how much.

    Raises:
        Refused: if a side has k rows or fewer, the widths differ, or a value is not finite.
    Source: Kynkäänniemi et al. (2019), arXiv 1904.06991; Naeem et al. (2020), arXiv 2002.09797.
    Differs: a point on the radius is inside unless `strict`.
    Example:
        >>> x = torch.arange(8.0)[:, None]
        >>> prdc(x, x, k=2).coverage
        1.0
    """
    if k < 1:
        raise Refused(f"k of prdc must be at least 1, got {k}; the usual one is 5.")
    x, y = pair(x, y, least=k + 1, whose=f"prdc with k={k}", single=True)
    data, samples = Distinct.of(x), Distinct.of(y)
    around, covered, reached = _counts((x, data), (y, samples), k, strict)
    values = [(around > 0).double(), reached.double(), around / k, covered.double()]
    precision, recall, density, coverage = (float(v.mean()) for v in values)
    factors = inflation(x, y, k, strict=strict, seed=seed) if error else None
    return PrecisionRecall(
        precision,
        recall,
        density,
        coverage,
        stderr=None if factors is None else _errors(values, factors),
        n=len(x),
        m=len(y),
        k=k,
        repeated_data=data.repeated,
        repeated_samples=samples.repeated,
    )


def expected_coverage(n: int, m: int, k: int) -> float:
    """1 − Π_{i<k} (n − 1 − i)/(n + m − 1 − i), the coverage of m samples of the data's own continuous law.

    The i-th nearest of the other n + m − 1 points is data for every i ≤ k exactly when the ball is empty.

    Example:
        >>> round(expected_coverage(1000, 1000, 5), 3)
        0.969
    """
    return 1 - prod((n - 1 - i) / (n + m - 1 - i) for i in range(k))


@dataclass(frozen=True)
class PRDC(Metric):
    """The precision, recall, density and coverage of samples, as four scores.

    Args:
        k: the neighbour whose distance is a ball's radius, at least 1.
        strict: a point on the radius is outside.
        error: also measure how much they vary.
    """

    name: ClassVar[str] = "prdc"
    titles: ClassVar[Mapping[str, Title]] = {
        "precision": Title("precision", "share of the samples that lie among the data"),
        "recall": Title("recall", "share of the data that lie among the samples"),
        "density": Title("density", "how many data neighbourhoods a sample lies in; 1 where both are the same"),
        "coverage": Title("coverage", "share of the data that have a sample in their neighbourhood"),
    }
    better: ClassVar[Better] = "higher"
    k: int = 5
    strict: bool = False
    error: bool = True

    @property
    def protocol(self) -> dict[str, Any]:
        """The metric's name and all options but `error`, which changes no score."""
        return {"metric": self.name, "k": self.k, "strict": self.strict}

    @property
    def plain(self) -> "PRDC":
        """The same metric without the errors of its scores."""
        return replace(self, error=False)

    @property
    def scores(self) -> tuple[str, ...]:
        return BALLS

    @property
    def least_samples(self) -> int:
        return self.k + 1

    def poorest(self, x: Tensor) -> Mapping[str, float]:
        return dict.fromkeys(BALLS, 0.0)

    def measure(self, x: Tensor, y: Tensor) -> tuple[Score, ...]:
        r = prdc(x, y, k=self.k, strict=self.strict, error=self.error)
        notes = {
            "density": f"1 is expected of the data's own law; {NOTE}",
            "coverage": f"{expected_coverage(r.n, r.m, r.k):.3f} is expected of the data's own law; {NOTE}",
        }
        how: Uncertainty | None = None if r.stderr is None else "halves"
        return tuple(
            Score(name, getattr(r, name), None, None, "higher", how, notes.get(name, NOTE), spread=error)
            for name, error in zip(BALLS, r.stderr or (None,) * len(BALLS), strict=True)
        )


def _errors(values: list[Tensor], factors: Float[Tensor, " 4"]) -> tuple[float, float, float, float]:
    """Return the deviation of each score: that with fixed balls, times its factor."""
    precision, recall, density, coverage = values
    of_density = float(density.std()) / len(density) ** 0.5
    fixed = [_share_error(precision), _share_error(recall), of_density, _share_error(coverage)]
    a, b, c, d = (error * float(factor) for error, factor in zip(fixed, factors, strict=True))
    return a, b, c, d


def _share_error(hits: Float[Tensor, " n"]) -> float:
    """Return the standard deviation of Beta(s + 1, n − s + 1), a share's law after s hits in n from a uniform prior."""
    n, share = len(hits), (float(hits.sum()) + 1) / (len(hits) + 2)
    return (share * (1 - share) / (n + 3)) ** 0.5


def _counts(
    x: tuple[Tensor, Distinct], y: tuple[Tensor, Distinct], k: int, strict: bool
) -> tuple[Float[Tensor, " m"], Bool[Tensor, " n"], Bool[Tensor, " n"]]:
    """Return how many data balls hold each sample, which data balls hold any, and which data a sample's ball holds."""
    (points, data), (others, samples) = x, y
    of_x, of_y = (nearest(z, z, k, itself=True, distinct=rows)[rows.first] for z, rows in (x, y))
    around = torch.zeros(len(samples.first), dtype=torch.float64)
    covered, reached = torch.zeros(2, len(data.first), dtype=torch.bool)
    sides = ListedRows(points, data.first), ListedRows(others, samples.first)
    for in_x, in_y in memberships(*sides, of_x, of_y, strict=strict):
        around.index_add_(0, in_x[1], data.count[in_x[0]].double())
        covered[in_x[0]], reached[in_y[0]] = True, True
    return around[samples.inverse], covered[data.inverse], reached[data.inverse]
