"""The dependence of the columns of a table on one another, pair by pair: what a heat map shows."""

from collections.abc import Sequence
from itertools import combinations

import numpy as np
from jaxtyping import Float

from pushforward.metrics.numerics.cells import Column
from pushforward.metrics.scores.trend import coded, correlations


def dependence(x: Sequence[Column], y: Sequence[Column]) -> tuple[Float[np.ndarray, "k k"], Float[np.ndarray, "k k"]]:
    """Return Pearson's r of two columns of numbers and Cramér's V of all others, among data and among samples.

    Numbers beside levels are in bins by the data, as in `Trend`.

    Args:
        x: columns of the data.
        y: columns of the samples.
    """
    numbers = [i for i, column in enumerate(x) if not column.levels]
    binned = [coded(a, b) for a, b in zip(x, y, strict=True)]
    codes, found = ([code[0] for code in binned], [code[1] for code in binned]), []
    for side, columns in enumerate((x, y)):
        values = np.eye(len(x))
        if numbers:
            values[np.ix_(numbers, numbers)] = correlations(np.stack([columns[i].cells for i in numbers], 1))
        np.fill_diagonal(values, 1.0)
        for i, j in combinations(range(len(x)), 2):
            if x[i].levels or x[j].levels:
                values[i, j] = values[j, i] = cramers_v(codes[side][i], codes[side][j])
        found.append(values)
    return found[0], found[1]


def cramers_v(a: np.ndarray, b: np.ndarray) -> float:
    """Return √(χ²/(n·min(k − 1, l − 1))) of two columns of k and l values; 0 where one of them is constant.

    Example:
        >>> cramers_v(np.array([0, 0, 1, 1]), np.array([2, 2, 5, 5]))
        1.0
    """
    (_, p), (_, q) = np.unique(a, return_inverse=True), np.unique(b, return_inverse=True)
    k, l = int(p.max()) + 1, int(q.max()) + 1
    if min(k, l) < 2:
        return 0.0
    joint = np.bincount(p * l + q, minlength=k * l).reshape(k, l) / len(p)
    apart = joint.sum(1)[:, None] * joint.sum(0)
    return float(np.sqrt(((joint - apart) ** 2 / apart).sum() / (min(k, l) - 1)))
