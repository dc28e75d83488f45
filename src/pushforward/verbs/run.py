"""A run on disk: a fitted sampler, its record and its verdict."""

from copy import deepcopy
from pathlib import Path
from typing import Any, Literal

import torch
from torch import Tensor

from pushforward.data import Codec, Data
from pushforward.data import load as load_data
from pushforward.errors import Refused, nearest
from pushforward.games import Game
from pushforward.runs import RunFolder
from pushforward.samplers import Pushforward
from pushforward.spaces import Batch
from pushforward.training import drawn, stream
from pushforward.verbs.call import make_game, recorded, restore_space

Weights = Literal["best", "last", "raw"]


class Run:
    """What `fit` returns and `load` opens.

    Args:
        folder: of the run.
        game: with the shape of the saved one; a copy of it takes the weights that are asked for.
        data: what it was fitted to; loaded again when asked for.
    """

    def __init__(self, folder: RunFolder, game: Game, data: Data | None = None):
        self.folder, self.game, self._data = folder, deepcopy(game), data
        self._weights: Weights | None = None
        self.codec = Codec.from_json(folder.read_json("codec.json"))

    @property
    def path(self) -> Path:
        """Of the run folder."""
        return self.folder.path

    @property
    def verdict(self) -> dict[str, Any] | None:
        """The verdict on the test part; None if it was not asked for."""
        found: dict[str, Any] | None = self.folder.read_json("verdict.json") if self.folder.verdict.exists() else None
        return found

    @property
    def data(self) -> Data:
        """The data it was fitted to.

        Raises:
            Refused: if they lived only in memory, or have changed.
        """
        if self._data is None:
            self._data = same_data(recorded(self.folder))
        return self._data

    def sample(self, n: int = 1000, seed: int = 0, label: str | int | None = None, weights: Weights = "best") -> Any:
        """n samples, in the form the data came in.

        Args:
            n: at least 1.
            seed: of the noise.
            label: class of all samples, by name or number, for a sampler that takes one; drawn as often as among the
                training data if absent.
            weights: the averaged sampler of the best state, of the last one, or the last one not averaged.
        """
        return self.codec.decode(self.draw(n, seed, label, weights))

    def write_samples(
        self, path: str | Path, n: int = 1000, seed: int = 0, label: str | int | None = None, weights: Weights = "best"
    ) -> Path:
        """Write n samples in the form that the ending says; a path without one is a folder of pictures."""
        self.codec.write(self.draw(n, seed, label, weights), path)
        return Path(path)

    def draw(self, n: int, seed: int = 0, label: str | int | None = None, weights: Weights = "best") -> Batch:
        """n samples as tensors of the space, on the CPU."""
        if n < 1:
            raise Refused(f"-n must be at least 1, got {n}.")
        sampler = self._sampler(weights)
        batch = drawn(sampler, n, seed, self._labels(sampler, label, n, seed))
        return Batch(batch.x.float().cpu(), None if batch.label is None else batch.label.cpu())

    def _labels(self, sampler: Pushforward, label: str | int | None, n: int, seed: int) -> Tensor | None:
        """The class of each sample: the one that is asked for, or drawn by the shares of the training data."""
        if label is None:
            shares = self.folder.read_json("space.json").get("class_shares") if sampler.classes else None
            if shares is None:
                return None
            own = torch.Generator().manual_seed(stream(seed, "labels"))
            return torch.multinomial(torch.tensor(shares), n, replacement=True, generator=own)
        if not sampler.classes:
            raise Refused(f"--label {label} was asked for, but this run's sampler takes no labels; leave it out.")
        names = list(self.game.space.classes) or [str(i) for i in range(sampler.classes)]
        if str(label) not in names:
            raise Refused(f"no class '{label}' in this run's data; {nearest(str(label), names)}")
        return torch.full((n,), names.index(str(label)))

    def _sampler(self, weights: Weights) -> Pushforward:
        if weights not in ("best", "last", "raw"):
            raise Refused(f"--weights must be best, last or raw, got {weights!r}.")
        if weights != self._weights:
            saved = self.folder.checkpoints
            tensors = (saved.load_best() if weights == "best" else saved.load_last()).tensors
            if weights == "raw":
                self.game.load_state_dict(tensors["players"])
            else:
                self.game.sampler.load_state_dict(tensors["average"])
            self._weights = weights
        return self.game.sampler.eval()


def load(path: str | Path, game: Game | None = None) -> Run:
    """Open a run folder.

    Args:
        path: of the folder.
        game: of the same shape as the one that was fitted, if that was made by hand.
    Raises:
        Refused: if it is no run folder, or its game was made by hand and is not given.
    """
    folder = RunFolder.open(path)
    call = recorded(folder)
    with torch.random.fork_rng([]):
        return Run(folder, game or make_game(call, restore_space(folder.read_json("space.json"))))


def same_data(call: dict[str, Any], given: Data | None = None) -> Data:
    """The data of a call, as they were when it was made.

    Raises:
        Refused: if they lived only in memory and are not given, or their content has changed.
    """
    if given is None and "object" in call["data"]:
        raise Refused("this run's data lived only in memory; pass data= in Python.")
    data = given or load_data(**call["data"])
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
