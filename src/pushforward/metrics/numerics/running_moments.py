"""Mean and covariance of rows that come in blocks, and of the halves that they are dealt into."""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from jaxtyping import Bool, Float
from torch import Tensor

from pushforward.metrics.numerics.moments import Moments, scatter
from pushforward.rows import Rows


@dataclass(eq=False)
class Running:
    """n, μ and Σ(x − μ)(x − μ)ᵀ of the rows so far: each block is centred on its own mean, so that nothing cancels.

    The same for any division into blocks, up to rounding.

    Args:
        mean: of the rows so far.
        scatter: sum of products of centred coordinates.
        n: rows so far.
    Source: Chan, Golub, LeVeque (1983), The American Statistician 37, equation 2.1, in matrix form.
    Example:
        >>> so_far = Running.empty(1)
        >>> so_far.add(torch.tensor([[0.0]]).double())
        >>> so_far.add(torch.tensor([[2.0]]).double())
        >>> so_far.moments.covariance
        tensor([[2.]], dtype=torch.float64)
    """

    mean: Float[Tensor, " d"]
    scatter: Float[Tensor, "d d"]
    n: int = 0

    @classmethod
    def empty(cls, d: int) -> "Running":
        """Of no rows."""
        return cls(torch.zeros(d, dtype=torch.float64), torch.zeros(d, d, dtype=torch.float64))

    def add(self, x: Float[Tensor, "b d"]) -> None:
        """The rows of one more block."""
        if not len(x):
            return
        mean = x.mean(0)
        apart, centered, n = mean - self.mean, x - mean, self.n + len(x)
        scatter(self.scatter, centered)
        self.scatter.addr_(apart, apart, alpha=self.n * len(x) / n)
        self.mean += apart * (len(x) / n)
        self.n = n

    @property
    def moments(self) -> Moments:
        """Of the rows so far, at least 2."""
        return Moments(self.n, self.mean, self.scatter / (self.n - 1))


def moments(z: Rows) -> Moments:
    """Mean and covariance in one pass.

    Args:
        z: at least 2 rows.
    """
    return dealt(z, ())[0][0]


def dealt(z: Rows, marks: Sequence[Bool[Tensor, " n"]]) -> tuple[tuple[Moments, ...], ...]:
    """Moments of all rows, and of the marked and the other rows for each of several markings, in one pass.

    Args:
        z: at least 2 rows of every kind.
        marks: true where a row belongs to the first part.

    Returns:
        (moments of all,), then a pair for each marking.
    """
    whole = Running.empty(z.width)
    parts = [(Running.empty(z.width), Running.empty(z.width)) for _ in marks]
    for block in z.blocks(z.per_cache()):
        for mark, (first, second) in zip(marks, parts, strict=True):
            here = mark[whole.n : whole.n + len(block)]
            first.add(block[here])
            second.add(block[~here])
        whole.add(block)
    return ((whole.moments,), *((first.moments, second.moments) for first, second in parts))
