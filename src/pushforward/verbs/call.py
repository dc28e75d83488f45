"""How a run was called, as plain values that make it again: values by class path and arguments, never a pickle."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import fields, is_dataclass
from importlib import import_module
from typing import Any

import torch

from pushforward import recipes, spaces
from pushforward.errors import Refused, nearest
from pushforward.games import Game
from pushforward.recipes.base import untouched
from pushforward.runs import FORMAT, RunFolder
from pushforward.spaces import Space
from pushforward.training import stream


def describe(value: Any) -> Any:
    """A value as JSON has it; a frozen dataclass as `class_path` and `init_args`, the form of `--config` files.

    Raises:
        Refused: for an object that has no such form.
    """
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, list | tuple):
        return [describe(v) for v in value]
    if isinstance(value, Mapping):
        return {str(k): describe(v) for k, v in value.items()}
    if is_dataclass(value) and not isinstance(value, type):
        arguments = {f.name: describe(getattr(value, f.name)) for f in fields(value) if f.init}
        return {"class_path": f"{type(value).__module__}.{type(value).__qualname__}", "init_args": arguments}
    raise Refused(
        f"{value!r} cannot be written down to be made again; give a value, such as a kernel or a network plan."
    )


def restore(described: Any) -> Any:
    """The value that `describe` wrote down."""
    if isinstance(described, list):
        return tuple(restore(v) for v in described)
    if isinstance(described, dict) and "class_path" in described:
        return _named(described["class_path"])(**{k: restore(v) for k, v in described.get("init_args", {}).items()})
    if isinstance(described, dict):
        return {k: restore(v) for k, v in described.items()}
    return described


def recipe_call(game: Game) -> dict[str, Any]:
    """The recipe's name and arguments; of a game made by hand its class, and that it needs your code.

    An argument that cannot be written down, such as a kernel on a network's features, makes it one made by hand; so
    do weights that are no longer those it was made with.
    """
    with suppress(Refused):
        if game.call is not None and untouched(game):
            return {"recipe": game.call["recipe"], "arguments": describe(game.call["arguments"])}
    kind = type(game)
    return {
        "recipe": None,
        "made_by_hand": f"{kind.__module__}.{kind.__qualname__}: pass the game to load or resume it.",
    }


def recorded(folder: RunFolder) -> dict[str, Any]:
    """The call of a run; of an older format, in today's words: the batch size was `fit`'s, beside a `paper_batch`."""
    call: dict[str, Any] = folder.read_yaml("call.yaml")
    if call["version"] == 1:
        fit, arguments = dict(call["fit"]), dict(call.get("arguments", {}))
        size, paper = fit.pop("batch_size", None), arguments.pop("paper_batch", None)
        if paper is not None:
            arguments["batch_size"] = size or paper
        call |= {"fit": fit, "arguments": arguments, "version": FORMAT}
    return call


def make_game(call: Mapping[str, Any], space: Space) -> Game:
    """The game of a recorded call, with fresh weights from torch's generator.

    Raises:
        Refused: if the game was made by hand.
    """
    if call.get("recipe") is None:
        raise Refused("this run's game was made by hand, so its code is needed: pass game= in Python.")
    return _recipe(call["recipe"])(space, **restore(call["arguments"]))


def first_weights(game: Game, seed: int) -> None:
    """Draw a recipe's first weights from the run's seed; a game made by hand, or already trained, keeps its own."""
    if game.call is not None and untouched(game):
        torch.manual_seed(stream(seed, "weights"))
        again = _recipe(game.call["recipe"])(game.space, **game.call["arguments"])
        game.load_state_dict(again.state_dict())


def describe_space(space: Space) -> dict[str, Any]:
    """The kind of the space and its fields."""
    plain = {f.name: getattr(space, f.name) for f in fields(space)}  # type: ignore[arg-type]
    return {"kind": type(space).__name__, **{k: list(v) if isinstance(v, tuple) else v for k, v in plain.items()}}


def restore_space(described: Mapping[str, Any]) -> Space:
    """The space that `describe_space` wrote down."""
    kind = getattr(spaces, described["kind"])
    plain = {f.name: described[f.name] for f in fields(kind)}
    space: Space = kind(**{k: tuple(v) if isinstance(v, list) else v for k, v in plain.items()})
    return space


def _recipe(name: str) -> Any:
    if "." in name:
        return _named(name)
    if name not in recipes.__all__:
        raise Refused(f"no recipe '{name}'; {nearest(name, recipes.__all__)}")
    return getattr(recipes, name)


def _named(path: str) -> Any:
    module, _, name = path.rpartition(".")
    try:
        return getattr(import_module(module), name)
    except (ImportError, AttributeError) as missing:
        raise Refused(f"{path} cannot be found; run from the folder that holds it, or install it.") from missing
