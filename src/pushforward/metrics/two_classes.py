"""Classifier two-sample test: how well can one learn to tell data from samples?"""

from dataclasses import dataclass
from typing import Any, ClassVar

import torch
from jaxtyping import Bool, Float
from scipy.stats import norm
from torch import Tensor

from pushforward.errors import Refused
from pushforward.kernels.pairwise import distance
from pushforward.metrics.rows import Array, generator, pair, subset
from pushforward.metrics.score import Better, Metric, Score

NORMAL = 1.959963984540054
"""Standard errors on either side of a 95 % interval."""

RIDGE = 1e-3
"""Penalty on the squared weights, in units of the features' mean square."""

WAVES = 256
"""Random Fourier features of each of the bandwidths."""

FACTORS = (0.25, 1.0)
"""Bandwidths in median distances of the pooled rows."""


@dataclass(frozen=True)
class ClassifierTest:
    """Outcome of a cross-fitted classifier test.

    Args:
        accuracy: mean of the shares of data and of samples that are told right, each by a classifier that never saw it.
        stderr: of that accuracy, given the classifiers.
        p_value: one-sided, of an accuracy of one half.
        level: below or at which p is called a rejection.
        n: rows of data.
        m: rows of samples.
    """

    accuracy: float
    stderr: float
    p_value: float
    level: float
    n: int
    m: int

    @property
    def rejected(self) -> bool:
        """The classifier tells them apart at that level."""
        return self.p_value <= self.level

    def score(self) -> Score:
        """The accuracy as a score."""
        interval = (self.accuracy - NORMAL * self.stderr, self.accuracy + NORMAL * self.stderr)
        note = "of this classifier at these sizes, not of the best one; 0.5 for equal laws"
        return Score(C2ST.name, self.accuracy, self.stderr, interval, "lower", "analytic", note)

    def to_json(self) -> dict[str, Any]:
        """The entry of `tests`."""
        return {
            "statistic": self.accuracy,
            "effect_size": 2 * self.accuracy - 1,
            "p_value": self.p_value,
            "level": self.level,
            "rejected": self.rejected,
        }


def classifier_test(x: Array, y: Array, *, folds: int = 5, level: float = 0.05, seed: int = 0) -> ClassifierTest:
    """Balanced accuracy of least squares on random Fourier features, fitted on the other folds; 0.5 for equal laws.

    Lowering the squared loss on labels ±1 gives the witness of greatest power. Both the accuracy and the test are about
    this classifier, trained on (folds − 1)/folds of the rows: a better one might see more.

    Args:
        x: data, one row a point.
        y: samples, one row a point.
        folds: each row is judged by the classifier of the other folds; at least 2.
        level: of the test, between 0 and 1.
        seed: of folds and waves.

    Raises:
        Refused: if a side has fewer rows than folds, the widths differ, or a value is not finite.
    Source: Lopez-Paz and Oquab (2017), arXiv 1610.06545; Kübler et al. (2022), arXiv 2206.08843, for the loss.
    Example:
        >>> x = torch.arange(50.0)[:, None]
        >>> classifier_test(x, x + 100).accuracy
        1.0
    """
    if folds < 2 or not 0 < level < 1:
        raise Refused(f"classifier_test needs folds ≥ 2 and a level between 0 and 1, got {folds} and {level}.")
    x, y = pair(x, y, least=max(folds, 4), whose="c2st")
    draw = generator(seed)
    pooled = torch.cat([x, y])
    seen = _waves(pooled, draw)
    is_data = torch.arange(len(pooled)) < len(x)
    fold = torch.cat([torch.randperm(len(z), generator=draw) % folds for z in (x, y)])
    right = torch.zeros(len(pooled), dtype=torch.float64)
    for f in range(folds):
        right[fold == f] = _judged(seen, is_data, fold == f)
    a, b = right[is_data], right[~is_data]
    # A coin's deviation at least: a perfect record is no proof of a perfect classifier.
    variance = sum(max(float(r.var()), 1 / len(r) ** 2) / len(r) for r in (a, b)) / 4
    accuracy = float(a.mean() + b.mean()) / 2
    null = (1 / len(a) + 1 / len(b)) / 16
    return ClassifierTest(
        accuracy, variance**0.5, float(norm.sf((accuracy - 0.5) / null**0.5)), level, n=len(x), m=len(y)
    )


@dataclass(frozen=True)
class C2ST(Metric):
    """Accuracy of a cross-fitted classifier that tells data from samples: 0.5 for equal laws, 1 for separate ones.

    Args:
        folds: each row is judged by the classifier of the other folds.
        seed: of folds and features.
    """

    name: ClassVar[str] = "c2st"
    better: ClassVar[Better] = "lower"
    cost: ClassVar[str] = "(n + m)·(d + 512)²·folds"
    folds: int = 5
    seed: int = 0

    @property
    def least_samples(self) -> int:
        return max(self.folds, 4)

    def measure(self, x: Tensor, y: Tensor) -> tuple[Score, ...]:
        return (self.test(x, y).score(),)

    def test(self, x: Array, y: Array) -> ClassifierTest:
        """The test whose accuracy is the score."""
        return classifier_test(x, y, folds=self.folds, seed=self.seed)


def _waves(z: Float[Tensor, "n d"], draw: torch.Generator) -> Float[Tensor, "n p"]:
    """One, the standardised coordinates, and cosines of random projections; none looks at the labels."""
    scale = z.std(0)
    w = (z - z.mean(0)) / scale.where(scale > 0, 1.0)
    apart = distance(*[subset(w, 500, draw)] * 2)
    median = float(apart[apart > 0].median()) if bool((apart > 0).any()) else 1.0
    frequency = torch.randn(w.shape[1], WAVES * len(FACTORS), generator=draw, dtype=torch.float64) / median
    frequency /= torch.tensor(FACTORS, dtype=torch.float64).repeat_interleave(WAVES)
    phase = torch.rand(WAVES * len(FACTORS), generator=draw, dtype=torch.float64) * 2 * torch.pi
    return torch.cat([torch.ones(len(w), 1, dtype=torch.float64), w, (w @ frequency + phase).cos()], 1)


def _judged(
    seen: Float[Tensor, "n p"], is_data: Bool[Tensor, " n"], held: Bool[Tensor, " n"]
) -> Float[Tensor, " held"]:
    """1 where the classifier of the other rows is right about a held-out row, classes weighing equally."""
    a, data = seen[~held], is_data[~held]
    weight = torch.where(data, 0.5 / data.sum(), 0.5 / (~data).sum())
    sign = torch.where(data, 1.0, -1.0).double()
    normal = (a.T * weight) @ a
    normal.diagonal().add_(RIDGE * normal.diagonal().mean())
    w = torch.linalg.solve(normal, a.T @ (weight * sign))
    told = seen[held] @ w
    return torch.where(told == 0, 0.5, (told > 0).eq(is_data[held]).double())
