"""The recipe that suits each kind of data, why, and the measurements behind it: for `fit` without a recipe.

One table, which the command line, Python and the documents read.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from pushforward import recipes
from pushforward.data import Data, load
from pushforward.errors import Refused
from pushforward.games import Game
from pushforward.networks import convolved
from pushforward.spaces import Columns, Space
from pushforward.training import convolutional
from pushforward.verbs.run_creation import SMALL_TABLE, say
from pushforward.verbs.settings import DEFAULT_STEPS, Settings


@dataclass(frozen=True)
class Recommendation:
    """A *recommendation*: the recipe for one kind of data, why, and where that was measured.

    Args:
        kind: of the data, in words.
        recipe: as in Python.
        why: in a few words, after "since it".
        tables: in benchmarks/results, where it was measured.
        suits: whether points of a space are of the kind; the first of the table that is counts.
        below: rows of all data, from which on it is for other data.
    """

    kind: str
    recipe: str
    why: str
    tables: tuple[str, ...]
    suits: Callable[[Space], bool]
    below: int | None = None

    @property
    def label(self) -> str:
        """The name of the recipe on the command line."""
        return self.recipe.replace("_", "-")


RECOMMENDED = (
    Recommendation(
        f"tables of fewer than {SMALL_TABLE:,} rows",
        "cart",
        "had the rows that trees tell least from unseen ones, some of them copies of rows that its run folder holds,",
        ("small_tables",),
        lambda space: isinstance(space, Columns),
        below=SMALL_TABLE,
    ),
    Recommendation(
        "larger tables",
        "table_cdf",
        "had the rows that trees tell least from unseen ones after a minute",
        ("tables",),
        lambda space: isinstance(space, Columns),
    ),
    Recommendation(
        "labelled pictures of 16 pixels and more",
        "sn_gan",
        "had the lowest KID after 90 seconds",
        ("minutes", "sweep"),
        lambda space: convolved(space) and bool(space.classes),
    ),
    Recommendation(
        "pictures of 16 pixels and more without labels",
        "gan",
        "had the lowest KID after four minutes",
        ("mnist",),
        convolved,
    ),
    Recommendation(
        "points and smaller pictures",
        "drifting",
        "had the best samples after half a minute",
        ("drifting", "digits"),
        lambda space: True,
    ),
)

TURNS = {"drifting": 2000, "forest": 2200, "table_cdf": 1000}
"""The turns after which a recipe on networks without convolutions has given most of what it can; else 5000."""

MINUTES = 1.5
"""The training of networks with convolutions."""


def recommended(space: Space, rows: int) -> Recommendation:
    """Return the first recommendation of the table that suits so many points of a space."""
    return next(each for each in RECOMMENDED if (each.below is None or rows < each.below) and each.suits(space))


def suiting(data: Data) -> Recommendation:
    """Return the recommendation that suits data, all three parts of them."""
    return recommended(data.space, data.rows)


def say_choice(found: Recommendation, quiet: bool) -> None:
    """Say in one line which recipe was chosen, and why."""
    say(quiet, f"Recipe: {found.label}, which {found.why} for {found.kind}; `pushforward list recipes` has the others.")


def game_and_data(game: Any, data: Any) -> tuple[Game | None, Any]:
    """Return the game, None where the data are to choose it, and the data.

    Args:
        game: the first argument of `fit`: a game, or the data if nothing else is given.
        data: the second.

    Raises:
        Refused: if there are no data, or the two are in the wrong order, or the first is no game.
    """
    if game is None and data is None:
        raise Refused("fit needs data: fit(data), or fit(game, data) with a game of your choice.")
    if isinstance(data, Game):
        raise Refused("fit takes the game first and the data second, and got them the other way round.")
    if isinstance(game, Game) and data is None:
        raise Refused("fit needs the data after the game: fit(game, data).")
    if data is None:
        return None, game
    if game is not None and not isinstance(game, Game):
        made = f"; call it first: {game.__name__}(data.space)" if callable(game) and hasattr(game, "__name__") else ""
        raise Refused(f"the first of two arguments of fit must be a game, got {game!r:.60}{made}.")
    return game, data


def matching(game: Game | None, data: Any, quiet: bool) -> tuple[Game, Data]:
    """Return the game and the data, loaded; without a game that of the recipe that suits them, which is said.

    Args:
        game: None for the data's choice.
        data: what `load` takes or returned.
        quiet: whether to say nothing.

    Raises:
        Refused: if the game was made for other data.
    """
    data = data if isinstance(data, Data) else load(data)
    if game is None:
        found = suiting(data)
        say_choice(found, quiet)
        return getattr(recipes, found.recipe)(data.space), data
    if data.space != game.space:
        raise Refused(f"the game was made for {game.space}, the data are {data.space}; make it from data.space.")
    return game, data


def budgeted(settings: Settings, game: Game, quiet: bool) -> Settings:
    """Return the settings with the budget that suits a game, which is said, where they have none.

    A minute or two on a laptop: minutes for convolutions, else turns; a game without optimisers ends by itself.

    Args:
        settings: of `fit`.
        game: what is trained.
        quiet: whether to say nothing.
    """
    if settings.steps is not None or settings.minutes is not None or not game.tune:
        return settings
    if convolutional(game):
        say(quiet, f"Budget: {MINUTES} minutes of training; --minutes or --steps give another.")
        return replace(settings, minutes=MINUTES)
    name = game.call["recipe"] if game.call is not None else ""
    turns = TURNS.get(name, DEFAULT_STEPS)
    say(quiet, f"Budget: {turns:,} turns; --steps or --minutes give another.")
    return replace(settings, steps=turns)
