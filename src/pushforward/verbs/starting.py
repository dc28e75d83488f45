"""The start of a run from what another run was fitted to, in place of weights that are drawn."""

from collections.abc import Mapping
from pathlib import Path

from torch import Tensor, nn

from pushforward.errors import Refused
from pushforward.games import Game
from pushforward.runs import RunFolder
from pushforward.training import load_average


def begin_with(game: Game, start: str | Path) -> None:
    """Give a game the averaged weights that another run hands over: its sampler, an encoder beside it; no critic.

    Args:
        game: that is about to be trained.
        start: folder of a run whose networks are built alike; the data and the recipe may be others.

    Raises:
        Refused: if it is no run folder, or its sampler is built otherwise.
    """
    folder, kept = RunFolder.open(start), nn.ModuleDict(game.kept)
    tensors = folder.checkpoints.load_best().tensors["average"]
    if difference := _difference(kept.state_dict(), tensors):
        raise Refused(
            f"--warm_start {start} holds a sampler that is built otherwise than this one: {difference}; take the "
            f"recipe and options that {folder.call} records, such as --network, --noise and --conditional, and data "
            "of its shape."
        )
    load_average(kept, tensors)


def _difference(ours: Mapping[str, Tensor], theirs: Mapping[str, Tensor]) -> str:
    """Return the first tensor that only one of two has, or has in another shape; nothing if all agree."""
    for name in (*ours, *theirs):
        shapes = [tuple(each[name].shape) if name in each else "absent" for each in (theirs, ours)]
        if shapes[0] != shapes[1]:
            return f"{name} is {shapes[0]} there and {shapes[1]} here"
    return ""
