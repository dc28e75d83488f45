"""The tails of the normal law and of the t-law as p-values."""

from math import inf
from sys import float_info

from scipy.stats import norm
from scipy.stats import t as student


def below(z: float, degrees: float = inf) -> float:
    """P(Z ≤ z), kept above 0: far in the tail a float runs out, and no test has the p-value 0.

    Args:
        z: a statistic that has the t-law under its null hypothesis; small values speak against that.
        degrees: of freedom, above 0; the normal law if infinite.

    Example:
        >>> below(0.0), below(-100.0) > 0, round(below(-1.0, 1.0), 12)  # 1/2 + arctan(-1)/π for Cauchy's law
        (0.5, True, 0.25)
    """
    return max(float(norm.cdf(z) if degrees == inf else student.cdf(z, degrees)), float_info.min)


def two_sided(z: float, degrees: float = inf) -> float:
    """P(|Z| ≥ |z|), kept above 0, of Z as in `below`."""
    return min(1.0, 2 * below(-abs(z), degrees))
