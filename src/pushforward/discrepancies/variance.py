"""The unbiased estimates of the variance of unbiased estimates of MMD², from sums of kernel values."""

import math

import torch
from jaxtyping import Float
from torch import Tensor

from pushforward.discrepancies.sums import Sums
from pushforward.errors import Refused


def perm(n: int, k: int) -> float:
    """n!/(n − k)! as a float: torch takes no integers beyond 2⁶³, which n⁴ passes at 55,000 rows."""
    return float(math.perm(n, k))


def unbiased_variance(s: Sums) -> Float[Tensor, ""]:
    """Var(A + B − 2C) = Var A + Var B + 4·Var C − 4·Cov(A, C) − 4·Cov(B, C) for the estimator `Unbiased`.

    A, B, C are the means of K_xx and K_yy without their diagonals, and of K_xy. Every product of expectations is
    estimated from kernel values without a common point, so the estimate has no bias, and may be negative.

    Source: the method of Sutherland (2019), arXiv 1906.02104, here for n ≠ m.
    """
    cross = (s.m - 1) * _by_row(s) + (s.n - 1) * _by_column(s) + _by_pair(s)
    return _within(s) + 4 * cross / (s.n * s.m) - 4 * _covariances(s)


def u_statistic_variance(s: Sums) -> Float[Tensor, ""]:
    """Return the same variance for the estimator `UStatistic`, whose C leaves out the pairs (x_i, y_i).

    Source: Sutherland (2019), arXiv 1906.02104, its final display corrected.
    """
    cross = (s.n - 2) * (_by_row(s) + _by_column(s)) + _by_pair(s)
    return _within(s) + 4 * cross / perm(s.n, 2) - 4 * _covariances(s)


def standard_error(s: Sums) -> float:
    """Return the standard error of `Unbiased`, at least what it is if the laws are equal.

    It is the root of the unbiased variance, which near equality scatters around its value there, and below zero.

    Args:
        s: sums of kernel values.
    """
    return max(float(unbiased_variance(s)), null_variance(s)) ** 0.5


def null_variance(s: Sums) -> float:
    """2ζ·(1/n(n−1) + 1/m(m−1) + 2/nm), ζ as in `null_square`: Var of MMD² if P = Q.

    Args:
        s: sums of kernel values.
    """
    return 2 * null_square(s) * (1 / perm(s.n, 2) + 1 / perm(s.m, 2) + 2 / (s.n * s.m))


def null_square(s: Sums) -> float:
    """ζ = E k̃(z, z′)² of the pooled rows, k̃ the kernel centred, without bias but never below 0.

    Args:
        s: sums of kernel values.
    """
    return centred_square(torch.cat([s.a + s.r, s.b + s.c]), s.xx_square + s.yy_square + 2 * s.xy_square)


def centred_square(rows: Float[Tensor, " n"], square: Float[Tensor, ""]) -> float:
    """E k̃(z, z′)² of the rows of one sample, k̃ the kernel centred, without bias but never below 0.

    Args:
        rows: row sums of the kernel matrix without its diagonal; at least 4.
        square: sum of squares of that matrix.
    """
    total, norm, size = rows.sum(), rows @ rows, len(rows)
    two, one = square / perm(size, 2), (norm - square) / perm(size, 3)
    square_of_mean = (total**2 - 4 * norm + 2 * square) / perm(size, 4)
    return max(float(two - 2 * one + square_of_mean), 0.0)


def _within(s: Sums) -> Tensor:
    """Var A + Var B."""
    if min(s.n, s.m) < 4:
        raise Refused(f"the variance of an MMD² needs at least 4 rows of each, got {s.n} and {s.m}; give it more.")
    return _self_variance(s.a, s.xx_square) + _self_variance(s.b, s.yy_square)


def _self_variance(a: Tensor, square: Tensor) -> Tensor:
    """Var of the mean of k(x_i, x_j), i ≠ j: (4(n−2)·ζ₁ + 2·ζ₂) / n(n−1)."""
    n = len(a)
    square_of_mean = (a.sum() ** 2 - 4 * a @ a + 2 * square) / perm(n, 4)  # (E k)², from four different points
    one = (a @ a - square) / perm(n, 3) - square_of_mean
    two = square / perm(n, 2) - square_of_mean
    return (4 * (n - 2) * one + 2 * two) / perm(n, 2)


def _square_of_mean(s: Sums) -> Tensor:
    """(E k(x, y))², from pairs without a common point."""
    return (s.r.sum() ** 2 - s.r @ s.r - s.c @ s.c + s.xy_square) / (perm(s.n, 2) * perm(s.m, 2))


def _by_row(s: Sums) -> Tensor:
    """Cov(k(x, y), k(x, y′))."""
    return (s.r @ s.r - s.xy_square) / (s.n * perm(s.m, 2)) - _square_of_mean(s)


def _by_column(s: Sums) -> Tensor:
    """Cov(k(x, y), k(x′, y))."""
    return (s.c @ s.c - s.xy_square) / (s.m * perm(s.n, 2)) - _square_of_mean(s)


def _by_pair(s: Sums) -> Tensor:
    """Var k(x, y)."""
    return s.xy_square / (s.n * s.m) - _square_of_mean(s)


def _covariances(s: Sums) -> Tensor:
    """Cov(A, C) + Cov(B, C)."""
    return _covariance(s.a, s.r, s.m) + _covariance(s.b, s.c, s.n)


def _covariance(a: Tensor, r: Tensor, others: int) -> Tensor:
    """Cov(A, C) = 2/n·Cov(k(x, x′), k(x, y)), from row sums of K_xx and K_xy."""
    n, common = len(a), a @ r
    square_of_mean = (a.sum() * r.sum() - 2 * common) / (perm(n, 3) * others)
    return 2 / n * (common / (perm(n, 2) * others) - square_of_mean)
