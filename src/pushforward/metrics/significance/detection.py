"""The detection of samples: how often boosted trees pick the real one of a row of data and a sample."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import sqrt
from typing import Any, ClassVar

import numpy as np
import torch
from torch import Tensor

from pushforward.errors import Refused
from pushforward.metrics.base import Better, Metric, Score, Title
from pushforward.metrics.numerics.cells import blocks_of, columns, for_trees
from pushforward.metrics.numerics.checked_arrays import Array, generator, pair
from pushforward.metrics.significance.cross_fitting import fold_numbers
from pushforward.metrics.uncertainty.interval import NORMAL
from pushforward.metrics.uncertainty.rank_area import rank_area
from pushforward.spaces import Block, Space


@dataclass(frozen=True)
class DetectionTest:
    """The outcome of detection: the area A under the curve of trees on rows that they never saw, and a p-value.

    Args:
        area: P(w(X) > w(Y)) + ½P(w(X) = w(Y)) of a datum X and a sample Y of the same fold, w the trees of the others.
        stderr: of that area, for what these trees achieve on new rows.
        p_value: of equal laws, one-sided: the least of the folds' rank tests, times their number.
        level: below or at which p is called a rejection.
        n: rows of data.
        m: rows of samples.
    """

    area: float
    stderr: float
    p_value: float
    level: float
    n: int
    m: int

    def score(self) -> Score:
        """Return the area as a score, with its confidence interval."""
        interval = (self.area - NORMAL * self.stderr, self.area + NORMAL * self.stderr)
        note = "of these trees at these sizes, not of the best judge; 0.5 for equal laws"
        return Score(Detection.name, self.area, self.stderr, interval, "lower", "analytic", note)

    def to_json(self) -> dict[str, Any]:
        """Return the entry of `tests` in a verdict."""
        return {
            "statistic": self.area,
            "effect_size": 2 * self.area - 1,
            "p_value": self.p_value,
            "level": self.level,
            "rejected": self.p_value <= self.level,
        }


@dataclass(frozen=True)
class Detection(Metric):
    """The share of pairs in which gradient boosting picks the real one: 0.5 for equal laws, 1 for separate ones.

    Equally many rows of both sides; three folds, each judged by the trees of the two others, with scikit-learn's
    histogram gradient boosting as it comes.

    Args:
        blocks: of the coordinates of a point, as `on` takes them from a space: indicators are one column of levels to
            the trees, and a missing number is missing.
        folds: at least 2.
        seed: of folds, subsets and trees.
    Source: Ke et al. (2017), LightGBM, for such trees; Hanley and McNeil (1982), Radiology 143, for the area.
    """

    name: ClassVar[str] = "detection"
    titles: ClassVar[Mapping[str, Title]] = {
        "detection": Title("detection", "pairs in which boosted trees pick the real row; 0.5 where both are the same")
    }
    better: ClassVar[Better] = "lower"
    linear: ClassVar[bool] = True
    blocks: tuple[Block, ...] = ()
    folds: int = 3
    seed: int = 0

    def __post_init__(self) -> None:
        if self.folds < 2:
            raise Refused(f"folds of Detection must be at least 2, got {self.folds}.")

    def on(self, space: Space) -> "Detection":
        return replace(self, blocks=blocks_of(space))

    @property
    def protocol(self) -> dict[str, Any]:
        return {"metric": self.name, "folds": self.folds, "seed": self.seed, "trees": "HistGradientBoostingClassifier"}

    @property
    def least_samples(self) -> int:
        return 4 * self.folds

    def poorest(self, x: Tensor) -> Mapping[str, float]:
        return {self.name: 1.0}

    def measure(self, x: Tensor, y: Tensor) -> tuple[Score, ...]:
        return (self.test(x, y).score(),)

    def test(self, x: Array, y: Array, level: float = 0.05) -> DetectionTest:
        """Return the test whose area is the score.

        Args:
            x: data, one row a point.
            y: samples, one row a point.
            level: of the test.
        """
        x, y = pair(x, y, least=self.least_samples, whose=self.name)
        draw, n = generator(self.seed), min(len(x), len(y))
        x, y = (rows[torch.randperm(len(rows), generator=draw)[:n]] for rows in (x, y))
        table, levels = for_trees(columns(torch.cat([x, y]), self.blocks))
        fold, real = fold_numbers(n, n, self.folds, draw), np.arange(2 * n) < n
        areas = [rank_area(*_judged(table, levels, real, fold.numpy() == f, self.seed)) for f in range(self.folds)]
        area, error = np.mean([a for a, _, _ in areas]), sqrt(sum(e**2 for _, e, _ in areas)) / self.folds
        return DetectionTest(
            float(area), error, min(1.0, self.folds * min(p for _, _, p in areas)), level, len(x), len(y)
        )


def _judged(
    table: np.ndarray, levels: list[bool], real: np.ndarray, held: np.ndarray, seed: int
) -> tuple[np.ndarray, np.ndarray]:
    """Return what trees that were fitted to the other rows make of the data and of the samples that are held out."""
    from sklearn.ensemble import HistGradientBoostingClassifier

    trees = HistGradientBoostingClassifier(categorical_features=levels, random_state=seed)
    value = trees.fit(table[~held], real[~held]).decision_function(table[held])
    return value[real[held]], value[~real[held]]
