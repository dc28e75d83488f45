"""A run's call as plain values that make it again: values by class path and arguments, never a pickle."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, fields
from typing import Any

import torch

from pushforward import recipes
from pushforward.dotted import find
from pushforward.errors import Refused, nearest
from pushforward.games import Game
from pushforward.permission import demand_call
from pushforward.recipes.base import untouched
from pushforward.runs import FORMAT, RunFolder
from pushforward.runs.call_file import read_call
from pushforward.runs.old_names import CONDITIONAL_OF_RECIPES, with_own_conditional, without_clusters
from pushforward.runs.typed_values import arguments, shown
from pushforward.spaces import Columns, Image, Space, Vector
from pushforward.training import subseed
from pushforward.verbs.values import describe, restore
from pushforward.verbs.weight_limit import MOST, within_weights

SPACES = {kind.__name__: kind for kind in (Vector, Image, Columns)}

LARGEST = 2**28
"""Coordinates of a point, and classes, that a file may ask for."""


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
    """The call of a run; of an older format, in today's words.

    The batch size was `fit`'s, beside a `paper_batch`, and whether labels are taken was the networks' option;
    clusters did not stand in for labels.
    """
    call = read_call(folder.call)
    if call["version"] == 1:
        fit, given = dict(call["fit"]), dict(call.get("arguments", {}))
        size, paper = fit.pop("batch_size", None), given.pop("paper_batch", None)
        if paper is not None:
            given["batch_size"] = size or paper
        call |= {"fit": fit, "arguments": given}
    if call["version"] < CONDITIONAL_OF_RECIPES and "arguments" in call:
        call |= {"arguments": with_own_conditional(call.get("recipe"), call["arguments"], always=True)}
    if "arguments" in call:
        call |= {"arguments": without_clusters(call.get("recipe"), call["arguments"])}
    return call | {"version": FORMAT}


def make_game(call: Mapping[str, Any], space: Space, whose: str = "the call", most: int = MOST) -> Game:
    """The game of a recorded call, with fresh weights from torch's generator.

    Args:
        call: as `recorded` gives it.
        space: of the data.
        whose: the file, in sentences that refuse what it says.
        most: weights that it may have.

    Raises:
        Refused: if the game was made by hand, or the call names code that is not trusted, arguments that the recipe
            does not take, or networks of more weights than that.
    """
    if call.get("recipe") is None:
        raise Refused("this run's game was made by hand, so its code is needed: pass game= in Python.")
    name = call["recipe"]
    if "." in name:
        demand_call(name, whose)
        return _recipe(name)(space, **restore(call["arguments"], whose))
    make = _recipe(name)
    given = arguments(restore(call["arguments"], whose), make, f"{name} in {whose}", skip=1)
    return within_weights(lambda: make(space, **given), most, whose)


def first_weights(game: Game, seed: int) -> None:
    """Draw a recipe's first weights from the run's seed; a game made by hand, or already trained, keeps its own."""
    if game.call is not None and untouched(game):
        torch.manual_seed(subseed(seed, "weights"))
        again = _recipe(game.call["recipe"])(game.space, **game.call["arguments"])
        game.load_state_dict(again.state_dict())


def describe_space(space: Space) -> dict[str, Any]:
    """The kind of the space and its fields."""
    return {"kind": type(space).__name__, **_listed(asdict(space))}  # type: ignore[call-overload]


def restore_space(described: Mapping[str, Any], whose: str = "space.json") -> Space:
    """The space that `describe_space` wrote down.

    Args:
        described: read from a file.
        whose: the file, in sentences that refuse what it says.

    Raises:
        Refused: if it is no space, or one of absurd size.
    """
    kind = SPACES.get(described["kind"]) if isinstance(described.get("kind"), str) else None
    if kind is None:
        raise Refused(f"kind of {whose} must be one of {', '.join(SPACES)}, got {shown(described.get('kind'))}.")
    known = {f.name for f in fields(kind)}
    given = {name: value for name, value in described.items() if name in known}
    if kind is Columns and "names" in described:  # until format 3, when all columns were of numbers
        given = {"columns": described["names"], **given}
    space: Space = kind(**arguments(given, kind, whose))
    if not (min(space.shape) >= 1 and space.dim <= LARGEST and len(set(space.classes)) == len(space.classes)):
        raise Refused(f"{whose} must describe points of 1 to {LARGEST:,} coordinates, got {shown(space)}.")
    return space


def restore_shares(described: Mapping[str, Any], space: Space, whose: str = "space.json") -> list[float] | None:
    """Return how often each class is among the training data; None where that is not recorded.

    Raises:
        Refused: if they are not one share a class.
    """
    shares = described.get("class_shares")
    if shares is None:
        return None
    sound = isinstance(shares, list) and all(isinstance(p, int | float) and 0 <= p <= 1 for p in shares)
    if not sound or len(shares) != len(space.classes) or not sum(shares) > 0:
        raise Refused(f"class_shares of {whose} must be {len(space.classes)} shares, one a class, got {shown(shares)}.")
    return list(map(float, shares))


def _listed(value: Any) -> Any:
    """Return plain values with lists in place of tuples, as JSON has them."""
    if isinstance(value, dict):
        return {name: _listed(entry) for name, entry in value.items()}
    return [_listed(entry) for entry in value] if isinstance(value, list | tuple) else value


def _recipe(name: str) -> Any:
    if "." in name:
        if (found := find(name)) is None:
            raise Refused(f"{name} cannot be found; run from the folder that holds it, or install it.")
        return found
    if name not in recipes.__all__:
        raise Refused(f"no recipe '{name}'; {nearest(name, recipes.__all__)}")
    return getattr(recipes, name)
