"""Is A closer to the data than B? The relative test of MMD, with an error that counts what they share."""

from dataclasses import dataclass
from typing import Any, Literal

import pandas as pd
from jaxtyping import Float
from scipy.stats import norm
from torch import Tensor

from pushforward.discrepancies import Unbiased
from pushforward.discrepancies.against import Against
from pushforward.discrepancies.sums import Sums
from pushforward.discrepancies.variance import null_square, perm
from pushforward.errors import Refused
from pushforward.kernels import Kernel
from pushforward.metrics.mmd import DEFAULT, LEAST
from pushforward.metrics.rows import Array, generator, rows, subset
from pushforward.metrics.tails import below, two_sided


@dataclass(frozen=True)
class ThreeSample:
    """Outcome of a relative test of samples a and b against one reference.

    Args:
        difference: MMD²(reference, a) − MMD²(reference, b): negative where a is closer.
        stderr: of the difference.
        interval: of the difference, at 1 − level.
        statistic: difference over stderr.
        p_value: two-sided, of equal distances.
        p_closer: one-sided: small where a is closer than b.
        p_farther: one-sided: small where a is farther than b.
        level: below or at which a two-sided p is called resolved.
        n: rows of the reference.
        sizes: rows of a and of b.
    """

    difference: float
    stderr: float
    interval: tuple[float, float]
    statistic: float
    p_value: float
    p_closer: float
    p_farther: float
    level: float
    n: int
    sizes: tuple[int, int]

    @property
    def rejected(self) -> bool:
        """The two distances differ at that level."""
        return self.p_value <= self.level

    @property
    def better(self) -> Literal["a", "b"] | None:
        """The closer one; None where the test does not tell."""
        if not self.rejected:
            return None
        return "a" if self.difference < 0 else "b"

    def frame(self) -> pd.DataFrame:
        """The outcome as one row."""
        return pd.DataFrame([self.to_json()])

    def to_json(self) -> dict[str, Any]:
        """The outcome as plain values."""
        names = "difference", "stderr", "interval", "statistic", "p_value", "p_closer", "p_farther", "level", "better"
        return {name: getattr(self, name) for name in names} | {"interval": list(self.interval)}


def three_sample_test(
    reference: Array,
    a: Array,
    b: Array,
    *,
    kernel: Kernel = DEFAULT,
    level: float = 0.05,
    most: int | None = 10_000,
    seed: int = 0,
) -> ThreeSample:
    """t = (MMD²(x, a) − MMD²(x, b))/σ̂ of reference x, normal if both distances differ from 0.

    Both estimates are unbiased and share the reference; the variance of their difference is estimated without bias for
    any sizes, and is at least what it would be if all three laws were equal, where t is no longer normal but the test
    then errs on the safe side. Draws of a, b and the reference must be independent.

    Args:
        reference: data, one row a point; at least 4.
        a: samples of one model; at least 4.
        b: samples of the other; at least 4.
        kernel: bandwidths that wait for data are taken from the reference.
        level: of the test, between 0 and 1, and one minus the coverage of the interval.
        most: rows of each that are used, drawn at random from more; None uses all.
        seed: of those draws.

    Raises:
        Refused: if one has fewer than 4 rows, the widths differ, a value is not finite, or level is out of range.
    Source: Bounliphone et al. (2016), arXiv 1511.04581.
    Differs: the variance is the unbiased one, for unequal sizes too; theirs is low by half at six rows.
    Example:
        >>> import torch
        >>> x, a, b = torch.randn(3, 200, 2, generator=torch.Generator().manual_seed(0))
        >>> three_sample_test(x, a, b + 1).better
        'a'
    """
    if not 0 < level < 1:
        raise Refused(f"level of three_sample_test must lie between 0 and 1, got {level}; the usual one is 0.05.")
    draw, given = generator(seed), {"reference": reference, "a": a, "b": b}
    x, y, z = (subset(rows(w, name, least=LEAST, whose="three_sample_test"), most, draw) for name, w in given.items())
    if not x.shape[1] == y.shape[1] == z.shape[1]:
        widths = f"{x.shape[1]}, {y.shape[1]} and {z.shape[1]}"
        raise Refused(f"reference, a and b must be equally wide, got {widths}; encode all three the same way.")
    against = Against(kernel.fitted(x), x)
    return relative(against(y), against(z), level)


def relative(a: Sums, b: Sums, level: float) -> ThreeSample:
    """The test from sums of kernel values, those of the reference being the same in both.

    Args:
        a: of the reference and one model.
        b: of the reference and the other.
        level: of the test.
    """
    difference = float(Unbiased()(a) - Unbiased()(b))
    stderr = max(float(relative_variance(a, b)), null_relative_variance(a, b)) ** 0.5
    t = difference / stderr if stderr > 0 else 0.0
    reach = float(norm.isf(level / 2)) * stderr
    return ThreeSample(
        difference=difference,
        stderr=stderr,
        interval=(difference - reach, difference + reach),
        statistic=t,
        p_value=two_sided(t),
        p_closer=below(t),
        p_farther=below(-t),
        level=level,
        n=a.n,
        sizes=(a.m, b.m),
    )


def relative_variance(a: Sums, b: Sums) -> Float[Tensor, ""]:
    """Var(B_a − 2C_a − B_b + 2C_b), B the mean of a model's own kernel values and C that of the cross ones: unbiased.

    Var B_a + 4·Var C_a − 4·Cov(B_a, C_a), the same of b, and −8·Cov(C_a, C_b) for the shared reference; every product
    of expectations is estimated from kernel values without a common point. May be negative.

    Args:
        a: of the reference and one model.
        b: of the reference and the other.
    """
    return _own(a) + _own(b) - 8 * _shared(a, b)


def null_relative_variance(a: Sums, b: Sums) -> float:
    """2ζ·(1/l(l−1) + 1/m(m−1) + 2/nl + 2/nm) for l and m samples: the same if all three laws were equal."""
    zeta = (null_square(a) + null_square(b)) / 2
    own = sum(1 / perm(s.m, 2) + 2 / (s.n * s.m) for s in (a, b))
    return 2 * zeta * own


def _own(s: Sums) -> Tensor:
    """Var(B − 2C) = Var B + 4·Var C − 4·Cov(B, C)."""
    n, m = s.n, s.m
    apart_b = (s.b.sum() ** 2 - 4 * s.b @ s.b + 2 * s.yy_square) / perm(m, 4)
    one, two = (s.b @ s.b - s.yy_square) / perm(m, 3) - apart_b, s.yy_square / perm(m, 2) - apart_b
    apart = (s.r.sum() ** 2 - s.r @ s.r - s.c @ s.c + s.xy_square) / (perm(n, 2) * perm(m, 2))
    by_row = (s.r @ s.r - s.xy_square) / (n * perm(m, 2)) - apart
    by_column = (s.c @ s.c - s.xy_square) / (m * perm(n, 2)) - apart
    cross = ((m - 1) * by_row + (n - 1) * by_column + s.xy_square / (n * m) - apart) / (n * m)
    common = s.b @ s.c
    both = 2 / m * (common / (perm(m, 2) * n) - (s.b.sum() * s.c.sum() - 2 * common) / (perm(m, 3) * n))
    return (4 * (m - 2) * one + 2 * two) / perm(m, 2) + 4 * cross - 4 * both


def _shared(a: Sums, b: Sums) -> Tensor:
    """Cov(C_a, C_b) = Cov(E k(x, a), E k(x, b))/n."""
    n, common = a.n, a.r @ b.r
    apart = (a.r.sum() * b.r.sum() - common) / perm(n, 2)
    return (common / n - apart) / (n * a.m * b.m)
