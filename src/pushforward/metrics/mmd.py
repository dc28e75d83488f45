"""Kernel scores with their standard errors: MMD², energy distance, KID."""

from dataclasses import dataclass
from math import perm
from typing import ClassVar

import torch
from torch import Tensor

from pushforward.discrepancies import Unbiased
from pushforward.discrepancies.sums import Sums, blockwise
from pushforward.discrepancies.variance import unbiased_variance
from pushforward.kernels import Distance, Gaussian, Kernel, Median, Polynomial
from pushforward.metrics.cubic import by_moments, cheaper
from pushforward.metrics.score import Better, Metric, Score
from pushforward.metrics.stream import InMemory, Stream

NORMAL = 1.959963984540054
"""Standard errors on either side of a 95 % interval."""

LEAST = 4
"""Rows a side below which the variance has no unbiased estimate."""

DEFAULT = (1 / 3) * Gaussian(Median((0.5, 1.0, 2.0)))
"""The mean of three Gaussians around the median distance of the data: it lies between 0 and 1, so MMD² below 2."""


@dataclass(frozen=True)
class KernelDistance(Metric):
    """MMD²(P, Q) over all pairs, unbiased, with a 95 % interval: negative values are chance, and stay.

    Args:
        kernel: bandwidths that wait for data are taken from the data x, so that models compared on one x share them.
    Source: Gretton et al. (2012), JMLR 13, Lemma 6.
    """

    name: ClassVar[str] = "mmd"
    better: ClassVar[Better] = "lower"
    cost: ClassVar[str] = "(n² + m² + n·m)·d"
    kernel: Kernel = DEFAULT

    @property
    def least_samples(self) -> int:
        return LEAST

    def measure(self, x: Tensor, y: Tensor) -> tuple[Score, ...]:
        return (estimated(self.name, self.kernel.fitted(x), x, y),)


@dataclass(frozen=True)
class EnergyDistance(Metric):
    """2·E‖x − y‖ − E‖x − x′‖ − E‖y − y′‖ over all pairs, unbiased, with a 95 % interval; no bandwidth to choose.

    Source: Székely and Rizzo (2013), Journal of Statistical Planning and Inference 143.
    """

    name: ClassVar[str] = "energy"
    better: ClassVar[Better] = "lower"
    cost: ClassVar[str] = "(n² + m² + n·m)·d"

    @property
    def least_samples(self) -> int:
        return LEAST

    def measure(self, x: Tensor, y: Tensor) -> tuple[Score, ...]:
        # The base point changes no value; at the data's centre the kernel's numbers are small and nothing cancels.
        center = tuple(x.mean(0).tolist())
        return (estimated(self.name, 2.0 * Distance(base_point=center), x, y),)


@dataclass(frozen=True)
class KID(Metric):
    """MMD² with the kernel (⟨a, b⟩/d + 1)³ of features over all pairs, unbiased, with a 95 % interval.

    Where rows are many and coordinates few, it is computed from moments up to order 3, which gives the same value.

    Args:
        degree: of the polynomial.
    Source: Bińkowski et al. (2018), arXiv 1801.01401.
    Differs: one estimate over all pairs and its standard error, not the mean and spread over random subsets of 1000.
    """

    name: ClassVar[str] = "kid"
    better: ClassVar[Better] = "lower"
    cost: ClassVar[str] = "(n² + m² + n·m)·d"
    degree: int = 3

    @property
    def least_samples(self) -> int:
        return LEAST

    def measure(self, x: Tensor, y: Tensor) -> tuple[Score, ...]:
        if self.streams(len(x), len(y), x.shape[1]):
            return self.streamed(InMemory(x), InMemory(y))
        return (estimated(self.name, Polynomial(self.degree), x, y),)

    def streams(self, n: int, m: int, d: int) -> bool:
        return cheaper(Polynomial(self.degree), n, m, d)

    def streamed(self, x: Stream, y: Stream) -> tuple[Score, ...]:
        return (of_sums(self.name, by_moments(Polynomial(self.degree), x, y)),)


def estimated(name: str, kernel: Kernel, x: Tensor, y: Tensor) -> Score:
    """Unbiased MMD² of that kernel as a score."""
    return of_sums(name, blockwise(kernel, x, y))


def of_sums(name: str, sums: Sums) -> Score:
    """Unbiased MMD² as a score.

    Its variance is the unbiased estimate, but at least what it would be if the laws were equal: near equality the
    unbiased one scatters around that value and below zero.
    """
    value = float(Unbiased()(sums))
    stderr = max(float(unbiased_variance(sums)), null_variance(sums)) ** 0.5
    interval = (value - NORMAL * stderr, value + NORMAL * stderr)
    return Score(name, value, stderr, interval, "lower", "analytic", _note(interval, stderr))


def _note(interval: tuple[float, float], stderr: float) -> str | None:
    """What the interval says about zero."""
    if interval[1] < 0:
        return "further below zero than chance puts independent samples: are some of them copies of the data?"
    return f"consistent with zero (standard error {stderr:.2g})" if interval[0] <= 0 else None


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
    rows, square = torch.cat([s.a + s.r, s.b + s.c]), s.xx_square + s.yy_square + 2 * s.xy_square
    total, norm, size = rows.sum(), rows @ rows, len(rows)
    two, one = square / perm(size, 2), (norm - square) / perm(size, 3)
    apart = (total**2 - 4 * norm + 2 * square) / perm(size, 4)
    return max(float(two - 2 * one + apart), 0.0)
