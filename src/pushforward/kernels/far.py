"""The distances of rows from the middle of their sample, which a few far rows do not move."""

import torch
from jaxtyping import Float
from torch import Tensor

SAMPLE = 1000
"""The number of rows whose median is the middle."""

ENTRIES = 2**20
"""The number of entries in a block of differences."""

EVEN = 64.0
"""The number of median distances from the middle up to which float32 or less can serve all rows alike."""


def middle(z: Float[Tensor, "n d"]) -> Float[Tensor, " d"]:
    """Return every column's median over rows evenly spaced through z; less than half of the rows cannot move it far.

    Example:
        >>> middle(torch.tensor([[0.0], [1.0], [1e9]]))
        tensor([1.])
    """
    return z[:: max(1, len(z) // SAMPLE)].median(0).values


def distances_to(z: Float[Tensor, "n d"], point: Float[Tensor, " d"]) -> Float[Tensor, " n"]:
    """‖z_i − p‖."""
    parts = z.split(max(1, ENTRIES // z.shape[1]))
    return torch.cat([(part - point).square_().sum(1).sqrt_() for part in parts])


def even(x: Float[Tensor, "n d"], y: Float[Tensor, "m d"]) -> bool:
    """Return whether no row of either side lies beyond `EVEN` median distances from the middle of x.

    Arithmetics with fewer digits are checked on some of the rows; a few rows of another size may not be among them.

    Example:
        >>> x = torch.linspace(-1, 1, 100)[:, None]
        >>> even(x, x), even(x, torch.cat([x, x[:1] * 1e9]))
        (True, False)
    """
    center = middle(x)
    r = torch.cat([distances_to(z, center) for z in (x, y)])
    return float(r.max()) <= EVEN * float(r.median())
