"""A function of the user's as a feature map."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor

from pushforward.errors import Refused
from pushforward.features.base import Array, Features

ROWS = 500
"""Points that are mapped at a time."""


@dataclass(frozen=True, eq=False)
class Own(Features):
    """f(x) of any callable that gives one row a point; cited by its name, since its content cannot be known.

    Args:
        f: takes points in the space's shape and range, float32, along the first axis.

    Raises:
        Refused: when called, if it does not give one row a point.
    Example:
        >>> Own(lambda x: x.flatten(1)[:, :2])(torch.zeros(3, 2, 2)).shape
        torch.Size([3, 2])
    """

    f: Callable[[Tensor], Any]

    @property
    def protocol(self) -> dict[str, Any]:
        kind = self.f if hasattr(self.f, "__qualname__") else type(self.f)
        return {"features": f"{kind.__module__}.{kind.__qualname__}"}

    @torch.no_grad()
    def __call__(self, x: Array) -> Float[Tensor, "n d"]:
        found = [torch.as_tensor(self.f(part)) for part in torch.as_tensor(x).split(ROWS)]
        if any(z.ndim != 2 for z in found) or sum(map(len, found)) != len(x):
            raise Refused(f"features must give one row a point, got shape {tuple(found[0].shape)}; flatten them.")
        return torch.cat(found)
