"""The mean and covariance of rows that come in blocks, and of the parts that they are dealt into."""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from jaxtyping import Bool, Float
from torch import Tensor

from pushforward.metrics.numerics.moments import Moments, scatter
from pushforward.rows import Rows


@dataclass(eq=False)
class RunningMoments:
    """n, μ and Σ(x − μ)(x − μ)ᵀ of the rows so far: each block is centred on its own mean, so that nothing cancels.

    The same for any division into blocks, up to rounding.

    Args:
        mean: of the rows so far.
        scatter: sum of products of centred coordinates.
        n: rows so far.
    Source: Chan, Golub, LeVeque (1983), The American Statistician 37, equation 2.1, in matrix form.
    Example:
        >>> so_far = RunningMoments.empty(1)
        >>> so_far.add(torch.tensor([[0.0]]).double())
        >>> so_far.add(torch.tensor([[2.0]]).double())
        >>> so_far.moments.covariance
        tensor([[2.]], dtype=torch.float64)
    """

    mean: Float[Tensor, " d"]
    scatter: Float[Tensor, "d d"]
    n: int = 0

    @classmethod
    def empty(cls, d: int) -> "RunningMoments":
        """Return the sums over no rows, all of them 0."""
        return cls(torch.zeros(d, dtype=torch.float64), torch.zeros(d, d, dtype=torch.float64))

    def add(self, x: Float[Tensor, "b d"]) -> None:
        """Add the rows of one more block."""
        if not len(x):
            return
        mean = x.mean(0)
        shift, centered, n = mean - self.mean, x - mean, self.n + len(x)
        scatter(self.scatter, centered)
        self.scatter.addr_(shift, shift, alpha=self.n * len(x) / n)
        self.mean += shift * (len(x) / n)
        self.n = n

    @property
    def moments(self) -> Moments:
        """The moments of the rows so far, of which there must be at least 2."""
        return Moments(self.n, self.mean, self.scatter / (self.n - 1))


def moments(z: Rows) -> Moments:
    """Compute the mean and covariance of all rows in one pass.

    Args:
        z: at least 2 rows.
    """
    return moments_of_parts(z, ())[0][0]


def moments_of_parts(z: Rows, marks: Sequence[Bool[Tensor, " n"]]) -> tuple[tuple[Moments, ...], ...]:
    """Compute in one pass the moments of all rows and, for each marking, of the marked and the other rows.

    Args:
        z: at least 2 rows of every kind.
        marks: true where a row belongs to the first part.

    Returns:
        (moments of all,), then a pair for each marking.
    """
    whole = RunningMoments.empty(z.width)
    parts = [(RunningMoments.empty(z.width), RunningMoments.empty(z.width)) for _ in marks]
    for block in z.blocks(z.per_cache()):
        for mark, (first, second) in zip(marks, parts, strict=True):
            here = mark[whole.n : whole.n + len(block)]
            first.add(block[here])
            second.add(block[~here])
        whole.add(block)
    return ((whole.moments,), *((first.moments, second.moments) for first, second in parts))
