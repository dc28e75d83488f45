"""The modes that samples reach, where the modes of the data are known."""

from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

import numpy as np
import torch
from scipy.stats import binom
from torch import Tensor

from pushforward.errors import Refused
from pushforward.kernels.pairwise import squared_distance
from pushforward.metrics.base import Score, Title
from pushforward.metrics.numerics.checked_arrays import Array, pair

TITLE = Title("modes found", "known modes with their share of samples")

NEAR = 3.0
"""Standard deviations within which a sample counts for a mode."""

ROUNDING = 1e-9
"""How far weights may be from the sum 1, as a share."""

BLOCK = 2**23
"""Entries of the largest intermediate matrix."""


@runtime_checkable
class KnownModes(Protocol):
    """The centres (K d) of known modes and the standard deviation around each, one number or K.

    Modes of unequal weights also have `weights`, K numbers with the sum 1.
    """

    @property
    def centers(self) -> Any:
        """The centres of the modes, one row a mode."""

    @property
    def std(self) -> Any:
        """The standard deviation of one coordinate around its centre, one number or one a mode."""


@dataclass(frozen=True)
class ModeCount:
    """The known modes that the samples reach, and how evenly the samples lie among them.

    Args:
        found: modes with at least a quarter of their own weight of the samples within three standard deviations,
            1/(4K) where weights are equal.
        total: K, the number of modes.
        share: of the samples, those within three standard deviations of some mode.
        kl: Σ p log p/w, p the histogram of those samples over the modes and w the weights: 0 where they agree; None if
            no sample is near.
        histogram: samples within three standard deviations of each mode, each counted for its nearest one.
        m: number of samples; the count of modes is meant for 10,000.
        weights: w, of each mode; 1/K where absent.
    """

    found: int
    total: int
    share: float
    kl: float | None
    histogram: tuple[int, ...]
    m: int
    weights: tuple[float, ...] = ()

    @property
    def spread(self) -> float:
        """√Σ q(1 − q), q the chance that another m samples find a mode: the count of each is binomial, its share known.

        At most a little too large: counts of different modes fall as others rise. A mode without samples is sure to
        stay unfound, which the next draw may refute.
        """
        weights = np.array(self.weights or [1 / self.total] * self.total)
        q = binom.sf(np.ceil(_least(self.m, weights)) - 1, self.m, np.array(self.histogram) / self.m)
        return float((q * (1 - q)).sum() ** 0.5)

    def score(self) -> Score:
        """Return the number of modes that were found, as a score."""
        note = f"of {self.total}; its spread takes the shares of the modes for those that were seen"
        return Score("modes", float(self.found), None, None, "higher", "analytic", note, spread=self.spread)


def modes(y: Array, known: KnownModes) -> ModeCount:
    """Count the known modes that samples reach, the samples near one, and the imbalance between modes.

    Args:
        y: samples, one row a point; 10,000 by design, and the result says how many there were.
        known: the modes.

    Raises:
        Refused: if the centres have another width than the samples.
    Example:
        >>> from types import SimpleNamespace
        >>> ring = SimpleNamespace(centers=torch.eye(2), std=0.1)
        >>> modes(torch.tensor([[1.0, 0.1], [0.9, 0.0], [0.5, 0.5]]), ring).found
        1
    """
    z, centers = pair(y, known.centers, whose="modes", names=("y", "centers"))
    std = torch.as_tensor(known.std, dtype=torch.float64).expand(len(centers))
    if not bool((std > 0).all()):
        raise Refused(f"std of modes must be above 0, got {known.std}.")
    weights = _weights(known, len(centers))
    index, near = _nearest(z, centers, std)
    histogram = torch.bincount(index[near], minlength=len(centers))
    return ModeCount(
        found=int((histogram >= _least(len(z), weights)).sum()),
        total=len(centers),
        share=float(near.double().mean()),
        kl=_to(weights, histogram),
        histogram=tuple(histogram.tolist()),
        m=len(z),
        weights=tuple(weights.tolist()),
    )


def _weights(known: KnownModes, count: int) -> Tensor:
    """Return the weights of known modes.

    Raises:
        Refused: if they are not one positive number a mode with the sum 1.
    """
    given = getattr(known, "weights", None)
    if given is None:
        return torch.full((count,), 1 / count, dtype=torch.float64)
    weights = torch.as_tensor(given, dtype=torch.float64)
    if weights.shape != (count,) or not bool((weights > 0).all()) or abs(float(weights.sum()) - 1) > ROUNDING:
        raise Refused(f"weights of modes must be {count} positive numbers with the sum 1, got {weights.tolist()}.")
    return weights


def _least(m: int, weights: Any) -> Any:
    """Return how many of m samples each mode needs; a hair less, lest a third of 12 samples be more than 4 of them."""
    return weights * m / 4 * (1 - ROUNDING)


def _nearest(y: Tensor, centers: Tensor, std: Tensor) -> tuple[Tensor, Tensor]:
    """Return each sample's nearest mode, in units of that mode's deviation, and whether the sample is near it."""
    scaled = [squared_distance(part, centers) / std.square() for part in y.split(max(1, BLOCK // len(centers)))]
    least = [part.min(1) for part in scaled]
    return torch.cat([p.indices for p in least]), torch.cat([p.values for p in least]) <= NEAR**2


def _to(weights: Tensor, histogram: Tensor) -> float | None:
    """Return the KL divergence of the counts' shares from the weights; None without counts."""
    if not histogram.any():
        return None
    p = histogram.double() / histogram.sum()
    return float(torch.special.xlogy(p, p / weights.to(p.device)).sum())
