"""Trained feature maps on disk, by what they were trained on."""

import os
from hashlib import sha256
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save
from torch import Tensor

from pushforward.runs.atomic import replacing

Stored = tuple[dict[str, Tensor], dict[str, str]]


def folder() -> Path:
    """Where maps are kept: $PUSHFORWARD_CACHE, else ~/.cache/pushforward."""
    return Path(os.environ.get("PUSHFORWARD_CACHE") or Path.home() / ".cache" / "pushforward")


def content(*parts: Tensor | str) -> str:
    """sha256 of tensors (type, shape, values) and words, in hexadecimal digits.

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


def load(path: Path) -> Stored | None:
    """Tensors and words of a file that `store` wrote; None if there is none or it is damaged: then it is made again."""
    if not path.is_file():
        return None
    try:
        with safe_open(path, framework="pt") as file:
            return {name: file.get_tensor(name) for name in file.keys()}, file.metadata() or {}  # noqa: SIM118
    except SafetensorError:
        return None


def store(path: Path, tensors: dict[str, Tensor], words: dict[str, str]) -> None:
    """Write the file, whole or not at all.

    Raises:
        Refused: if the disk does not take it.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with replacing(path) as file:
        file.write(save(tensors, words))
