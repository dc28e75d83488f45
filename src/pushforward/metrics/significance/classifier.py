"""The classifier two-sample test: how well a learnt discriminant tells data from samples."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from jaxtyping import Float
from torch import Tensor

from pushforward.errors import Refused
from pushforward.metrics.base import Better, Metric, Score, Title
from pushforward.metrics.numerics.checked_arrays import Array, generator, pair
from pushforward.metrics.significance.cross_fitting import ROUNDING, cross_fitted
from pushforward.metrics.uncertainty.interval import NORMAL


@dataclass(frozen=True)
class ClassifierTest:
    """The outcome of a cross-fitted classifier test: an accuracy, its standard error and an exact p-value.

    Args:
        accuracy: mean of the shares of data and of samples that are classified rightly, each row by a classifier that
            never saw it.
        stderr: of that accuracy, for what these classifiers achieve on new rows.
        p_value: (1 + k)/(1 + B), one-sided; its floor is 1/(1 + B).
        level: below or at which p is called a rejection.
        permutations: B, the number of relabellings.
        n: rows of data.
        m: rows of samples.
    """

    accuracy: float
    stderr: float
    p_value: float
    level: float
    permutations: int
    n: int
    m: int

    @property
    def rejected(self) -> bool:
        """Whether the classifier tells data from samples at that level."""
        return self.p_value <= self.level

    def score(self) -> Score:
        """Return the accuracy as a score, with its confidence interval."""
        interval = (self.accuracy - NORMAL * self.stderr, self.accuracy + NORMAL * self.stderr)
        note = "of this classifier at these sizes, not of the best one; 0.5 for equal laws"
        return Score(C2ST.name, self.accuracy, self.stderr, interval, "lower", "analytic", note)

    @property
    def floor(self) -> float:
        """The smallest p-value that so many relabellings can give."""
        return 1 / (1 + self.permutations)

    def to_json(self) -> dict[str, Any]:
        """Return the entry of `tests` in a verdict."""
        return {
            "statistic": self.accuracy,
            "effect_size": 2 * self.accuracy - 1,
            "p_value": self.p_value,
            "level": self.level,
            "rejected": self.rejected,
        }


def classifier_test(
    x: Array, y: Array, *, folds: int = 5, permutations: int = 199, level: float = 0.05, seed: int = 0
) -> ClassifierTest:
    """Test by the balanced accuracy of Fisher's discriminant on Fourier features; 0.5 for equal laws.

    Every row is classified by the discriminant that was fitted to the other folds: least squares on labels ±1, which
    gives the witness of greatest power. All relabellings within folds are refitted by matrix products, so the test is
    exact at every size; folds judge each other, and the accuracy varies more than that of independent coins. It is the
    accuracy of this classifier, trained on (folds − 1)/folds of the rows: a better one might see more.

    Args:
        x: data, one row a point.
        y: samples, one row a point.
        folds: each row is judged by the classifier of the other folds; at least 2.
        permutations: B, the number of relabellings.
        level: of the test, between 0 and 1.
        seed: of folds, random features and relabellings.

    Raises:
        Refused: if a side has fewer rows than folds, the widths differ, or a value is not finite.
    Source: Lopez-Paz and Oquab (2017), arXiv 1610.06545; Kübler et al. (2022), arXiv 2206.08843, for the loss.
    Differs: relabelled, where they take the accuracy for that of independent coins; equal accuracies are told apart by
        the mean difference of the classifier's values, so that the level is reached and not only kept.
    Example:
        >>> import torch
        >>> x = torch.arange(50.0)[:, None]
        >>> classifier_test(x, x + 100).accuracy
        1.0
    """
    if folds < 2 or permutations < 1 or not 0 < level < 1:
        raise Refused(
            f"classifier_test needs folds ≥ 2, permutations ≥ 1 and a level between 0 and 1, got {folds}, "
            f"{permutations} and {level}."
        )
    x, y = pair(x, y, least=max(folds, 4), whose="c2st")
    accuracy, difference = cross_fitted(x, y, folds, permutations, generator(seed))
    return ClassifierTest(
        accuracy=float(accuracy[0]),
        stderr=accuracy_error(accuracy, len(x), len(y)),
        p_value=_p_value(accuracy, difference),
        level=level,
        permutations=permutations,
        n=len(x),
        m=len(y),
    )


@dataclass(frozen=True)
class C2ST(Metric):
    """The accuracy of a cross-fitted classifier of data against samples: 0.5 for equal laws, 1 for separate ones.

    Args:
        folds: each row is judged by the classifier of the other folds.
        seed: of folds and features.
    """

    name: ClassVar[str] = "c2st"
    titles: ClassVar[Mapping[str, Title]] = {
        "c2st": Title("classifier test", "share that a classifier tells right; 0.5 where both are the same")
    }
    better: ClassVar[Better] = "lower"
    folds: int = 5
    seed: int = 0

    @property
    def least_samples(self) -> int:
        return max(self.folds, 4)

    def poorest(self, x: Tensor) -> Mapping[str, float]:
        return {self.name: 1.0}

    def measure(self, x: Tensor, y: Tensor) -> tuple[Score, ...]:
        return (self.test(x, y).score(),)

    def test(self, x: Array, y: Array) -> ClassifierTest:
        """Return the test whose accuracy is the score."""
        return classifier_test(x, y, folds=self.folds, seed=self.seed)


def accuracy_error(accuracy: Float[Tensor, " labellings"], n: int, m: int) -> float:
    """√(a(1 − a)·(1/n + 1/m)/4) of an accuracy a, times how much relabelled accuracies vary beyond a coin's.

    Folds judge each other, so a chance likeness of two of them counts twice: the variance is up to twice a coin's.

    Args:
        accuracy: under the truth and under relabellings.
        n: rows of data.
        m: rows of samples.
    """
    coin = (1 / n + 1 / m) / 4
    a = min(max(float(accuracy[0]), 0.5 / min(n, m)), 1 - 0.5 / min(n, m))
    excess = float(accuracy[1:].var()) / (coin / 4) if len(accuracy) > 2 else 1.0
    return (a * (1 - a) * coin * max(excess, 1.0)) ** 0.5


def _p_value(accuracy: Float[Tensor, " labellings"], difference: Float[Tensor, " labellings"]) -> float:
    """(1 + k)/(1 + B), k of B relabellings more accurate than the truth or, where as accurate, no less different."""
    better = accuracy > accuracy[0] + ROUNDING
    as_good = (accuracy >= accuracy[0] - ROUNDING) & (difference >= difference[0] - ROUNDING)
    return float((better | as_good).double().mean())
