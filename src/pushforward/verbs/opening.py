"""The opening of a run folder: what `load` and every verb on a run begin with."""

from pathlib import Path

import torch

from pushforward.errors import Refused
from pushforward.games import Game
from pushforward.runs import RunFolder
from pushforward.runs.plain_values import read_object
from pushforward.verbs.call import make_game, recorded, restore_space
from pushforward.verbs.run import Run
from pushforward.verbs.trust import Trust, trusts
from pushforward.verbs.weight_limit import most_weights


@trusts
def load(path: str | Path, game: Game | None = None, *, trust: Trust = ()) -> Run:
    """Open a run folder, to sample from it, judge it or go on with it.

    Args:
        path: of the folder.
        game: of the same shape as the one that was fitted, if that was made by hand.
        trust: modules outside this package that the folder may name, with commas between them; see docs/security.md.
    Raises:
        Refused: if it is no run folder, its game was made by hand and is not given, or it names code that is not
            trusted.
    """
    folder = RunFolder.open(path)
    call, whose = recorded(folder), str(folder.call)
    space = restore_space(read_object(folder.path / "space.json"), str(folder.space))
    with torch.random.fork_rng([]):
        run = Run(folder, game or make_game(call, space, whose, most_weights(folder.checkpoints.path)))
    if run.codec.space.shape != space.shape or run.codec.space.classes != space.classes:
        raise Refused(f"{folder.space} and codec.json beside it describe different points; restore them.")
    return run
