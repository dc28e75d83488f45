"""A run as a folder of files, each with a fixed name; made, found and opened here, and nowhere else."""

import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pushforward.errors import Refused
from pushforward.runs import lines, plain
from pushforward.runs.atomic import PARTIAL, replacing, writable
from pushforward.runs.checkpoints import Checkpoints
from pushforward.runs.layout import FILES, check_version, foreign, occupied, sibling

if TYPE_CHECKING:
    import numpy
    import torch


@dataclass(frozen=True)
class RunFolder:
    """runs/NAME: the call, the logs, the checkpoints, the samples, the verdict and the page of one run.

    Args:
        path: of the folder; use `create`, `fresh` or `open`, which check it.
    """

    path: Path

    @classmethod
    def create(cls, path: str | Path, overwrite: bool = False) -> "RunFolder":
        """A new, empty run folder.

        Args:
            path: where; parents are made.
            overwrite: whether an existing run there is removed (its own files only; others stay).

        Raises:
            Refused: the path is a file, or a folder that is not empty; with `overwrite`, one that is not a run.
        """
        folder = cls(Path(path))
        if folder.path.is_dir() and occupied(folder.path):
            if not overwrite:
                raise Refused(f"run folder {path} exists already; choose another with --run, or pass --overwrite.")
            if not folder.call.is_file() and foreign(folder.path):  # a kill may have come before the call was written
                raise Refused(
                    f"{path} is not empty and not a run folder, so it is not overwritten; choose another with --run."
                )
        with writable(folder.path):
            folder._make()
            folder._empty()
        return folder

    @classmethod
    def fresh(cls, root: str | Path, name: str) -> "RunFolder":
        """ROOT/NAME, or ROOT/NAME-2, ROOT/NAME-3 …: the first not taken, made at once so that nobody else takes it."""
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
    def open(cls, path: str | Path, to_continue: bool = False) -> "RunFolder":
        """An existing run folder.

        Args:
            path: of the folder.
            to_continue: whether this process will write to it; then what a kill left half-written is removed.

        Raises:
            Refused: there is nothing at that path, or a file, or a folder that is not a run, or one of a newer format.
        """
        folder = cls(Path(path))
        if not folder.path.exists():
            raise Refused(f"run folder {path} does not exist; {sibling(folder.path)}")
        if not folder.path.is_dir():
            raise Refused(f"a run is a folder, but {path} is a file; give the folder that `pushforward fit` made.")
        if not folder.call.is_file():
            raise Refused(f"{path} is not a run folder (it has no call.yaml); give one that `pushforward fit` made.")
        check_version(folder.call)
        if to_continue:
            folder._sweep()
        return folder

    @property
    def name(self) -> str:
        """Last part of the path."""
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
        return Checkpoints(self.path / "checkpoint")

    @property
    def samples(self) -> Path | None:
        """The samples in the form the data came in, a file or a folder; None before they are written."""
        return next(iter([*self.path.glob("samples"), *self.path.glob("samples.*")]), None)

    def write_text(self, name: str, text: str) -> None:
        """Replaces a text file; here and below atomically, and a disk that does not take it is `Refused`."""
        self.write_bytes(name, text.encode())

    def write_bytes(self, name: str, content: bytes) -> None:
        """Replaces a file by these bytes."""
        with replacing(self.path / name) as file:
            file.write(content)

    def write_json(self, name: str, value: Any) -> None:
        """Replaces a JSON file; what is not finite becomes null."""
        self.write_text(name, plain.to_json(value, indent=2) + "\n")

    def write_yaml(self, name: str, value: Any) -> None:
        """Replaces a YAML file; what is not finite becomes null."""
        self.write_text(name, plain.to_yaml(value))

    def write_arrays(self, name: str, arrays: "Mapping[str, numpy.ndarray]") -> None:
        """Replaces an `.npz` file, compressed.

        Raises:
            TypeError: an array of Python objects, which only pickle could hold.
        """
        import numpy as np

        for key, array in arrays.items():
            if np.asarray(array).dtype.hasobject:
                raise TypeError(
                    f"array {key!r} of {name} holds Python objects; convert it to numbers or strings first."
                )
        with replacing(self.path / name) as file:
            np.savez_compressed(file, **arrays)  # type: ignore[arg-type]

    def write_tensors(self, name: str, tensors: "Mapping[str, torch.Tensor]") -> None:
        """Replaces a `.safetensors` file."""
        from safetensors.torch import save

        self.write_bytes(name, save({k: v.detach().to("cpu", copy=True).contiguous() for k, v in tensors.items()}))

    def read_json(self, name: str) -> Any:
        """Content of a JSON file; `Refused` when it is damaged."""
        return plain.read_json(self.path / name)

    def read_yaml(self, name: str) -> Any:
        """Content of a YAML file; `Refused` when it is damaged."""
        return plain.read_yaml(self.path / name)

    def read_arrays(self, name: str) -> "dict[str, numpy.ndarray]":
        """Content of an `.npz` file; `Refused` when it is damaged."""
        return plain.read_arrays(self.path / name)

    def append_jsonl(self, name: str, record: Mapping[str, Any]) -> None:
        """One more record at the end of a log."""
        lines.append(self.path / name, dict(record))

    def read_jsonl(self, name: str) -> list[lines.Record]:
        """All records of a log, but a last one cut short; none when there is no such log."""
        return lines.read(self.path / name)

    def truncate_jsonl(self, name: str, keep: Callable[[lines.Record], bool]) -> None:
        """Keeps the records of which `keep` is true, atomically."""
        lines.keep(self.path / name, keep)

    def _make(self) -> None:
        try:
            self.path.mkdir(parents=True, exist_ok=True)
        except FileExistsError as error:
            raise Refused(f"a run is a folder, but {self.path} is a file; choose another with --run.") from error

    def _empty(self) -> None:
        """Removes the files of a run, and no other: a stranger's notes in the folder stay."""
        shutil.rmtree(self.checkpoints.path, ignore_errors=True)
        found = [*self.path.glob("samples"), *self.path.glob("samples.*"), *self.path.glob(f".*{PARTIAL}")]
        for path in [*found, *(self.path / name for name in FILES)]:
            shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)

    def _sweep(self) -> None:
        for partial in self.path.glob(f".*{PARTIAL}"):
            partial.unlink()
        self.checkpoints.sweep()
