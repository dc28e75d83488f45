"""Everything a run needs to go on bit for bit, as named tensors and plain values."""

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor, nn

from pushforward.errors import TrainingFailed
from pushforward.training.averaging import Average
from pushforward.training.turn import Turn

Tensors = dict[str, dict[str, Tensor]]


def capture(game: nn.Module, average: Average[Any], turn: Turn) -> Tensors:
    """The players, the averaged sampler, the optimisers and the generators.

    Raises:
        TrainingFailed: if a parameter is not finite, so that no bad state replaces a good one.
    """
    for name, p in game.named_parameters():
        if not torch.isfinite(p).all():
            raise TrainingFailed(f"parameter {name} is no longer finite at turn {turn.number}")
    return {
        "players": dict(game.state_dict()),
        "average": dict(average.module.state_dict()),
        "optimizers": {k: v for name, o in turn.optimizers.items() for k, v in _flat(name, o)},
        "generators": _generators(),
    }


def restore(tensors: Mapping[str, Mapping[str, Tensor]], game: nn.Module, average: Average[Any], turn: Turn) -> None:
    """Put a captured state back in place."""
    game.load_state_dict(dict(tensors["players"]))
    average.module.load_state_dict(dict(tensors["average"]))
    for name, optimizer in turn.optimizers.items():
        mine = {k.removeprefix(f"{name}/"): v for k, v in tensors["optimizers"].items() if k.startswith(f"{name}/")}
        _unflatten(optimizer, mine)
    torch.set_rng_state(tensors["generators"]["torch"])
    for i in range(torch.cuda.device_count() if torch.cuda.is_available() else 0):
        if f"cuda-{i}" in tensors["generators"]:
            torch.cuda.set_rng_state(tensors["generators"][f"cuda-{i}"], i)


def _flat(name: str, optimizer: torch.optim.Optimizer) -> list[tuple[str, Tensor]]:
    state: dict[int, dict[str, Any]] = optimizer.state_dict()["state"]
    return [
        (f"{name}/{i}/{key}", value) for i, entry in state.items() for key, value in entry.items() if value is not None
    ]


def _unflatten(optimizer: torch.optim.Optimizer, flat: Mapping[str, Tensor]) -> None:
    state: dict[int, dict[str, Tensor]] = {}
    for key, value in flat.items():
        i, what = key.split("/")
        state.setdefault(int(i), {})[what] = value
    optimizer.load_state_dict({"state": state, "param_groups": optimizer.state_dict()["param_groups"]})


def _generators() -> dict[str, Tensor]:
    found = {"torch": torch.get_rng_state()}
    for i in range(torch.cuda.device_count() if torch.cuda.is_available() else 0):
        found[f"cuda-{i}"] = torch.cuda.get_rng_state(i)
    return found
