"""The worth of samples for learning: boosted trees trained on them and on data, both tested on other data."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Any

import numpy as np

from pushforward.errors import Refused, nearest
from pushforward.metrics.base import Floor, Score, Title
from pushforward.metrics.numerics.cells import Column, for_trees, picked
from pushforward.metrics.uncertainty.interval import NORMAL
from pushforward.metrics.uncertainty.rank_area import rank_area
from pushforward.progress import step

TITLE = Title("learnt from samples", "trees trained on samples and tested on data: area under the curve, or R²")

MOST = 10
"""Levels of a target that are told apart, at most: of more the most frequent ones."""

AREA, SHARE = "area under the curve", "R²"


@dataclass(frozen=True)
class Learning:
    """The scores of trees that learnt one column from the others.

    Args:
        target: name of the column.
        measure: "area under the curve" for levels, each against the others, weighed by their shares; else "R²".
        from_samples: of trees that were trained on samples.
        stderr: its standard error, over the rows that they are tested on.
        from_data: of trees that were trained on data.
        trained: rows of samples and of data that they were trained on.
        tested: rows of data that both were tested on.
    """

    target: str
    measure: str
    from_samples: float
    stderr: float
    from_data: float
    trained: tuple[int, int]
    tested: int

    def score(self) -> Score:
        """Return the score of the trees of samples, with that of the trees of data as its floor."""
        reach = NORMAL * self.stderr
        return Score(
            "tstr",
            self.from_samples,
            self.stderr,
            (self.from_samples - reach, self.from_samples + reach),
            "higher",
            "analytic",
            f"{self.measure} of {self.target}; the floor is of trees of as many rows of data, tested on the same rows",
            floor=Floor(self.from_data, 0.0, self.tested, self.trained[1], 1),
            worst=0.5 if self.measure == AREA else 0.0,
        )

    def to_json(self) -> dict[str, Any]:
        """Return the entry `learning` of the table in a verdict."""
        return {
            "target": self.target,
            "measure": self.measure,
            "from_samples": self.from_samples,
            "from_data": self.from_data,
            "stderr": self.stderr,
        }


@step("what can be learnt from samples")
def learning(
    x: Sequence[Column],
    y: Sequence[Column],
    target: str,
    train: Sequence[Column] | None = None,
    seed: int = 0,
) -> Learning:
    """Train boosted trees on samples and on as many rows of data, and test both on other data.

    Args:
        x: columns of the data.
        y: columns of the samples.
        target: name of the one that is learnt from the others.
        train: columns of data that are not in x; without any, half of x is trained on and the other half tested on.
        seed: of the trees and of the rows that are drawn.

    Raises:
        Refused: if there is no such column, or all of its cells are alike.
    Source: Esteban, Hyland and Rätsch (2017), arXiv 1706.02633, for TSTR; trees as in `Detection`.
    """
    place, draw = place_of(target, [column.name for column in x]), np.random.default_rng(seed)
    if train is None:
        order = draw.permutation(len(x[0].cells))
        half = len(order) // 2
        x, train = picked(x, order[half:]), picked(x, order[:half])
    size = min(len(train[0].cells), len(y[0].cells))
    train, y = (picked(z, draw.permutation(len(z[0].cells))[:size]) for z in (train, y))
    x, y, train = (picked(z, np.flatnonzero(~np.isnan(z[place].cells))) for z in (x, y, train))
    levels = _levels(x[place])
    if levels is not None and len(levels) < 2 or not len(y[place].cells):
        raise Refused(f"--target names {target!r}, of which all cells are alike, so that there is nothing to learn.")
    tried = [_tried(z, x, place, levels, seed) for z in (y, train)]
    (value, error), (data, _) = tried
    measure = SHARE if levels is None else AREA
    m, n, tested = (len(z[place].cells) for z in (y, train, x))
    return Learning(target, measure, value, error, data, (m, n), tested)


def place_of(target: str, names: Sequence[str]) -> int:
    """Return the place of a target among the names of columns.

    Raises:
        Refused: if there is none of that name.
    """
    if target not in names:
        close = nearest(target, list(names))
        raise Refused(f"--target names no column of the data that is compared: {target!r}; {close}")
    return names.index(target)


def _levels(column: Column) -> np.ndarray | None:
    """Return the values that are told apart, the most frequent ones first; None where numbers are regressed on."""
    values, counts = np.unique(column.cells, return_counts=True)
    return values[np.argsort(-counts, kind="stable")][:MOST] if column.levels or len(values) <= 2 else None


def _tried(
    train: Sequence[Column], test: Sequence[Column], place: int, levels: np.ndarray | None, seed: int
) -> tuple[float, float]:
    """Return the score on test rows of trees that were fitted to others, and its error."""
    from sklearn.ensemble import HistGradientBoostingRegressor

    given, kinds = for_trees([c for i, c in enumerate(train) if i != place])
    asked, _ = for_trees([c for i, c in enumerate(test) if i != place])
    if levels is not None:
        return _classified(given, train[place].cells, asked, test[place].cells, levels, kinds, seed)
    trees = HistGradientBoostingRegressor(categorical_features=kinds, random_state=seed)
    return _explained(test[place].cells, trees.fit(given, train[place].cells).predict(asked))


def _classified(
    given: np.ndarray,
    known: np.ndarray,
    asked: np.ndarray,
    truth: np.ndarray,
    levels: np.ndarray,
    kinds: list[bool],
    seed: int,
) -> tuple[float, float]:
    """Return the area of each level against all others, weighed by its share; of two levels the area."""
    from sklearn.ensemble import HistGradientBoostingClassifier

    number = {value: i for i, value in enumerate(levels)}
    coded, true = (np.array([number.get(value, len(levels)) for value in z]) for z in (known, truth))
    if len(set(coded)) < 2:
        return 0.5, 0.0  # samples of one level teach nothing
    trees = HistGradientBoostingClassifier(categorical_features=kinds, random_state=seed).fit(given, coded)
    chance = dict(zip(trees.classes_.tolist(), trees.predict_proba(asked).T, strict=True))
    nothing = np.zeros(len(asked))
    areas, weights = [], []
    for i in range(len(levels) if len(levels) > 2 else 1):
        mine = true == i
        if 1 < mine.sum() < len(mine) - 1:
            areas.append(rank_area(chance.get(i, nothing)[mine], chance.get(i, nothing)[~mine])[:2])
            weights.append(float(mine.mean()))
    area, error = np.average(np.array(areas), axis=0, weights=weights)
    return float(area), float(error)


def _explained(truth: np.ndarray, told: np.ndarray) -> tuple[float, float]:
    """Return R² = 1 − E(y − f)²/Var y, and its standard error, by the influence of each row."""
    error, around = (truth - told) ** 2, (truth - truth.mean()) ** 2
    share = error.mean() / around.mean()
    return float(1 - share), sqrt(float(np.var(error - share * around)) / len(truth)) / float(around.mean())
