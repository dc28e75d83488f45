"""The state of a run: everything that it needs to go on bit for bit, as named tensors."""

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor, nn

from pushforward.errors import Refused, TrainingFailed
from pushforward.training.averaging import Average, load_average
from pushforward.training.players import weight_in_words
from pushforward.training.turn import Turn, in_layout_of

Tensors = dict[str, dict[str, Tensor]]

OLDER = {"critic": ("discrepancy", "projection")}
"""What a player was called up to format 3 of run folders, by its name today."""


def capture(game: nn.Module, average: Average[Any], turn: Turn) -> Tensors:
    """Return the players, the averaged sampler, the optimisers and the generators as named tensors."""
    return {
        "players": dict(game.state_dict()),
        "average": dict(average.module.state_dict()),
        "optimizers": {k: v for name, o in turn.optimizers.items() for k, v in _flat(name, o)},
        "generators": _generators(),
    }


def refuse_not_finite(game: nn.Module, turn: Turn, number: int) -> None:
    """Refuse a state with a loss or weight that is not finite, before it is kept in the place of a good one.

    Args:
        game: whose parameters and buffers are looked at.
        turn: whose losses are read.
        number: of turns completed, for the sentence.

    Raises:
        TrainingFailed: if one is not.
    """
    turn.settle()
    for name, t in game.state_dict().items():
        if t.is_floating_point() and not torch.isfinite(t).all():
            raise TrainingFailed(f"{weight_in_words(game, name)} was no longer finite at turn {number}")


def restore(tensors: Mapping[str, Mapping[str, Tensor]], game: nn.Module, average: Average[Any], turn: Turn) -> None:
    """Put a captured state back in place.

    Raises:
        Refused: if there is no more than what samples are drawn from, the state is of another game, or the optimisers'
            of other parameters.
    """
    if "players" not in tensors:
        raise Refused(
            "the last checkpoint holds what samples are drawn from, and not what a run goes on from; start it again."
        )
    try:
        game.load_state_dict(dict(tensors["players"]))
        load_average(average.module, tensors["average"])
    except (KeyError, RuntimeError) as error:
        raise Refused(
            "the checkpoint is not of the game that this run's call.yaml describes; restore both, or give the game as "
            "it was when the run began."
        ) from error
    for name, optimizer in turn.optimizers.items():
        _unflatten(optimizer, _of_player(name, tensors["optimizers"]))
    torch.set_rng_state(tensors["generators"]["torch"])
    if "cuda" in tensors["generators"] and torch.cuda.is_available():
        torch.cuda.set_rng_state(tensors["generators"]["cuda"])


def _of_player(name: str, tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Return the state of one player's optimiser, by parameter and kind."""
    split = (key.split("/", 1) for key in tensors)
    return {rest: tensors[f"{player}/{rest}"] for player, rest in split if player in (name, *OLDER.get(name, ()))}


def _flat(name: str, optimizer: torch.optim.Optimizer) -> list[tuple[str, Tensor]]:
    state: dict[int, dict[str, Any]] = optimizer.state_dict()["state"]
    return [
        (f"{name}/{i}/{key}", value) for i, entry in state.items() for key, value in entry.items() if value is not None
    ]


def _unflatten(optimizer: torch.optim.Optimizer, flat: Mapping[str, Tensor]) -> None:
    state: dict[int, dict[str, Tensor]] = {}
    parameters = [p for group in optimizer.param_groups for p in group["params"]]
    for key, value in flat.items():
        i, what = key.split("/")
        if int(i) >= len(parameters) or (value.dim() and value.shape != parameters[int(i)].shape):
            raise Refused(
                "the checkpoint's optimiser knows other parameters than the game has: some were frozen, or layers "
                "differ; give the game as it was when the run began."
            )
        like = parameters[int(i)]
        state.setdefault(int(i), {})[what] = in_layout_of(value, like) if value.shape == like.shape else value
    optimizer.load_state_dict({"state": state, "param_groups": optimizer.state_dict()["param_groups"]})


def _generators() -> dict[str, Tensor]:
    """Return the generators' states, of the processor and this process's device; all processes draw the same noise."""
    states = {"torch": torch.get_rng_state()}
    if torch.cuda.is_available() and torch.cuda.is_initialized():
        states["cuda"] = torch.cuda.get_rng_state()
    return states
