"""The points themselves as their own features, in chosen units."""

from dataclasses import dataclass
from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor

from pushforward.features.base import Features
from pushforward.features.scaling import Scaling


@dataclass(frozen=True)
class Identity(Features):
    """f(x) = x, flattened to one row a point, in the units that `scaling` gives to its columns.

    Args:
        scaling: of rows of numbers, said in the protocol; None for points that have no units, such as pictures and what
            networks are trained on.
    Example:
        >>> Identity()(torch.zeros(3, 2, 2)).shape
        torch.Size([3, 4])
    """

    scaling: Scaling | None = None

    @property
    def protocol(self) -> dict[str, Any]:
        scale = {} if self.scaling is None else {"scale": self.scaling.name}
        return {"features": "identity", **scale}

    def block(self, x: Tensor) -> Float[Tensor, "n d"]:
        exact = x.dtype in (torch.float32, torch.float64)
        rows = (x if exact else x.to(torch.get_default_dtype())).flatten(1)
        return rows if self.scaling is None else self.scaling(rows)
