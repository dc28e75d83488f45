"""The divergence of a density from the law of data that is known."""

import torch

from pushforward.errors import Refused
from pushforward.metrics.base import Score, Title
from pushforward.metrics.numerics.checked_arrays import Array
from pushforward.metrics.scores.log_likelihood import mean_nats

TITLE = Title("KL of the data's law", "nats a row by which the density falls short of the law of the data")


def kl(log_law: Array, log_density: Array, bound: str = "") -> Score:
    """KL(P ‖ Q) = E log p(x) − log q(x) over held-out points x ~ P, p known, in nats: less is better, 0 for Q = P.

    The difference is taken row by row, so that its error is much smaller than that of either likelihood, and vanishes
    with the divergence itself.

    Args:
        log_law: log p of each held-out point.
        log_density: log q of each, in the same unit.
        bound: what kind of lower bound of log q the latter are, in words; empty for log q itself.

    Raises:
        Refused: if there are fewer than 2 points, not as many of both, or one is NaN or infinite.
    Differs: Student's t for the interval.
    Example:
        >>> kl(torch.tensor([-1.0, -2.0]), torch.tensor([-1.5, -3.5])).value
        1.0
    """
    nats, of_q = (torch.as_tensor(v).detach().to("cpu", torch.float64).flatten() for v in (log_law, log_density))
    if len(nats) != len(of_q) or len(nats) < 2:
        raise Refused(f"kl needs log densities of 2 points or more, got {len(nats)} of p and {len(of_q)} of q.")
    if outside := int((~(nats - of_q).isfinite()).sum()):
        raise Refused(f"kl needs finite log densities, got {outside} of {len(nats)} points where one is not; where q "
                      "is 0 and p is not, the divergence is infinite.")  # fmt: skip
    value, stderr, interval = mean_nats(nats - of_q)
    note = f"in nats a row, {f'an upper bound, the density being {bound}' if bound else 'of the exact density'}"
    return Score("kl", value, stderr, interval, "lower", "analytic", note)
