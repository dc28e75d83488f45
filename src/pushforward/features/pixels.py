"""The pixels of pictures as features, between black 0 and white 1."""

from dataclasses import dataclass
from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor

from pushforward.errors import Refused
from pushforward.features.base import Features


@dataclass(frozen=True)
class Pixels(Features):
    """f(x) = (x − low)/(high − low), flattened: black is 0 and white 1 whatever the pictures' range.

    Args:
        low: value of black; 8-bit pictures bring their own.
        high: value of white.
    Example:
        >>> Pixels()(torch.tensor([[[-1.0, 1.0]]]))
        tensor([[0., 1.]])
    """

    low: float = -1.0
    high: float = 1.0

    def __post_init__(self) -> None:
        if not self.low < self.high:
            raise Refused(f"low of Pixels must be below high, got {self.low} and {self.high}.")

    @property
    def protocol(self) -> dict[str, Any]:
        return {"features": "pixels", "range": [0.0, 1.0]}

    def block(self, x: Tensor) -> Float[Tensor, "n d"]:
        low, high = (0.0, 255.0) if x.dtype == torch.uint8 else (self.low, self.high)
        return ((x.to(torch.get_default_dtype()) - low) / (high - low)).flatten(1)
