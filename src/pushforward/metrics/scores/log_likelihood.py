"""The log-likelihood that a density gives to held-out data."""

import torch
from jaxtyping import Float
from scipy.stats import t
from torch import Tensor

from pushforward.errors import Refused
from pushforward.metrics.base import Score, Title
from pushforward.metrics.numerics.checked_arrays import Array

TITLE = Title("log-likelihood", "log density of unseen data, in nats a row and in the data's unit")


def log_likelihood(log_density: Array, bound: str = "") -> Score:
    """E log p(x) over held-out points x, in nats a point and in the data's own unit: more is better, with 95 %.

    Args:
        log_density: log p in nats of each held-out point.
        bound: what kind of bound of the log-density they are, in words; empty for the log-density itself.

    Raises:
        Refused: if there are fewer than 2 points, or one is NaN.
    Differs: Student's t for the interval.
    Example:
        >>> log_likelihood(torch.tensor([-1.0, -3.0])).value
        -2.0
    """
    nats = torch.as_tensor(log_density).detach().to("cpu", torch.float64).flatten()
    if len(nats) < 2 or bool(nats.isnan().any()):
        raise Refused(
            f"log_density of log_likelihood must hold numbers of at least 2 points, got {len(nats)} with "
            f"{int(nats.isnan().sum())} NaN."
        )
    note = f"in nats a row, {bound or 'exact'}"
    outside = int(nats.isinf().sum())
    if outside:
        note = f"{note}; {outside} of {len(nats)} rows lie where the density is 0"
        return Score("log-likelihood", float(nats.mean()), better="higher", note=note)
    value, stderr, interval = mean_nats(nats)
    return Score("log-likelihood", value, stderr, interval, "higher", "analytic", note)


def mean_nats(nats: Float[Tensor, " n"]) -> tuple[float, float, tuple[float, float]]:
    """Return the mean of finite numbers, its standard error, and its 95 % interval by Student's t.

    Args:
        nats: one a row, 2 or more.
    """
    value, stderr = float(nats.mean()), float(nats.std()) / len(nats) ** 0.5
    reach = float(t.isf(0.025, len(nats) - 1)) * stderr
    return value, stderr, (value - reach, value + reach)
