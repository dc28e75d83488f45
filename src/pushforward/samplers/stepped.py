"""The base of samplers with a density in closed form, which finds the steps that its data lie on."""

from abc import ABC
from collections.abc import Mapping, Sequence
from typing import Any

import torch
from torch import Tensor, nn

from pushforward.samplers.base import Sampler
from pushforward.samplers.lattice import dequantised, grain
from pushforward.spaces import Batch


class Stepped(Sampler, ABC):
    """A sampler whose density is one of values that noise has filled, U(−g/2, g/2), g the step between those of data.

    Args:
        shape: of a point; pixels of pictures share their step, coordinates of rows each have their own.
    """

    def __init__(self, shape: Sequence[int]):
        super().__init__()
        self.shape = tuple(shape)
        self.grain = nn.Buffer(torch.zeros(self.shape))

    def prepare(self, x: Batch) -> None:
        """Take the steps between values of data, 0 where there are none."""
        assert self.grain is not None  # no older file has been read yet
        rows = x.x.flatten(1) if len(self.shape) == 1 else x.x.reshape(-1, 1)
        self.grain.copy_(grain(rows).expand(self.grain.numel()).view(self.shape))

    def filled(self, x: Tensor) -> Tensor:
        """Return points with noise of half a step to both sides."""
        return x if self.grain is None else dequantised(x, self.grain)

    def _load_from_state_dict(self, state_dict: Mapping[str, Any], prefix: str, *args: Any) -> None:
        """Do without steps where a file of an earlier version has none."""
        if f"{prefix}grain" not in state_dict:
            self.grain = None
        super()._load_from_state_dict(state_dict, prefix, *args)
