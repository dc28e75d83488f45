"""Tails of the normal law as p-values."""

from sys import float_info

from scipy.stats import norm


def below(z: float) -> float:
    """Φ(z), kept above 0: far in the tail a float runs out, and no test has the p-value 0.

    Args:
        z: a statistic that is standard normal under its null hypothesis; small values speak against that.

    Example:
        >>> below(0.0), below(-100.0) > 0
        (0.5, True)
    """
    return max(float(norm.cdf(z)), float_info.min)


def two_sided(z: float) -> float:
    """P(|Z| ≥ |z|) for a standard normal Z, kept above 0."""
    return min(1.0, 2 * below(-abs(z)))
