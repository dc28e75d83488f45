"""The laws of recipes, functions of a space that return a game."""

from collections.abc import Callable, Iterator
from inspect import Parameter, getdoc, signature

import torch

from pushforward import index
from pushforward.errors import Refused
from pushforward.games import Distillation, Game, Whole
from pushforward.networks import MLP
from pushforward.samplers import Pushforward
from pushforward.spaces import Batch, Columns, Image, OneOf, Space, Vector
from pushforward.testing.rule import holds, laws_of
from pushforward.training import Turn

SPACES: tuple[Space, ...] = (
    Vector(2),
    Columns(("a", "b", "c")),
    Columns(("a", OneOf("b", ("x", "y", "z")))),
    Image(1, 8, 8),
    Image(1, 16, 16),
)
Recipe = Callable[..., Game]


def games(make: Recipe) -> Iterator[tuple[Space, Game]]:
    """Yield a game of every space that the recipe accepts."""
    for space in SPACES:
        try:
            yield space, make(space)
        except Refused:
            continue


def options_have_defaults_and_words(make: Recipe) -> None:
    """The first parameter is the space; every other has a default and a line under Args."""
    first, *others = signature(make).parameters.values()
    holds(first.name == "space", f"the first parameter is {first.name}")
    for p in others:
        holds(p.default is not Parameter.empty, f"{p.name} has no default")
        holds(f" {p.name}: " in (getdoc(make) or ""), f"{p.name} is not explained under Args")


def no_option_collides(make: Recipe) -> None:
    """The options never have the name of one of `fit` or of the data, with which they share the command line."""
    taken = {*index.function("verbs", "fit").names, *index.function("data", "load").names, "data", "recipe", "config"}
    both = taken & {*list(signature(make).parameters)[1:]}
    holds(not both, f"{', '.join(sorted(both))} is taken")


def a_game_of_the_space(make: Recipe) -> None:
    """The game of some space is made; it keeps the space, draws points of it, and knows how players step."""
    made = list(games(make))
    holds(bool(made), f"it refuses all of {', '.join(map(str, SPACES))}")
    for space, game in made:
        holds(isinstance(game, Game), f"of {space} it returned {type(game).__name__}")
        holds(game.space == space, f"of {space} the game is for {game.space}")
        holds(game.sampler(3).x.shape == (3, *space.shape), f"of {space} the samples have another shape")
        players = dict(game.players())
        holds(bool(players) or isinstance(game, Whole), f"of {space} nothing learns")
        holds(players.keys() <= game.tune.keys(), f"of {space} a player of {', '.join(players)} has no optimiser")
        holds(game.batch_size > 0, f"of {space} batch_size is {game.batch_size}")


def a_turn_moves_a_player(make: Recipe) -> None:
    """A turn changes some parameter, and leaves all of them finite."""
    for space, game in games(make):
        if isinstance(game, Distillation):  # it asks for the run of a teacher, and has none here
            game.learn_from(Pushforward.of(MLP((8,)), game.sampler.noise, space))
        game.prepare(_Rows(space))
        before = {k: v.clone() for k, v in game.state_dict().items()}
        turn = Turn(dict(game.players()), game.tune)
        turn.begin(30, 0.0)  # past the first turns, in which some critics take a hundred steps
        game.step(lambda s=space: _batch(s), turn)  # type: ignore[misc]
        after = game.state_dict()
        holds(any(not torch.equal(before[k], v) for k, v in after.items()), f"of {space} nothing moves")
        holds(all(bool(v.isfinite().all()) for v in after.values()), f"of {space} a parameter is not finite")


class _Rows:
    """Training rows of a space."""

    def __init__(self, space: Space):
        self.batch = _batch(space, 64)

    def __len__(self) -> int:
        return len(self.batch.x)

    def all(self, limit: int | None = None) -> Batch:
        return Batch(self.batch.x[:limit])


def _batch(space: Space, n: int = 16) -> Batch:
    if space.range is None:
        return Batch(torch.rand(n, *space.shape))
    low, high = space.range  # and nothing between: recipes for points of two values take these too
    return Batch(torch.where(torch.rand(n, *space.shape) < 0.5, low, high))


LAWS = laws_of(
    "recipes", options_have_defaults_and_words, no_option_collides, a_game_of_the_space, a_turn_moves_a_player
)
