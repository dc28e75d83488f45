"""The smallest difference that a test of these sizes would have detected."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
from jaxtyping import Float
from scipy.stats import norm
from torch import Tensor

from pushforward.kernels import Kernel
from pushforward.metrics.numerics.checked_arrays import subset

ROWS = 300
"""Rows on which shifts are tried."""

LARGEST = 32.0
"""Standard deviations beyond which a shift is no longer looked for."""


@dataclass(frozen=True)
class Threshold:
    """The MMD² of one kernel that leads to rejection, and how much it varies under equal laws.

    Args:
        kernel: the kernel.
        critical: MMD² above which the test rejects.
        deviation: standard deviation of MMD² where the laws are equal.
    """

    kernel: Kernel
    critical: float
    deviation: float


def detectable_shift(
    x: Float[Tensor, "l d"],
    thresholds: Sequence[Threshold],
    sizes: tuple[int, int],
    generator: torch.Generator,
    power: float = 0.8,
) -> float | None:
    """Return the smallest shift of all samples along the data's first principal axis that has that power.

    In units of the data's standard deviation along that axis. The mean of MMD² under a shift is taken from the data
    themselves, its variance is σ₀² + 4(1/n + 1/m)·Var(witness), and it is held to be normal; the test is credited with
    its best kernel only. None if no shift up to 32 deviations would do, or if nothing varies.

    Args:
        x: data.
        thresholds: of the test's kernels.
        sizes: n and m of the test.
        generator: draws the rows that are shifted.
        power: probability of rejection that is asked for.
    """
    part = subset(x, ROWS, generator)
    centered = part - part.mean(0)
    scale, axis = _first_axis(centered)
    if scale == 0:
        return None

    def detected(shift: float) -> bool:
        moved = centered + shift * scale * axis
        return any(_margin(t, centered, moved, sizes) >= norm.ppf(power) for t in thresholds)

    return _smallest(detected)


def _first_axis(centered: Tensor) -> tuple[float, Tensor]:
    """Return the standard deviation along the axis where the rows vary most, and that axis."""
    _, singular, axes = torch.linalg.svd(centered, full_matrices=False)
    return float(singular[0]) / len(centered) ** 0.5, axes[0]


def _margin(threshold: Threshold, x: Tensor, y: Tensor, sizes: tuple[int, int]) -> float:
    """Return by how many standard deviations the mean of MMD² between such laws exceeds the critical value."""
    k, pairs = threshold.kernel, len(x) * (len(x) - 1)
    xx, xy, yy = (gram.fill_diagonal_(0.0) for gram in (k(x, x), k(x, y), k(y, y)))
    mean = float(xx.sum() + yy.sum() - 2 * xy.sum()) / pairs
    witness = (xx.sum(1) - xy.sum(1)) / (len(x) - 1)
    variance = threshold.deviation**2 + 4 * (1 / sizes[0] + 1 / sizes[1]) * float(witness.var())
    return (mean - threshold.critical) / max(variance, 1e-300) ** 0.5


def _smallest(detected: Callable[[float], bool]) -> float | None:
    """Return where `detected` becomes true, to 2 %; None if it does not by LARGEST."""
    high = 2.0**-10
    while not detected(high):
        high *= 2
        if high > LARGEST:
            return None
    low = high / 2
    while high / low > 1.02:
        middle = (low * high) ** 0.5
        low, high = (low, middle) if detected(middle) else (middle, high)
    return high
