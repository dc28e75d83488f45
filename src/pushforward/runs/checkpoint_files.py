"""The files of one checkpoint: tensors by group, a state of plain values, and a manifest of their hashes."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import file_digest, sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pushforward.errors import Refused
from pushforward.runs.atomic import replacing
from pushforward.runs.confined import inside

if TYPE_CHECKING:
    import torch

Tensors = Mapping[str, "Mapping[str, torch.Tensor]"]


@dataclass(frozen=True, eq=False)
class Checkpoint:
    """The content of a checkpoint: the turn, tensors by group and name, and a state of plain values."""

    turn: int
    tensors: "dict[str, dict[str, torch.Tensor]]"
    state: dict[str, Any]


def fill(folder: Path, state: Mapping[str, Any], tensors: Tensors) -> None:
    """Write the files of one checkpoint and the manifest of their hashes, each flushed to the disk.

    Args:
        folder: empty.
        state: what state.json holds: turn, state and the best checkpoint at that turn.
        tensors: by group and name.
    """
    from safetensors.torch import save

    # a copy: safetensors refuses tensors that share memory, and a view would drag its whole storage along
    files = {
        f"{group}.safetensors": save({k: v.detach().to("cpu", copy=True).contiguous() for k, v in entries.items()})
        for group, entries in tensors.items()
    }
    files["state.json"] = json.dumps({**state, "groups": list(tensors)}).encode()
    files["manifest.json"] = json.dumps({name: sha256(content).hexdigest() for name, content in files.items()}).encode()
    for name, content in files.items():
        with replacing(folder / name) as file:
            file.write(content)


def read(folder: Path) -> Checkpoint:
    """Read the content of a whole checkpoint, verified.

    Raises:
        Refused: a file is damaged, or not of the form that a run writes; in the beginning of a sentence.
    """
    from safetensors import SafetensorError
    from safetensors.torch import load

    if (damage := damaged(folder)) is not None:
        raise Refused(damage)
    try:
        content = json.loads((folder / "state.json").read_bytes())
        files = {group: inside(folder, f"{group}.safetensors") for group in content["groups"]}
        tensors = {group: load(file.read_bytes()) for group, file in files.items()}
        if isinstance(content["turn"], int) and isinstance(content["state"], dict):
            return Checkpoint(content["turn"], tensors, content["state"])
        reason = "its turn is no number, or its state no mapping"
    except (OSError, ValueError, KeyError, TypeError, RecursionError, SafetensorError) as error:
        reason = str(error).strip().rstrip(".") or type(error).__name__
    raise Refused(f"checkpoint {folder} is not of the form that a run writes ({reason})")


def damaged(folder: Path) -> str | None:
    """Return the beginning of a sentence about the first damaged file; None when all are as they were written."""
    try:
        manifest = json.loads(inside(folder, "manifest.json").read_bytes())
        for name, digest in manifest.items():
            with inside(folder, name).open("rb") as file:
                if file_digest(file, "sha256").hexdigest() != digest:
                    return f"{folder / name} is corrupted (its sha256 is not the one it was written with)"
    except (FileNotFoundError, NotADirectoryError) as error:
        return f"{error.filename} is missing"
    except (OSError, ValueError, AttributeError, RecursionError):
        return f"{folder / 'manifest.json'} is corrupted"
    return None
