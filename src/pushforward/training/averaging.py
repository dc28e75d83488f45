"""The averaged sampler: what is handed to the user, while the raw one goes on learning."""

from collections.abc import Mapping
from copy import deepcopy
from typing import Generic, TypeVar

import torch
from torch import Tensor, nn

M = TypeVar("M", bound=nn.Module)


class Average(Generic[M]):
    """ḡ ← d·ḡ + (1 − d)·g after each turn, with d = min(decay, (1 + t)/(10 + t)).

    The ramp lets the average forget the first, bad samplers quickly. Statistics of batch norm are averaged likewise.

    Args:
        source: g.
        decay: in [0, 1); 0 keeps a plain copy.
    Source: Polyak and Juditsky (1992); Yazıcı et al. (2019), for samplers.
    """

    def __init__(self, source: M, decay: float):
        self.decay = decay
        self.module: M = deepcopy(source).requires_grad_(False).eval()
        pairs = list(zip(_state(self.module), _state(source), strict=True))
        self._floats = [(a, b) for a, b in pairs if a.is_floating_point() and a.numel()]
        self._others = [(a, b) for a, b in pairs if not a.is_floating_point()]

    @torch.no_grad()
    def update(self, turn: int) -> None:
        """Take in the sampler as it stands after turn number `turn`, counted from 0."""
        decay = min(self.decay, (1 + turn) / (10 + turn))
        mine, theirs = [a for a, _ in self._floats], [b for _, b in self._floats]
        torch._foreach_lerp_(mine, theirs, 1.0 - decay)
        for a, b in self._others:
            a.copy_(b)


def load_average(kept: nn.ModuleDict, tensors: Mapping[str, Tensor]) -> None:
    """Put averaged weights into what a game keeps; folders of earlier versions hold the sampler's alone.

    Args:
        kept: by name, as `Game.kept` says.
        tensors: the group `average` of a checkpoint.
    """
    if any(name.startswith("sampler.") for name in tensors):
        kept.load_state_dict(dict(tensors))
    else:
        kept["sampler"].load_state_dict(dict(tensors))


def _state(module: nn.Module) -> list[torch.Tensor]:
    return [*module.parameters(), *module.buffers()]
