"""The contents that a run folder stands for: the data of its call, and the weights of its checkpoints."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from torch import Tensor, nn

from pushforward.data import Data
from pushforward.data import load as load_data
from pushforward.errors import Refused
from pushforward.games import Game
from pushforward.training import load_average
from pushforward.verbs.trust import data_of


def give_weights(game: Game, tensors: Mapping[str, Mapping[str, Tensor]], averaged: bool, path: Path) -> None:
    """Give a game the weights of a checkpoint.

    Args:
        game: as the call of the run makes it.
        tensors: groups of the checkpoint.
        averaged: those of what the game keeps, averaged over turns; else all players' as they stood.
        path: of the run, for the sentence.

    Raises:
        Refused: if they are those of another game.
    """
    try:
        if averaged:
            load_average(nn.ModuleDict(game.kept), tensors["average"])
        else:
            game.load_state_dict(dict(tensors["players"]))
    except (KeyError, RuntimeError) as error:
        raise Refused(
            f"the checkpoint of {path} is not of the game that its call.yaml describes; restore both, or make the run "
            "again."
        ) from error


def same_data(call: dict[str, Any], given: Data | None = None, whose: str = "the call") -> Data:
    """The data of a call, as they were when it was made; what is read for it is said on standard error.

    Args:
        call: as `recorded` gives it.
        given: the data, if they are at hand.
        whose: the file that names them, in sentences.

    Raises:
        Refused: if they lived only in memory and are not given, their content has changed, or they are named by code
            that is not trusted.
    """
    if given is None and "object" in call["data"]:
        raise Refused("this run's data lived only in memory; pass data= in Python.")
    data = given or load_data(**data_of(call["data"], whose))
    if data.content_hash != call["content_hash"]:
        raise Refused(
            f"the data have changed since the run began (content {data.content_hash[:12]}, then "
            f"{call['content_hash'][:12]}); restore them, or begin a new run."
        )
    if call.get("split_hash", data.split_hash) != data.split_hash:
        raise Refused(
            "the data are split otherwise than when the run began, so that its test part would hold rows that it was "
            "trained on; load them as then, with the same seed and shares."
        )
    return data
