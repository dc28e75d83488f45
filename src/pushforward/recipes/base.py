"""The parts that recipes share: a game remembers how it was made; networks without batch norm."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial, wraps
from hashlib import sha256
from inspect import signature
from types import MappingProxyType
from typing import Any, ParamSpec, TypeVar, overload

import torch

from pushforward.errors import Refused
from pushforward.games import Game
from pushforward.networks import DCGAN, MLP, Network, Suited
from pushforward.recipes.papers import Models, numbers_of, offer_paper
from pushforward.spaces import Space

LEAST = {
    **dict.fromkeys(("outputs", "critic_steps", "latent_dim", "autoencoder_width"), 1),
    **dict.fromkeys(("code_dim", "autoencoder_steps", "penalty", "activation_penalty", "ridge", "positivity"), 0),
    **dict.fromkeys(("one_sided", "reconstruction", "slope", "beta", "warm_up", "free_bits"), 0),
    "draws": 2,
    "choices": 1,
    "levels": 2,
    **dict.fromkeys(("trees", "every", "generations", "at_once"), 1),
    **dict.fromkeys(("pairs", "alone"), 0),
    **dict.fromkeys(("bins", "leaves"), 2),
    "noises": 1,
    "prior_layers": 0,
    "noise_dim": 1,
}
"""Smallest numbers that recipes take under these names."""

NONE: Models = MappingProxyType({})
"""The models of a paper that has one."""

P = ParamSpec("P")
G = TypeVar("G", bound=Game)


@overload
def recipe(make: Callable[P, G]) -> Callable[P, G]: ...


@overload
def recipe(*, paper: Mapping[str, Any], models: Models = ...) -> Callable[[Callable[..., G]], Callable[..., G]]: ...


def recipe(make: Any = None, *, paper: Mapping[str, Any] | None = None, models: Models = NONE) -> Any:
    """Return the same function, whose games carry `call`: the recipe's name and its arguments but the space.

    So a run folder can say how to make the game again, and `fit` can draw its first weights from the run's seed. With
    the numbers of a paper, the function has one option more, `paper`: whether they take the place of its own defaults
    in a call that does not give them.

    Args:
        make: a function of a space that returns a game.
        paper: the paper's numbers, by the names of parameters.
        models: where the paper has several, what each has besides, by the name that `paper` then takes for it.
    """
    if make is None:
        return partial(recipe, paper=paper, models=models)

    @wraps(make)
    def recorded(*args: Any, **kwargs: Any) -> Game:
        as_in_paper = {"paper": kwargs.pop("paper", False)} if paper else {}
        bound = signature(make).bind(*args, **kwargs)
        if paper:
            bound.arguments = {**numbers_of(recorded, as_in_paper["paper"]), **bound.arguments}
        bound.apply_defaults()
        ours = make.__module__.startswith("pushforward.")
        if ours:
            refuse_out_of_range(make.__name__, bound.arguments)
        game: Game = make(*bound.args, **bound.kwargs)
        name = make.__name__ if ours else f"{make.__module__}.{make.__qualname__}"
        remember(game, name, {k: v for k, v in bound.arguments.items() if k != "space"} | as_in_paper)
        return game

    if paper:
        offer_paper(recorded, paper, models)
    return recorded


def refuse_out_of_range(recipe: str, arguments: Mapping[str, Any]) -> None:
    """Refuse a count that is none and a weight that rewards what it should tax.

    Args:
        recipe: for the sentence.
        arguments: by name; those that are no numbers pass.

    Raises:
        Refused: for a number below its range.
    """
    for name, least in LEAST.items():
        value = arguments.get(name)
        if isinstance(value, int | float) and not value >= least:
            raise Refused(f"{name} of {recipe} must be at least {least}, got {value}.")


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
    """Tell whether a recipe's game is as it was made: weights, which of them learn, optimisers, size of the batch."""
    return game.stamp == _stamp(game)


def _stamp(game: Game) -> str:
    """Return the sha256 of all weights, and of what a game has besides its modules."""
    digest = sha256(f"{game.tune} {game.batch_size}".encode())
    for name, t in (*game.named_parameters(), *game.named_buffers()):
        digest.update(f"{name} {t.requires_grad}".encode())
        digest.update(t.detach().cpu().contiguous().view(-1).view(torch.uint8).numpy().tobytes())
    return digest.hexdigest()


def without_batch_norm(network: Network, space: Space, generator: bool = False) -> Network:
    """Return the plan without batch norm in its critic, for constraints on the gradient at each point.

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


def demand_reals(space: Space, owner: str) -> None:
    """Refuse a space with blocks of indicators: a density needs Lebesgue measure, which real blocks alone have.

    Args:
        space: of the points.
        owner: whose density it is, for the sentence.

    Raises:
        Refused: naming the columns of levels.
    """
    if space.choices:
        names = ", ".join(repr(block.name) for block, _ in space.choices)
        raise Refused(
            f"{owner} has a density of real numbers alone, and columns hold levels ({names}); leave those out, name "
            "one as the class with --labels, or choose a recipe without a density, such as gram."
        )
