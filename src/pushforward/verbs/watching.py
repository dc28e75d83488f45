"""The onlookers of a run as it is trained: the bar, the records for TensorBoard, the pictures of samples."""

from collections.abc import Iterator
from contextlib import contextmanager

from pushforward import ranks
from pushforward.data import Data
from pushforward.games import Game
from pushforward.runs import RunFolder
from pushforward.training import Progress, TensorBoard, Training
from pushforward.verbs.run_creation import say
from pushforward.verbs.settings import Settings
from pushforward.verbs.snapshots import snapshots


@contextmanager
def watching(
    training: Training, folder: RunFolder, game: Game, data: Data, settings: Settings, quiet: bool
) -> Iterator[None]:
    """Let training be watched within the `with` block; of several processes, the first one's alone.

    Args:
        training: that is about to begin or go on.
        folder: of the run.
        game: that is trained.
        data: that it is fitted to.
        settings: of the run.
        quiet: whether nothing is said.
    """
    if ranks.rank() > 0:
        yield
        return
    bar = None if quiet else Progress(settings.budget, training.number)
    events = TensorBoard(folder.inside("tensorboard")) if settings.tensorboard else None
    training.watchers = tuple(watcher for watcher in (bar, events) if watcher is not None)
    if settings.examples:
        training.snapshots = snapshots(folder, game, data, settings.seed, None if events is None else events.picture)
        if not training.done(settings.budget):
            say(quiet, f"The samples as training goes: {folder.path / 'now.png'}, drawn anew every few seconds.")
    try:
        yield
    finally:
        for watcher in (bar, events):
            if watcher is not None:
                watcher.close()
