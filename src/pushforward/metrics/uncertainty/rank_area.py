"""The area under the curve of two samples of values: how often one of the first exceeds one of the second."""

from math import sqrt

import numpy as np

from pushforward.metrics.uncertainty.tails import below


def rank_area(x: np.ndarray, y: np.ndarray) -> tuple[float, float, float]:
    """Return P(X > Y) + ½P(X = Y), its standard error, and the p-value of equal laws against larger X.

    The error is that of the shares of the other side which each value exceeds; the p-value is of the rank sum, with the
    variance that ties leave it.

    Args:
        x: values of one kind.
        y: values of the other.
    Source: Hanley and McNeil (1982), Radiology 143, for the area; DeLong et al. (1988), Biometrics 44, for its error.
    Example:
        >>> rank_area(np.array([2.0, 3.0]), np.array([1.0, 2.0]))[0]
        0.875
    """
    from scipy.stats import rankdata

    n, m = len(x), len(y)
    ranks = rankdata(np.concatenate([x, y]))
    over = (ranks[:n] - rankdata(x)) / m, 1 - (ranks[n:] - rankdata(y)) / n
    area = float(over[0].mean())
    ties = np.unique(ranks, return_counts=True)[1].astype(float)
    left = (n + m + 1) - (ties**3 - ties).sum() / ((n + m) * (n + m - 1))
    chance = sqrt(left / (12 * n * m))
    p = below(-(area - 0.5) / chance) if chance > 0 else 1.0
    return area, sqrt(over[0].var(ddof=1) / n + over[1].var(ddof=1) / m), p
