"""The points themselves."""

from dataclasses import dataclass
from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor

from pushforward.features.base import Features


@dataclass(frozen=True)
class Identity(Features):
    """f(x) = x, flattened to one row a point: for tables and low-dimensional data, in their standardised units.

    Example:
        >>> Identity()(torch.zeros(3, 2, 2)).shape
        torch.Size([3, 4])
    """

    @property
    def protocol(self) -> dict[str, Any]:
        return {"features": "identity"}

    def block(self, x: Tensor) -> Float[Tensor, "n d"]:
        return x.to(torch.get_default_dtype()).flatten(1)
