"""A function that the user wrote, as a feature map."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

import torch
from jaxtyping import Float
from torch import Tensor

from pushforward.errors import Refused
from pushforward.features.base import Features


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

    rows: ClassVar[int] = 500
    fills: ClassVar[bool] = False

    f: Callable[[Tensor], Any]

    @property
    def protocol(self) -> dict[str, Any]:
        kind = self.f if hasattr(self.f, "__qualname__") else type(self.f)
        return {"features": f"{kind.__module__}.{kind.__qualname__}"}

    @property
    def key(self) -> None:
        return None

    def block(self, x: Tensor) -> Float[Tensor, "n d"]:
        z = torch.as_tensor(self.f(x.to(torch.get_default_dtype())))
        if z.ndim != 2 or len(z) != len(x):
            raise Refused(
                f"features must give one row a point, got shape {tuple(z.shape)} for {len(x)} points; flatten them."
            )
        return z
