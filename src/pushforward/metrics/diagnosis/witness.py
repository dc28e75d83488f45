"""The rows where samples miss the data: data that they reach least, and samples that they make too many of."""

from dataclasses import dataclass

from jaxtyping import Float
from torch import Tensor

from pushforward.discrepancies.sums import blockwise
from pushforward.kernels import Kernel
from pushforward.metrics.numerics.checked_arrays import Array, pair
from pushforward.metrics.scores.mmd import DEFAULT


@dataclass(frozen=True)
class Witness:
    """The rows at which data and samples differ most, by w(h) = E k(h, x) − E k(h, y).

    Args:
        missed: indices of data rows, the most missed first; equal rows appear once.
        missed_scores: w there, descending.
        over: indices of samples, the most over-produced first; equal rows appear once.
        over_scores: w there, ascending.
    """

    missed: tuple[int, ...]
    missed_scores: tuple[float, ...]
    over: tuple[int, ...]
    over_scores: tuple[float, ...]


def witness(x: Array, y: Array, *, kernel: Kernel = DEFAULT, count: int = 25) -> Witness:
    """Find the data with the largest and the samples with the smallest w(h) = mean k(h, x) − mean k(h, y).

    A row's own term is left out of its mean, so that it is no evidence for itself; rows that are equal in all
    coordinates count in the means and are named once.

    Args:
        x: data, one row a point.
        y: samples, one row a point.
        kernel: bandwidths that wait for data are taken from x.
        count: rows named on each side, at most.

    Raises:
        Refused: if a side has fewer than 2 rows, the widths differ, or a value is not finite.
    Source: Lloyd and Ghahramani (2015), Statistical model criticism using kernel two sample tests.
    Example:
        >>> import torch
        >>> x, y = torch.tensor([[0.0], [0.1], [5.0]]), torch.tensor([[0.0], [0.1], [-5.0]])
        >>> from pushforward.kernels import Gaussian
        >>> extremes = witness(x, y, kernel=Gaussian(1.0), count=1)
        >>> extremes.missed, extremes.over
        ((2,), (2,))
    """
    x, y = pair(x, y, least=2, whose="witness")
    n, m, sums = len(x), len(y), blockwise(kernel.fitted(x), x, y)
    at_x, at_y = sums.a / (n - 1) - sums.r / m, sums.c / n - sums.b / (m - 1)
    missed, over = _first_distinct(x, at_x.argsort(descending=True), count), _first_distinct(y, at_y.argsort(), count)
    return Witness(missed, tuple(at_x[list(missed)].tolist()), over, tuple(at_y[list(over)].tolist()))


def _first_distinct(z: Float[Tensor, "n d"], order: Tensor, count: int) -> tuple[int, ...]:
    """Return the first rows in that order no two of which are equal."""
    first: dict[bytes, int] = {}
    for i in order.tolist():
        if len(first) == count:
            break
        first.setdefault((z[i] + 0.0).numpy().tobytes(), i)
    return tuple(first.values())
