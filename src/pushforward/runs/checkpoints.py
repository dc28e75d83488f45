"""The checkpoints of a run: each is written under a partial name, renamed when whole, then pointed to by one line.

checkpoint/turn-000500/   GROUP.safetensors …, state.json, manifest.json (the sha256 of every other file)
checkpoint/last           the name of the folder that a resumed run continues
checkpoint/best           the name of the folder that samples come from

A last checkpoint also names the best one of its turn, which stays until a later one takes its place: a run that is
killed and resumed goes back to both.
"""

import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pushforward.errors import Refused
from pushforward.runs.atomic import replacing, settle, writable
from pushforward.runs.checkpoint_files import Checkpoint, Tensors, damaged, fill, read
from pushforward.runs.clearing import remove
from pushforward.runs.confined import check_no_link, inside
from pushforward.runs.lock import Lock
from pushforward.runs.partial_files import is_partial, partial_folder

POINTERS = ("last", "best")
_FOLDER = re.compile(r"turn-\d{1,12}(-\d{1,6})?")


@dataclass(frozen=True)
class Checkpoints:
    """The folder `checkpoint/` of a run: `last` and `best`, which may be one and the same, and the best as of `last`.

    Args:
        path: the folder; made when the first checkpoint is saved.
        lock: of the run that is being written.
    """

    path: Path
    lock: Lock | None = field(default=None, compare=False, repr=False)

    @property
    def has_last(self) -> bool:
        """Whether a run can be resumed."""
        return (self.path / "last").is_file()

    @property
    def has_best(self) -> bool:
        """Whether a best state was chosen."""
        return (self.path / "best").is_file()

    def save_last(self, turn: int, tensors: Tensors, state: Mapping[str, Any]) -> None:
        """Save what a resumed run continues; the one before it goes when the new one is whole.

        Args:
            turn: number of the turn after which this is the state.
            tensors: by group (a player, its optimiser, the generators …) and name.
            state: plain values (JSON); infinities are kept.

        Raises:
            Refused: the disk does not take it; the one before is intact.
        """
        self._point("last", self._write(turn, tensors, state))

    def save_best(self, turn: int, tensors: Tensors, state: Mapping[str, Any]) -> None:
        """Save what samples come from; arguments and errors as in `save_last`."""
        self._point("best", self._write(turn, tensors, state))

    def last_is_best(self) -> None:
        """Make the last checkpoint the best one as well, without writing it twice."""
        last = self._target("last")
        assert last is not None  # it was saved
        self._point("best", last)

    def load_last(self) -> Checkpoint:
        """Load the checkpoint that a resumed run continues, verified.

        Raises:
            Refused: there is none, or a file of it is damaged: which one, and whether the best one is whole.
        """
        return self._load("last", other="best")

    def load_best(self) -> Checkpoint:
        """Load the checkpoint that samples come from, verified; errors as in `load_last`."""
        return self._load("best", other="last")

    def take_back(self) -> None:
        """Make the best checkpoint the one that was so when the last one was saved, none if there was none.

        What was found best later belongs to turns that a resumed run plays again, perhaps otherwise.
        """
        best = self._best_of_last()
        if best is not None and (self.path / best).is_dir():
            if best != self._target("best"):
                self._point("best", best)
        elif self.has_best:
            self._check()
            (self.path / "best").unlink()
            self.sweep()

    def sweep(self) -> None:
        """Remove what nothing names: older checkpoints, and what a kill left half-written."""
        check_no_link(self.path)
        if not self.path.is_dir():
            return
        kept = {self._target(pointer) for pointer in POINTERS} | {self._best_of_last()}
        for entry in self.path.iterdir():
            if entry.name not in kept and (_FOLDER.fullmatch(entry.name) or _half_written(entry.name)):
                remove(entry)

    def _check(self) -> None:
        """Refuse to write where the run folder is gone, or the folder of checkpoints is a link."""
        if self.lock is not None:
            self.lock.check()
        check_no_link(self.path)

    def _write(self, turn: int, tensors: Tensors, state: Mapping[str, Any]) -> str:
        """Write a whole checkpoint and return the name of its folder, to which nothing points yet."""
        self._check()
        with writable(self.path):
            self.path.mkdir(exist_ok=True)
            self.sweep()  # half-written or unpointed folders would be in the way
            name = self._unused_name(f"turn-{turn:06d}")
            with partial_folder(self.path / name) as partial:
                fill(partial, {"turn": turn, "state": dict(state), "best": self._target("best")}, tensors)
                os.rename(partial, self.path / name)
            settle(self.path)
        return name

    def _unused_name(self, name: str) -> str:
        """Return the name, numbered when a pointed-to checkpoint has it: a resumed run comes by the same turn again."""
        number = 1
        while (self.path / (unused := name if number == 1 else f"{name}-{number}")).exists():
            number += 1
        return unused

    def _point(self, pointer: str, name: str) -> None:
        self._check()
        with replacing(self.path / pointer) as file:
            file.write(f"{name}\n".encode())
        self.sweep()

    def _target(self, pointer: str) -> str | None:
        """Return the name that a pointer holds; None where there is no such pointer.

        Raises:
            Refused: it is not the name of a checkpoint.
        """
        path = inside(self.path, pointer)
        if not path.is_file():
            return None
        name = path.read_bytes()[:100].decode("ascii", "replace").strip()
        if not _FOLDER.fullmatch(name):
            raise Refused(
                f"{path} must name a checkpoint beside it, such as turn-000500, got {name!r}; mend or remove it."
            )
        check_no_link(self.path / name)
        return name

    def _best_of_last(self) -> str | None:
        """Return the best checkpoint as of the last one; None if there was none.

        Older versions did not record it; then it is today's, unless that is of a later turn.
        """
        last, best = self._target("last"), self._target("best")
        if last is None:
            return None
        try:
            state = json.loads((self.path / last / "state.json").read_bytes())
            named = state["best"] if "best" in state else best if best and _turn(best) <= _turn(last) else None
        except (OSError, ValueError, TypeError, RecursionError):  # damage is said by whoever loads it
            named = best
        return named if isinstance(named, str) and _FOLDER.fullmatch(named) else None

    def _load(self, pointer: str, other: str) -> Checkpoint:
        """Read what a pointer names; a run that goes on may have moved it meanwhile, and removed the former one."""
        name = self._target(pointer)
        while name is not None:
            try:
                return read(self.path / name)
            except Refused as damage:
                if name == (now := self._target(pointer)):
                    raise Refused(f"{damage}; {self._remedy(pointer, other)}") from damage
                name = now
        raise Refused(f"{self.path.parent} has no {pointer} checkpoint yet; let the run go on, or start it again.")

    def _remedy(self, pointer: str, other: str) -> str:
        """Return the end of a sentence that says what can be done: take the other checkpoint, where that is whole."""
        name = self._target(other)
        if name is not None and name != self._target(pointer) and damaged(self.path / name) is None:
            return f"the {other} checkpoint ({name}) is whole: copy {self.path / other} over {self.path / pointer}."
        return "there is no other whole checkpoint: start the run again."


def _turn(name: str) -> int:
    """Return the turn in the name of a checkpoint's folder."""
    return int(name.split("-")[1])


def _half_written(name: str) -> bool:
    """Return whether a killed writer left it; older versions gave such files no number."""
    return is_partial(name) or bool(re.fullmatch(r"\.(turn-\d+(-\d+)?|last|best)\.partial", name))
