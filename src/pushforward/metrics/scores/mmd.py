"""The kernel scores with their standard errors: MMD², energy distance, KID."""

from abc import abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import ClassVar

import torch
from torch import Tensor

from pushforward.discrepancies import Unbiased
from pushforward.discrepancies.against import Against
from pushforward.discrepancies.sums import Sums, between, blockwise, within
from pushforward.discrepancies.variance import null_variance, standard_error
from pushforward.kernels import Distance, Gaussian, Kernel, Median, Polynomial
from pushforward.kernels.far import middle
from pushforward.metrics.base import Better, Metric, Score, Title
from pushforward.metrics.numerics.checked_arrays import Array, pair
from pushforward.metrics.numerics.cubic_sums import by_moments, moments_are_cheaper
from pushforward.metrics.uncertainty.interval import distance_interval
from pushforward.notes import Note
from pushforward.rows import Held, Rows

LEAST = 4
"""Rows a side below which the variance has no unbiased estimate."""

DEFAULT = (1 / 3) * Gaussian(Median((0.5, 1.0, 2.0)))
"""The mean of three Gaussians around the median distance of the data: it lies between 0 and 1, so MMD² below 2."""


class KernelScore(Metric):
    """A metric that is unbiased MMD² of a kernel."""

    better: ClassVar[Better] = "lower"

    @property
    def least_samples(self) -> int:
        return LEAST

    @abstractmethod
    def compares_by(self, x: Tensor) -> Kernel:
        """Return the kernel, with what it takes from the data.

        Args:
            x: data.
        """

    def measure(self, x: Tensor, y: Tensor) -> tuple[Score, ...]:
        # in the cheapest arithmetic that these rows bear
        return (of_sums(self.name, Against(self.compares_by(x), x)(y)),)

    def poorest(self, x: Tensor) -> Mapping[str, float]:
        """Return what copies of the data's mean row score: all of the data's variety is missing."""
        same = x.mean(0).expand(self.least_samples, -1)  # equal samples score alike, however many they are
        return {self.name: float(Unbiased()(self.sums(x, same)))}

    def sums(self, x: Array, y: Array) -> Sums:
        """Return the sums of kernel values that the score is made of; arguments and errors as in a call."""
        z, w = pair(x, y, least=self.least_samples, whose=self.name)
        # in float64: a change between two states is much smaller than what fewer digits may move a score by
        return blockwise(self.compares_by(z), z, w)

    def sums_against(self, x: Array) -> Callable[[Array], Sums]:
        """Return the function y ↦ sums(x, y), for which what depends on x alone is computed once."""
        z, _ = pair(x, x, least=self.least_samples, whose=self.name)
        whole = self.compares_by(z)
        k, pulled, _ = whole.pulled(z, z)
        of_x = within(k, pulled)

        def sums(y: Array) -> Sums:
            _, w = pair(x, y, least=self.least_samples, whose=self.name)
            _, w, _ = whole.pulled(w, w)
            return between(k, pulled, w, (of_x, within(k, w)))

        return sums


@dataclass(frozen=True)
class KernelDistance(KernelScore):
    """The unbiased MMD²(P, Q) over all pairs, with a 95 % interval: negative values are chance, and stay.

    Args:
        kernel: bandwidths that wait for data are taken from the data x, so that models compared on one x share them.
    Source: Gretton et al. (2012), JMLR 13, Lemma 6.
    """

    name: ClassVar[str] = "mmd"
    titles: ClassVar[Mapping[str, Title]] = {
        "mmd": Title("MMD²", "squared distance of the kernel means; 0 where both are the same, below 0 by chance")
    }
    kernel: Kernel = DEFAULT

    def compares_by(self, x: Tensor) -> Kernel:
        return self.kernel.fitted(x)


@dataclass(frozen=True)
class EnergyDistance(KernelScore):
    """2·E‖x − y‖ − E‖x − x′‖ − E‖y − y′‖ over all pairs, unbiased, with a 95 % interval; no bandwidth to choose.

    Source: Székely and Rizzo (2013), Journal of Statistical Planning and Inference 143.
    """

    name: ClassVar[str] = "energy"
    titles: ClassVar[Mapping[str, Title]] = {
        "energy": Title("energy distance", "how much farther samples are from data than each from its own kind")
    }

    def compares_by(self, x: Tensor) -> Kernel:
        # The base point changes no value; amid the data the kernel's numbers are small and nothing cancels.
        return 2.0 * Distance(base_point=tuple(middle(x).tolist()))


@dataclass(frozen=True)
class KID(KernelScore):
    """MMD² with the kernel (⟨a, b⟩/d + 1)³ of features over all pairs, unbiased, with a 95 % interval.

    Where rows are many and coordinates few, it is computed from moments up to order 3, which gives the same value.

    Args:
        degree: of the polynomial.
    Source: Bińkowski et al. (2018), arXiv 1801.01401.
    Differs: one estimate over all pairs and its standard error, not the mean and spread over random subsets of 1000.
    """

    name: ClassVar[str] = "kid"
    titles: ClassVar[Mapping[str, Title]] = {
        "kid": Title("KID", "MMD² between features of a network; 0 where both are the same, below 0 by chance")
    }
    degree: int = 3

    def compares_by(self, x: Tensor) -> Kernel:
        return Polynomial(self.degree)

    def measure(self, x: Tensor, y: Tensor) -> tuple[Score, ...]:
        if self.streams(len(x), len(y), x.shape[1]):
            return self.streamed(Held(x, torch.float64), Held(y, torch.float64))
        return super().measure(x, y)

    def streams(self, n: int, m: int, d: int) -> bool:
        return moments_are_cheaper(Polynomial(self.degree), n, m, d)

    def streamed(self, x: Rows, y: Rows) -> tuple[Score, ...]:
        return (of_sums(self.name, by_moments(Polynomial(self.degree), x, y)),)


def of_sums(name: str, sums: Sums) -> Score:
    """Return unbiased MMD² as a score, with the arithmetic of its kernel values; its interval is not symmetric."""
    value, stderr = float(Unbiased()(sums)), standard_error(sums)
    interval = distance_interval(value, stderr**2, null_variance(sums))
    note = _note(interval, stderr)
    return Score(name, value, stderr, interval, "lower", "analytic", note, arithmetic=sums.arithmetic)


def _note(interval: tuple[float, float], stderr: float) -> str | None:
    """Return what the interval says about zero, if anything."""
    if interval[1] < 0:
        return Note("further below zero than chance puts independent samples, as copies of the data would be", "doubt")
    return f"consistent with zero (standard error {stderr:.2g})" if interval[0] <= 0 else None
