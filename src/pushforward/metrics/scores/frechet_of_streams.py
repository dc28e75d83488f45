"""The Fréchet distance of any number of rows, and its spread, in two passes."""

import torch
from torch import Tensor

from pushforward.metrics.numerics.moments import Moments
from pushforward.metrics.numerics.running_moments import moments
from pushforward.metrics.numerics.transport import Plans, excess
from pushforward.rows import Rows


def frechet_of_streams(x: Rows, y: Rows) -> tuple[float, float]:
    """Return the distance and the variance of its first-order term, both sides read twice.

    The first pass takes the moments, the second sums up the influence of every row.

    Args:
        x: data, at least 2 rows.
        y: samples, at least 2 rows and as wide.
    """
    p, q = moments(x), moments(y)
    plans, shift = Plans.of(p, q), p.mean - q.mean
    value = float(shift.square().sum() + plans.trace)
    variance = _variance(x, p, 2 * shift, plans.to_y) / p.n + _variance(y, q, -2 * shift, plans.to_x) / q.n
    return value, variance


def _variance(z: Rows, p: Moments, shift: Tensor, plan: Tensor) -> float:
    """Return the variance of uᵀs + ‖u‖² − ‖uᵀA‖² over centred rows u, about a mean in closed form: nothing cancels."""
    wide = plan.double()
    near = p.covariance.trace() - (wide * (p.covariance @ wide)).sum()
    total, square = torch.zeros(2, dtype=torch.float64)
    for block in z.blocks(z.per_cache()):
        u = block - p.mean
        influence = u @ shift + excess(u, plan) - near
        total, square = total + influence.sum(), square + influence.square().sum()
    return float((square - total**2 / p.n) / (p.n - 1))
