"""The steps before the first turn: a call that is checked, and a folder that says how to make the run again."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch

from pushforward import ranks
from pushforward.critics import DiffAugment
from pushforward.data import Data
from pushforward.data.codecs.summary import lines
from pushforward.errors import Refused
from pushforward.games import Game
from pushforward.progress import tell
from pushforward.recipes.base import untouched
from pushforward.runs import FORMAT, RunFolder
from pushforward.spaces import Image
from pushforward.training import bf16_suits, small
from pushforward.verbs.call import describe_space
from pushforward.verbs.density_notes import density_notes
from pushforward.verbs.label_notes import label_note
from pushforward.verbs.settings import Settings
from pushforward.verbs.two_value_notes import two_value_notes

LEAST_ROWS, LEAST_HELD_OUT = 20, 4
"""Rows of the data, and of their validation part, at least: fewer allow no estimate with an error."""

SMALL_TABLE = 2000
"""Rows below which a table gets a chain of trees unless a recipe is named: it had the better samples of 1,000 rows."""


def checked_settings(settings: Settings, game: Game, data: Data, quiet: bool) -> Settings:
    """The settings with the number of threads; says what the data made of the call, and what the game brings."""
    rows = len(data.train)
    total = rows + len(data.validation) + len(data.test)
    if total < LEAST_ROWS:
        raise Refused(f"fit needs at least {LEAST_ROWS} rows, got {total}; give it more data.")
    if (held_out := len(data.validation)) < LEAST_HELD_OUT:
        raise Refused(f"the validation part, by which fit chooses a state, must have at least {LEAST_HELD_OUT} rows, "
                      f"got {held_out} of {total}; give it more data, or a larger share by --split.")  # fmt: skip
    if game.batch_size < 1:
        raise Refused(f"--batch_size must be at least 1, got {game.batch_size}.")
    augmentation(settings, game)
    for note in data.notes:
        say(quiet, note)
    for line in _of_table(game, data):
        say(quiet, line)
    if (size := batch_size(game, data)) < game.batch_size:
        shared = f", shared by {ranks.size()} processes" if ranks.size() > 1 else ""
        say(quiet, f"The batch is {size} rows, since the training part has {rows}{shared}.")
    for note in (*density_notes(game, data), *two_value_notes(game.sampler, data)):
        say(quiet, note)
    if (labels := label_note(game, rows)) is not None:
        say(quiet, labels)
    if game.call is not None and not untouched(game):
        say(
            quiet,
            "The game has weights of its own: the run begins from them, and needs the game to go on or be loaded.",
        )
    return replace(settings, threads=settings.threads or (1 if small(game) else torch.get_num_threads()))


def _of_table(game: Game, data: Data) -> Iterator[str]:
    """Yield what each column of a table was taken for, a line each, and what serves a small one better."""
    if not data.columns:
        return
    yield from lines(data.columns)
    if data.rows < SMALL_TABLE and game.call is not None and game.call["recipe"] == "table_cdf":
        yield "On tables of 1,000 rows `fit cart`, trees that copy more, had better samples; `compare` ranks the two."


def decided_precision(settings: Settings, game: Game) -> Settings:
    """The settings with what `--precision auto` comes to for this game on this machine."""
    if settings.precision != "auto":
        return settings
    return replace(settings, precision="bf16" if bf16_suits(game, settings.device) else "32")


def batch_size(game: Game, data: Data) -> int:
    """The game's, as far as the data reach, and so that the processes share it evenly."""
    return min(game.batch_size, len(data.train)) // ranks.size() * ranks.size()


def augmentation(settings: Settings, game: Game) -> DiffAugment | None:
    """Return what the critic's pictures go through.

    Raises:
        Refused: if it is asked for where no critic is trained on the pictures themselves.
    """
    if settings.augment is None:
        return game.augment
    if not isinstance(game.space, Image):
        raise Refused(
            f"--augment changes pictures, and the data have points of shape {game.space.shape}; leave it out."
        )
    if not game.augmentable or game.critic() is None:
        raise Refused(
            "--augment changes the pictures that a critic is trained on, and this game has no such critic; leave it "
            "out, or choose a recipe that has one, such as gan."
        )
    return settings.augment


@contextmanager
def folder_for_writing(begin: Callable[[], AbstractContextManager[RunFolder]]) -> Iterator[RunFolder]:
    """The folder of a run as long as it is written; the first of several processes begins it, and holds its lock.

    Args:
        begin: gives the locked folder.
    """
    with ExitStack() as held:
        folder: list[RunFolder] = []

        def created() -> Path:
            folder.append(held.enter_context(begin()))
            return folder[0].path

        path = ranks.first(created)
        yield folder[0] if folder else RunFolder(path)


@contextmanager
def create_run_folder(
    game: Game, data: Data, settings: Settings, run: str | Path | None, overwrite: bool, call: Mapping[str, Any]
) -> Iterator[RunFolder]:
    """A new run folder, locked, that says how to make the run again."""
    told = {"data": dict(data.spec), "content_hash": data.content_hash, "split_hash": data.split_hash}
    told["fit"] = settings.plain()
    with _created(game, data, run, overwrite) as folder:
        folder.write_json("space.json", describe_space(data.space) | class_shares(data))
        folder.write_json("codec.json", data.codec.to_json())
        if data.columns:
            folder.write_json("columns.json", [vars(column) for column in data.columns])
        folder.write_yaml("call.yaml", {"version": FORMAT, **call, **told})
        yield folder


def class_shares(data: Data) -> dict[str, list[float]]:
    """Return the share of each class among the training data, by which labels are drawn; nothing without classes."""
    if not data.space.classes or data.train.label is None:
        return {}
    counts = torch.bincount(data.train.label.cpu(), minlength=len(data.space.classes))
    return {"class_shares": (counts / counts.sum()).tolist()}


@contextmanager
def continue_run_folder(folder: RunFolder, call: Mapping[str, Any]) -> Iterator[RunFolder]:
    """The folder of a run, locked: what a kill left half-written goes, and a new budget is written down."""
    with folder.continuing() as locked:
        if call != locked.read_yaml("call.yaml"):
            locked.write_yaml("call.yaml", call)
        yield locked


def _created(game: Game, data: Data, run: str | Path | None, overwrite: bool) -> AbstractContextManager[RunFolder]:
    recipe = game.call["recipe"].rpartition(".")[2].replace("_", "-") if game.call else type(game).__name__.lower()
    if run is not None:
        return RunFolder.creating(run, overwrite)
    if overwrite:
        return RunFolder.creating(Path("runs") / f"{recipe}-{data.name}", overwrite)
    return RunFolder.fresh("runs", f"{recipe}-{data.name}").locked()


def say(quiet: bool, sentence: str) -> None:
    """A sentence on standard error, by the first of several processes."""
    if not quiet and ranks.rank() == 0:
        tell(sentence)
