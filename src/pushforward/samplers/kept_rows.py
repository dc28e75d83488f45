"""The base of samplers that keep all training rows."""

from abc import ABC
from collections.abc import Mapping, Sequence
from math import prod
from typing import Any

import torch
from torch import nn

from pushforward.samplers.stepped import Stepped


class KeptRows(Stepped, ABC):
    """A sampler made of the training rows themselves, in float64, as many as there are.

    Args:
        shape: of a point.
        rows: n, whose places are filled when it is fitted.
    """

    def __init__(self, shape: Sequence[int], rows: int = 1):
        super().__init__(shape)
        self.rows = nn.Buffer(torch.zeros(rows, prod(shape), dtype=torch.float64))

    def reserve(self, n: int) -> None:
        """Make room for n rows."""
        self.rows = nn.Buffer(self.rows.new_zeros(n, self.rows.shape[1]))

    def _load_from_state_dict(self, state_dict: Mapping[str, Any], prefix: str, *args: Any) -> None:
        """Make room for as many rows as come from a file, which the recipe's call does not say."""
        rows = state_dict.get(f"{prefix}rows")
        if rows is not None and len(rows) != len(self.rows) and rows.shape[1:] == self.rows.shape[1:]:
            self.reserve(len(rows))
        super()._load_from_state_dict(state_dict, prefix, *args)
