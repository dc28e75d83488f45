"""The bits per dimension that a density needs for held-out data."""

from math import log, log2

import torch
from jaxtyping import Float
from scipy.stats import t
from torch import Tensor

from pushforward.bijectors.logit import log_slope
from pushforward.errors import Refused
from pushforward.metrics.base import Score, Title
from pushforward.metrics.numerics.checked_arrays import Array

TITLE = Title("bits per dimension", "how many bits the density needs for a pixel of unseen data")

LEAST = 2
"""Rows below which there is no standard error."""


def bits_per_dimension(log_density: Array, dimensions: int, levels: int | None = None, *, extent: float = 1.0) -> Score:
    """−E log p(x)/(d·log 2) over held-out points x, plus log₂(levels/extent): less is better, with a 95 % interval.

    Without `levels` it belongs to the density of continuous data (it may be negative, and depends on the data's unit),
    or to probabilities of discrete data. With them the density is that of grey values to which uniform noise of one
    level was added, and the number bounds the bits of the discrete data from above. Densities of which parts were
    dropped or which were smoothed differently are not comparable.

    Args:
        log_density: log p in nats of each held-out point, with every Jacobian down to the scale of `extent`.
        dimensions: d, the coordinates of a point (channels count).
        levels: grey levels, 256 for 8 bits.
        extent: what those levels span in the units of the density: 1 for [0, 1], 2 for [−1, 1], 256 for 0 to 256.

    Raises:
        Refused: if there are fewer than 2 values, one is NaN or infinite, or a count is out of range.
    Source: Theis, van den Oord, Bethge (2016), arXiv 1511.01844; Dinh et al. (2017), arXiv 1605.08803, section 4.1.
    Differs: Student's t for the interval.
    Example:
        >>> bits_per_dimension(torch.zeros(10), dimensions=3, levels=256).value
        8.0
    """
    bits = bits_of_rows(log_density, dimensions, levels, extent=extent)
    value, stderr = float(bits.mean()), float(bits.std()) / len(bits) ** 0.5
    reach = float(t.isf(0.025, len(bits) - 1)) * stderr
    note = "of continuous data: depends on their unit" if levels is None else f"of {levels} levels, an upper bound"
    return Score("bits-per-dimension", value, stderr, (value - reach, value + reach), "lower", "analytic", note)


def bits_of_rows(
    log_density: Array, dimensions: int, levels: int | None = None, *, extent: float = 1.0
) -> Float[Tensor, " n"]:
    """Return −log p(x)/(d·log 2) + log₂(levels/extent) of every row, whose mean is `bits_per_dimension`.

    Args:
        log_density: as there, and so are the others.
        dimensions: d.
        levels: grey levels.
        extent: what they span.

    Raises:
        Refused: as there.
    """
    if dimensions < 1 or (levels is not None and levels < 2) or not extent > 0:
        raise Refused(
            f"bits_per_dimension needs dimensions ≥ 1, levels ≥ 2 and extent > 0, got {dimensions}, {levels}, {extent}."
        )
    return -_finite_nats(log_density) / (dimensions * log(2)) + (0.0 if levels is None else log2(levels / extent))


def logit_jacobian(h: Float[Tensor, "n d"], margin: float = 0.05) -> Float[Tensor, " n"]:
    """Σᵢ log(1 − 2α) + softplus(hᵢ) + softplus(−hᵢ): log |dh/dy| of h = logit(α + (1 − 2α)·y), to be added to log p(h).

    Args:
        h: transformed points, y in [0, 1].
        margin: α, which keeps the logit finite.

    Source: Dinh et al. (2017), arXiv 1605.08803, section 4.1.
    Differs: symmetric, α + (1 − 2α)·y, since α + (1 − α)·y sends y = 1 to infinity.
    Example:
        >>> logit_jacobian(torch.zeros(1, 2), margin=0.0).exp()
        tensor([16.])
    """
    if not 0 <= margin < 0.5:
        raise Refused(f"margin of logit_jacobian must lie between 0 and 0.5, got {margin}; the usual one is 0.05.")
    return log_slope(h, margin).sum(1)


def _finite_nats(log_density: Array) -> Float[Tensor, " n"]:
    """Return one finite number a point, in float64, or refuse what is none."""
    nats = torch.as_tensor(log_density).detach().to("cpu", torch.float64)
    if nats.ndim == 2 and nats.shape[1] == 1:
        nats = nats[:, 0]
    if nats.ndim != 1 or len(nats) < LEAST:
        raise Refused(
            f"log_density of bits_per_dimension must hold one number a point for at least {LEAST} points, got shape "
            f"{tuple(nats.shape)}."
        )
    if len(broken := (~nats.isfinite()).nonzero()):
        raise Refused(
            f"log_density of bits_per_dimension must be finite, got {float(nats[broken[0, 0]])} in {len(broken)} of "
            f"{len(nats)} rows, first in row {int(broken[0, 0])}; where the density is 0 the bits are infinite."
        )
    return nats
