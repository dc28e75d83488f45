"""What a feature map is: points → a space where distances mean something, and what it was made of."""

from abc import ABC, abstractmethod
from typing import Any

import numpy as np
from jaxtyping import Float
from torch import Tensor

Array = np.ndarray | Tensor


class Features(ABC):
    """A frozen map of points; `protocol` says everything that a number measured in its space depends on."""

    @property
    @abstractmethod
    def protocol(self) -> dict[str, Any]:
        """What to cite: JSON-able, equal for maps that give equal features."""

    @abstractmethod
    def __call__(self, x: Array) -> Float[Tensor, "n d"]:
        """Features, one row a point.

        Args:
            x: points along the first axis, each in the space's shape or flattened.
        """

    def classify(self, x: Array) -> Float[Tensor, "n c"] | None:
        """Probabilities of the classes, one row a point; None, unless stated, for a map that knows no classes."""
        return None
