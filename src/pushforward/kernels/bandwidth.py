"""A bandwidth is a positive number, several of them (one vectorised kernel), or a rule that waits for data."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite

import torch
from jaxtyping import Float
from torch import Tensor

from pushforward.errors import Refused
from pushforward.kernels.pairwise import distance

ROWS = 2000
"""Rows of which the median distance is taken; all pairs of more would cost and change nothing visible."""


@dataclass(frozen=True)
class Median:
    """σ = factor · median ‖x_i − x_j‖ over pairs of different rows: the median heuristic, asked for explicitly.

    Takes at most 2000 rows, evenly spaced through x, and leaves out pairs at distance zero.

    Args:
        factors: multiples of the median, one scale each; each above 0.
    Example:
        >>> Median((0.5, 2.0)).of(torch.tensor([[0.0], [1.0], [3.0]]))
        (1.0, 4.0)
    """

    factors: tuple[float, ...] = (1.0,)

    def __post_init__(self) -> None:
        object.__setattr__(self, "factors", _many(positive(self.factors, "factors", "Median")))

    def of(self, x: Float[Tensor, "n d"]) -> tuple[float, ...]:
        """Return the bandwidths for data x, one a factor.

        Raises:
            Refused: if no two rows of x differ.
        """
        x = evenly_spaced(x.detach(), min(len(x), ROWS))
        r = distance(x, x)[torch.ones(len(x), len(x), dtype=torch.bool, device=x.device).triu(1)]
        r = r[r > 0]
        if not len(r):
            raise Refused(f"Median needs at least two different rows to take a distance of, got {len(x)} equal ones.")
        return tuple(factor * r.median().item() for factor in self.factors)


Bandwidth = float | tuple[float, ...] | Median


def positive(value: float | Sequence[float], option: str, owner: str) -> float | tuple[float, ...]:
    """Return the value as one number or a tuple of them, if all are positive.

    Raises:
        Refused: unless there is at least one number and all are positive and finite.
    """
    numbers = _many(value)
    if not numbers or not all(isfinite(b) and b > 0 for b in numbers):
        raise Refused(
            f"{option} of {owner} must be positive and finite, got {value}; give one number above 0 or several."
        )
    return numbers if isinstance(value, Sequence) else numbers[0]


def evenly_spaced(x: Float[Tensor, "n _"], count: int) -> Float[Tensor, "m _"]:
    """Return `count` rows, evenly spaced through x, the first and the last among them.

    Example:
        >>> evenly_spaced(torch.arange(10.0)[:, None], 4).flatten()
        tensor([0., 3., 6., 9.])
    """
    return x[torch.linspace(0, len(x) - 1, count, dtype=torch.float64).long()]


def as_numbers(bandwidth: Bandwidth, owner: str) -> tuple[float, ...]:
    """Return the bandwidths as a tuple of numbers.

    Raises:
        Refused: if they wait for data.
    """
    if isinstance(bandwidth, Median):
        raise Refused(f"bandwidth of {owner} waits for data ({bandwidth}); call .fitted(x) with training data first.")
    return _many(bandwidth)


def _many(value: float | Sequence[float]) -> tuple[float, ...]:
    return tuple(float(b) for b in value) if isinstance(value, Sequence) else (float(value),)
