"""The rows that are there more than once: samples equal to rows of data, and rows equal to another of their side."""

from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor

from pushforward.metrics.numerics.neighbours.duplicates import identities


@dataclass(frozen=True)
class Repeats:
    """The shares of rows that are no fresh draws.

    Args:
        copies: of the samples, those that equal a row of the data in every coordinate.
        data: of the data, those that repeat another row.
        samples: of the samples, those that repeat another one.
    """

    copies: float
    data: float
    samples: float


def repeats(x: Float[Tensor, "n d"], y: Float[Tensor, "m d"]) -> Repeats:
    """Return which shares of data and samples are equal to another row.

    Args:
        x: data.
        y: samples.

    Example:
        >>> repeats(torch.tensor([[0.0], [1.0]]), torch.tensor([[1.0], [2.0], [2.0], [2.0]]))
        Repeats(copies=0.25, data=0.0, samples=0.5)
    """
    of_x, of_y = identities(x.double(), y.double())
    copies = float(torch.isin(of_y, of_x).double().mean())
    data, samples = (1 - len(ids.unique()) / len(ids) for ids in (of_x, of_y))
    return Repeats(copies, data, samples)
