"""The cache of features and trained feature maps on disk, by content of what made them, each with its hash."""

import os
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save
from torch import Tensor

from pushforward.runs.atomic import replacing, writable

Stored = tuple[dict[str, Tensor], dict[str, str]]

HASH = "sha256"
FORM = "hashed"
"""The word in every file name that says how the file is made; files of other forms are not looked for."""


def folder() -> Path:
    """Return the folder of the cache: $PUSHFORWARD_CACHE, else ~/.cache/pushforward."""
    return Path(os.environ.get("PUSHFORWARD_CACHE") or Path.home() / ".cache" / "pushforward")


def content(*parts: Tensor | str) -> str:
    """Return the sha256 of tensors (type, shape, values) and words, in hexadecimal digits.

    Example:
        >>> content(torch.zeros(2)) == content(torch.zeros(2)) != content(torch.zeros(1, 2))
        True
    """
    digest = sha256()
    for part in parts:
        z = part if isinstance(part, str) else f"{part.dtype}{tuple(part.shape)}"
        digest.update(f"{len(z)} {z}".encode())
        if isinstance(part, Tensor):
            digest.update(part.detach().cpu().contiguous().reshape(-1).view(torch.uint8).numpy().data)
    return digest.hexdigest()


@dataclass(frozen=True)
class Damaged:
    """A file that is not as `store` wrote it.

    Args:
        path: of the file.
    """

    path: Path

    @property
    def note(self) -> str:
        """The sentence that tells a reader of it."""
        return f"{self.path} in the cache was damaged (its sha256 is not the one it was written with): computed again."


def load(path: Path) -> Stored | Damaged | None:
    """Load the tensors and words of a file that `store` wrote; None if there is no such file."""
    if not path.is_file():
        return None
    try:
        with safe_open(path, framework="pt") as file:
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
            words = file.metadata() or {}
    except FileNotFoundError:  # whoever empties the cache was faster
        return None
    except (SafetensorError, OSError, ValueError):
        return Damaged(path)
    return (tensors, words) if words.pop(HASH, None) == _hash(tensors, words) else Damaged(path)


def store(path: Path, tensors: dict[str, Tensor], words: dict[str, str]) -> None:
    """Write the file, whole or not at all.

    Raises:
        Refused: if the disk does not take it.
    """
    with writable(path):
        path.parent.mkdir(parents=True, exist_ok=True)
    with replacing(path) as file:
        file.write(save(tensors, words | {HASH: _hash(tensors, words)}))


def _hash(tensors: dict[str, Tensor], words: dict[str, str]) -> str:
    """Return the hash of all tensors and words of a file."""
    named = [part for name in sorted(tensors) for part in (name, tensors[name])]
    return content(*named, *(part for word in sorted(words.items()) for part in word))
