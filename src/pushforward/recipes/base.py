"""What recipes share: the game remembers how it was made; networks without batch norm."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import wraps
from hashlib import sha256
from inspect import signature
from typing import Any, ParamSpec, TypeVar

import torch

from pushforward.games import Game
from pushforward.networks import DCGAN, MLP, Network, Suited
from pushforward.spaces import Space

P = ParamSpec("P")
G = TypeVar("G", bound=Game)


def recipe(make: Callable[P, G]) -> Callable[P, G]:
    """The same function, whose games carry `call`: the recipe's name and the arguments that differ from nothing.

    So a run folder can say how to make the game again, and `fit` can draw its first weights from the run's seed.
    """

    @wraps(make)
    def made(*args: P.args, **kwargs: P.kwargs) -> G:
        game = make(*args, **kwargs)
        bound = signature(make).bind(*args, **kwargs)
        bound.apply_defaults()
        ours = make.__module__.startswith("pushforward.")
        name = make.__name__ if ours else f"{make.__module__}.{make.__qualname__}"
        remember(game, name, {k: v for k, v in bound.arguments.items() if k != "space"})
        return game

    return made


def remember(game: Game, recipe: str, arguments: Mapping[str, Any]) -> None:
    """Note on a game that nobody has touched yet how it was made.

    Args:
        game: as the recipe returned it.
        recipe: its name, or its dotted path if it is not one of ours.
        arguments: what it was called with, besides the space.
    """
    game.call = {"recipe": recipe, "arguments": dict(arguments)}
    game.stamp = _stamp(game)


def untouched(game: Game) -> bool:
    """Whether a recipe's game is as it was made: weights, which of them learn, optimisers, size of the batch."""
    return game.stamp == _stamp(game)


def _stamp(game: Game) -> str:
    """sha256 of all that a game has besides its modules."""
    digest = sha256(f"{game.tune} {game.batch_size}".encode())
    for name, t in (*game.named_parameters(), *game.named_buffers()):
        digest.update(f"{name} {t.requires_grad}".encode())
        digest.update(t.detach().cpu().contiguous().view(-1).view(torch.uint8).numpy().tobytes())
    return digest.hexdigest()


def plain(network: Network, space: Space, generator: bool = False) -> Network:
    """The same plan without batch norm in its critic, for constraints that ask for the gradient at each point.

    Args:
        network: plan of both networks.
        space: of the data.
        generator: leave it out of the generator too.
    """
    plan = network.plan(space) if isinstance(network, Suited) else network
    if isinstance(plan, DCGAN):
        plan = replace(plan, critic_batch_norm=False)
    if generator and isinstance(plan, DCGAN | MLP):
        plan = replace(plan, batch_norm=False)
    return plan
