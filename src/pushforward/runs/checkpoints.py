"""Checkpoints in two phases: a folder written under a partial name, renamed when whole, then pointed to by one line.

checkpoint/turn-000500/   GROUP.safetensors …, state.json, manifest.json (the sha256 of every other file)
checkpoint/last           the name of the folder that a resumed run continues
checkpoint/best           the name of the folder that samples come from
"""

import json
import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pushforward.errors import Refused
from pushforward.runs.atomic import PARTIAL, replacing, settle, writable

if TYPE_CHECKING:
    import torch

Tensors = Mapping[str, "Mapping[str, torch.Tensor]"]


@dataclass(frozen=True, eq=False)
class Checkpoint:
    """What was saved at a turn: tensors by group and name, and a state of plain values."""

    turn: int
    tensors: "dict[str, dict[str, torch.Tensor]]"
    state: dict[str, Any]


@dataclass(frozen=True)
class Checkpoints:
    """The folder `checkpoint/` of a run: at most two checkpoints, `last` and `best`, which may be one and the same.

    Args:
        path: the folder; made when the first checkpoint is saved.
    """

    path: Path

    @property
    def has_last(self) -> bool:
        """Whether a run can be resumed."""
        return (self.path / "last").is_file()

    @property
    def has_best(self) -> bool:
        """Whether a best state was chosen."""
        return (self.path / "best").is_file()

    def save_last(self, turn: int, tensors: Tensors, state: Mapping[str, Any]) -> None:
        """Saves what a resumed run continues; the one before it goes when the new one is whole.

        Args:
            turn: number of the turn after which this is the state.
            tensors: by group (a player, its optimiser, the generators …) and name.
            state: plain values (JSON); infinities are kept.

        Raises:
            Refused: the disk does not take it; the one before is intact.
        """
        self._point("last", self._write(turn, tensors, state))

    def save_best(self, turn: int, tensors: Tensors, state: Mapping[str, Any]) -> None:
        """Saves what samples come from; arguments and errors as in `save_last`."""
        self._point("best", self._write(turn, tensors, state))

    def last_is_best(self) -> None:
        """Makes the last checkpoint the best one as well, without writing it twice."""
        self._point("best", self._pointed("last"))

    def load_last(self) -> Checkpoint:
        """The checkpoint that a resumed run continues, verified.

        Raises:
            Refused: there is none, or a file of it is damaged: which one, and whether the best one is whole.
        """
        return self._load("last", other="best")

    def load_best(self) -> Checkpoint:
        """The checkpoint that samples come from, verified; errors as in `load_last`."""
        return self._load("best", other="last")

    def sweep(self) -> None:
        """Removes what no pointer names: older checkpoints, and what a kill left half-written."""
        if not self.path.is_dir():
            return
        kept = {"last", "best"} | {self._pointed(name) for name in ("last", "best") if (self.path / name).is_file()}
        for entry in self.path.iterdir():
            if entry.name not in kept and entry.name.startswith(("turn-", ".")):
                shutil.rmtree(entry) if entry.is_dir() else entry.unlink()

    def _write(self, turn: int, tensors: Tensors, state: Mapping[str, Any]) -> str:
        """Writes a whole checkpoint and returns the name of its folder, to which nothing points yet."""
        with writable(self.path):
            self.path.mkdir(parents=True, exist_ok=True)
            self.sweep()  # half-written or unpointed folders would be in the way
            name = self._free(f"turn-{turn:06d}")
            partial = self.path / f".{name}{PARTIAL}"
            try:
                _fill(partial, turn, tensors, state)
                os.rename(partial, self.path / name)
            except BaseException:
                shutil.rmtree(partial, ignore_errors=True)
                raise
            settle(self.path)
        return name

    def _free(self, name: str) -> str:
        """The name, numbered when a pointed-to checkpoint has it: a resumed run comes by the same turn again."""
        number = 1
        while (self.path / (free := name if number == 1 else f"{name}-{number}")).exists():
            number += 1
        return free

    def _point(self, pointer: str, name: str) -> None:
        with replacing(self.path / pointer) as file:
            file.write(f"{name}\n".encode())
        self.sweep()

    def _pointed(self, pointer: str) -> str:
        return (self.path / pointer).read_text(encoding="utf-8").strip()

    def _load(self, pointer: str, other: str) -> Checkpoint:
        if not (self.path / pointer).is_file():
            raise Refused(f"{self.path.parent} has no {pointer} checkpoint yet; let the run go on, or start it again.")
        folder = self.path / self._pointed(pointer)
        if (damage := _damaged(folder)) is not None:
            raise Refused(f"{damage}; {self._remedy(pointer, other)}")
        return _read(folder)

    def _remedy(self, pointer: str, other: str) -> str:
        """What can be done: the other checkpoint, when it is another one and whole."""
        if (self.path / other).is_file():
            folder = self.path / self._pointed(other)
            if folder.name != self._pointed(pointer) and _damaged(folder) is None:
                copy = f"copy {self.path / other} over {self.path / pointer}"
                return f"the {other} checkpoint ({folder.name}) is whole: {copy}."
        return "there is no other whole checkpoint: start the run again."


def _fill(folder: Path, turn: int, tensors: Tensors, state: Mapping[str, Any]) -> None:
    """Writes the files of one checkpoint and the manifest of their hashes, each flushed to the disk."""
    from safetensors.torch import save

    folder.mkdir()
    # a copy: safetensors refuses tensors that share memory, and a view would drag its whole storage along
    files = {
        f"{group}.safetensors": save({k: v.detach().to("cpu", copy=True).contiguous() for k, v in entries.items()})
        for group, entries in tensors.items()
    }
    files["state.json"] = json.dumps({"turn": turn, "groups": list(tensors), "state": dict(state)}).encode()
    files["manifest.json"] = json.dumps({name: sha256(content).hexdigest() for name, content in files.items()}).encode()
    for name, content in files.items():
        with replacing(folder / name) as file:
            file.write(content)


def _read(folder: Path) -> Checkpoint:
    from safetensors.torch import load

    content = json.loads((folder / "state.json").read_bytes())
    tensors = {group: load((folder / f"{group}.safetensors").read_bytes()) for group in content["groups"]}
    return Checkpoint(content["turn"], tensors, content["state"])


def _damaged(folder: Path) -> str | None:
    """The beginning of a sentence about the first damaged file, or None when all are as they were written."""
    try:
        manifest = json.loads((folder / "manifest.json").read_bytes())
        for name, digest in manifest.items():
            if sha256((folder / name).read_bytes()).hexdigest() != digest:
                return f"{folder / name} is corrupted (its sha256 is not the one it was written with)"
    except (FileNotFoundError, NotADirectoryError) as error:
        return f"{error.filename} is missing"
    except (ValueError, AttributeError):
        return f"{folder / 'manifest.json'} is corrupted"
    return None
