"""A run on disk: a fitted sampler, its record and its verdict."""

from collections.abc import Mapping
from copy import deepcopy
from pathlib import Path
from typing import Any, Literal

import torch
from torch import Tensor, nn

from pushforward.data import Codec, Data
from pushforward.data import load as load_data
from pushforward.errors import Refused, nearest
from pushforward.games import Game
from pushforward.runs import RunFolder
from pushforward.runs.plain import read_object
from pushforward.samplers import Pushforward
from pushforward.spaces import Batch
from pushforward.training import drawn, stream
from pushforward.verbs.call import make_game, recorded, restore_shares, restore_space
from pushforward.verbs.trusting import Trust, data_of, trusted, trusting, trusts
from pushforward.verbs.weighing import most_of

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
        self._trust = trusted()
        self.codec = Codec.from_json(read_object(folder.path / "codec.json"), str(folder.path / "codec.json"))

    @property
    def path(self) -> Path:
        """Of the run folder."""
        return self.folder.path

    @property
    def verdict(self) -> dict[str, Any] | None:
        """The verdict on the test part; None if it was not asked for."""
        return read_object(self.folder.path / "verdict.json") if self.folder.verdict.exists() else None

    @property
    def data(self) -> Data:
        """The data it was fitted to.

        Raises:
            Refused: if they lived only in memory, or have changed.
        """
        if self._data is None:
            with trusting(self._trust):
                self._data = same_data(recorded(self.folder), whose=str(self.folder.call))
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
            shares = self._shares() if sampler.classes else None
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

    def _shares(self) -> list[float] | None:
        """How often each class is among the training data, where that was recorded."""
        return restore_shares(read_object(self.folder.path / "space.json"), self.game.space, str(self.folder.space))

    def _sampler(self, weights: Weights) -> Pushforward:
        if weights not in ("best", "last", "raw"):
            raise Refused(f"--weights must be best, last or raw, got {weights!r}.")
        if weights != self._weights:
            saved = self.folder.checkpoints
            tensors = (saved.load_best() if weights == "best" else saved.load_last()).tensors
            module, group = (self.game, "players") if weights == "raw" else (self.game.sampler, "average")
            take(module, tensors, group, self.path)
            self._weights = weights
        return self.game.sampler.eval()


@trusts
def load(path: str | Path, game: Game | None = None, *, trust: Trust = ()) -> Run:
    """Open a run folder.

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
        run = Run(folder, game or make_game(call, space, whose, most_of(folder.checkpoints.path)))
    if run.codec.space.shape != space.shape or run.codec.space.classes != space.classes:
        raise Refused(f"{folder.space} and codec.json beside it describe different points; restore them.")
    return run


def take(module: nn.Module, tensors: Mapping[str, Mapping[str, Tensor]], group: str, path: Path) -> None:
    """Give a module the weights of a checkpoint.

    Raises:
        Refused: if they are those of another module.
    """
    try:
        module.load_state_dict(dict(tensors[group]))
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
