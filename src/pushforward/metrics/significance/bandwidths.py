"""The kernels that are tried where nobody names one."""

import torch
from jaxtyping import Float
from torch import Tensor

from pushforward.kernels import Gaussian, Kernel
from pushforward.kernels.pairwise import distance
from pushforward.metrics.numerics.checked_arrays import subset

ROWS = 1000
"""Rows whose distances set the bandwidths: half a million pairs."""


def gaussians(z: Float[Tensor, "n d"], generator: torch.Generator, count: int = 6) -> tuple[Kernel, ...]:
    """Return Gaussians of bandwidths from half the 1 % quantile of the positive distances to their 95 % quantile.

    The smallest sees detail within a cluster, the largest shifts of the whole. The rows are drawn without regard to
    their labels, so a permutation test that uses these kernels keeps its level.

    Args:
        z: the pooled rows.
        generator: draws the rows whose distances are taken.
        count: number of bandwidths, in geometric progression.
    """
    sample = subset(z, ROWS, generator)
    i, j = torch.triu_indices(len(sample), len(sample), 1)
    distances = distance(sample, sample)[i, j]
    distances = distances[distances > 0]
    if not len(distances):  # nothing varies: any bandwidth says so
        return (Gaussian(1.0),)
    low, high = distances.quantile(torch.tensor([0.01, 0.95], dtype=distances.dtype)).tolist()
    return tuple(Gaussian(low / 2 * (2 * high / low) ** (c / (count - 1))) for c in range(count))
