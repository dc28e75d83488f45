"""A run as a folder of files, each with a fixed name; it is made and opened here, and nowhere else."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pushforward.errors import Refused
from pushforward.runs import clearing
from pushforward.runs import json_lines as lines
from pushforward.runs import plain_values as plain
from pushforward.runs.atomic import replacing, writable
from pushforward.runs.checkpoints import Checkpoints
from pushforward.runs.confined import inside
from pushforward.runs.layout import RUN, check_version, confine, sibling
from pushforward.runs.lock import Lock

if TYPE_CHECKING:
    import numpy


@dataclass(frozen=True)
class RunFolder:
    """The folder of one run: its call, its logs, its checkpoints, its samples, its verdict and its page.

    Args:
        path: of the folder; use `create`, `creating`, `fresh`, `open` or `continuing`, which check it.
        lock: of a run that is being written: every write looks whether the folder is still there.
    """

    path: Path
    lock: Lock | None = field(default=None, compare=False, repr=False)

    @classmethod
    def create(cls, path: str | Path, overwrite: bool = False) -> "RunFolder":
        """Create a new, empty run folder as `creating` does, and leave it unlocked."""
        with cls.creating(path, overwrite) as folder:
            return cls(folder.path)

    @classmethod
    @contextmanager
    def creating(cls, path: str | Path, overwrite: bool = False) -> Iterator["RunFolder"]:
        """Create a new, empty run folder that is locked within the `with` block.

        Args:
            path: where; parents are made.
            overwrite: whether an existing run there is removed (its own files only; others stay).

        Raises:
            Refused: the path is a file, or a folder that is not empty; with `overwrite`, one that is not a run; another
                process is writing it.
        """
        folder = cls(Path(path))
        clearing.check_vacant(folder.path, overwrite)
        with writable(folder.path):
            folder.path.mkdir(parents=True, exist_ok=True)
        with folder.locked() as locked:
            clearing.check_vacant(folder.path, overwrite)  # another run may have begun and ended there meanwhile
            with writable(folder.path):
                clearing.empty(folder.path)
            yield locked

    @classmethod
    def fresh(cls, root: str | Path, name: str) -> "RunFolder":
        """Create ROOT/NAME, or the first of ROOT/NAME-2, ROOT/NAME-3 … that is free, at once, lest others take it."""
        for number in count(1):
            path = Path(root) / (name if number == 1 else f"{name}-{number}")
            with writable(path):
                try:
                    path.mkdir(parents=True)
                except FileExistsError:
                    continue
            return cls(path)
        raise AssertionError("count() does not end")

    @classmethod
    def open(cls, path: str | Path) -> "RunFolder":
        """Return an existing run folder, checked to be one.

        Args:
            path: of the folder; "run:" before it says that it is a run, where that could be doubted.

        Raises:
            Refused: there is nothing at that path, or a file, or a folder that is not a run, or one of a newer format,
                or one whose files are links.
        """
        folder = cls(Path(str(path).removeprefix(RUN)))
        if not folder.path.exists():
            raise Refused(f"run folder {path} does not exist; {sibling(folder.path)}")
        if not folder.path.is_dir():
            raise Refused(f"a run is a folder, but {path} is a file; give the folder that `pushforward fit` made.")
        confine(folder.path)
        if not folder.call.is_file():
            raise Refused(f"{path} is not a run folder (it has no call.yaml); give one that `pushforward fit` made.")
        check_version(folder.call)
        return folder

    @contextmanager
    def continuing(self) -> Iterator["RunFolder"]:
        """Lock the same folder to go on writing it; what a kill left half-written is removed.

        Raises:
            Refused: another process is writing it.
        """
        with self.locked() as locked:
            RunFolder.open(self.path)  # another may have replaced it meanwhile
            clearing.sweep(self.path)
            locked.checkpoints.sweep()
            yield locked

    @contextmanager
    def locked(self) -> Iterator["RunFolder"]:
        """Lock the same folder, so that no other process writes it within the `with` block.

        Raises:
            Refused: another process is writing it.
        """
        with Lock(self.path) as lock:
            yield replace(self, lock=lock)

    @property
    def name(self) -> str:
        """The last part of the folder's path."""
        return self.path.resolve().name

    @property
    def call(self) -> Path:
        return self.path / "call.yaml"

    @property
    def environment(self) -> Path:
        return self.path / "environment.json"

    @property
    def space(self) -> Path:
        return self.path / "space.json"

    @property
    def log(self) -> Path:
        return self.path / "log.jsonl"

    @property
    def scores(self) -> Path:
        return self.path / "scores.jsonl"

    @property
    def diagnostics(self) -> Path:
        return self.path / "diagnostics.jsonl"

    @property
    def panels(self) -> Path:
        return self.path / "panels.npz"

    @property
    def verdict(self) -> Path:
        return self.path / "verdict.json"

    @property
    def page(self) -> Path:
        return self.path / "report.html"

    @property
    def picture(self) -> Path:
        return self.path / "picture.png"

    @property
    def checkpoints(self) -> Checkpoints:
        return Checkpoints(self.path / "checkpoint", self.lock)

    @property
    def samples(self) -> Path | None:
        """The samples in the form the data came in, a file or a folder; None before they are written."""
        return next(iter([*self.path.glob("samples"), *self.path.glob("samples.*")]), None)

    def inside(self, name: str) -> Path:
        """Return the path of a file or folder in this one that will be written.

        Args:
            name: plain; it may come from a file of the run.

        Raises:
            Refused: it would lead elsewhere; or the run folder is gone that this process was writing.
        """
        self.check()
        return inside(self.path, name)

    def check(self) -> None:
        """Refuse to go on where the folder is gone that this process was writing."""
        if self.lock is not None:
            self.lock.check()

    def write_text(self, name: str, text: str) -> None:
        """Replace a text file; here and below atomically, and a disk that does not take it is `Refused`."""
        self.write_bytes(name, text.encode())

    def write_bytes(self, name: str, content: bytes) -> None:
        """Replace a file by one of these bytes."""
        with replacing(self.inside(name)) as file:
            file.write(content)

    def write_json(self, name: str, value: Any) -> None:
        """Replace a JSON file; what is not finite becomes null."""
        self.write_text(name, plain.to_json(value, indent=2) + "\n")

    def write_yaml(self, name: str, value: Any) -> None:
        """Replace a YAML file; what is not finite becomes null."""
        self.write_text(name, plain.to_yaml(value))

    def write_arrays(self, name: str, arrays: "Mapping[str, numpy.ndarray]") -> None:
        """Replace an `.npz` file by these arrays, compressed.

        Raises:
            TypeError: an array of Python objects, which only pickle could hold.
        """
        import numpy as np

        for key, array in arrays.items():
            if np.asarray(array).dtype.hasobject:
                raise TypeError(
                    f"array {key!r} of {name} holds Python objects; convert it to numbers or strings first."
                )
        with replacing(self.inside(name)) as file:
            np.savez_compressed(file, **arrays)  # type: ignore[arg-type]

    def read_json(self, name: str) -> Any:
        """Read a JSON file, or raise `Refused` when it is damaged."""
        return plain.read_json(self.path / name)

    def read_yaml(self, name: str) -> Any:
        """Read a YAML file, or raise `Refused` when it is damaged."""
        return plain.read_yaml(self.path / name)

    def read_arrays(self, name: str) -> "dict[str, numpy.ndarray]":
        """Read an `.npz` file, or raise `Refused` when it is damaged."""
        return plain.read_arrays(self.path / name)

    def append_jsonl(self, name: str, record: Mapping[str, Any]) -> None:
        """Append one record to the end of a log."""
        lines.append(self.inside(name), dict(record))

    def read_jsonl(self, name: str) -> list[lines.Record]:
        """Read all records of a log, but a last one cut short; none when there is no such log."""
        return lines.read(self.path / name)

    def truncate_jsonl(self, name: str, keep: Callable[[lines.Record], bool]) -> None:
        """Keep the records of a log of which `keep` is true, atomically."""
        lines.keep(self.inside(name), keep)
