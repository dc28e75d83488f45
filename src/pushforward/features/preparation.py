"""How pictures reach a network: resize and range; for the Inception network as each program does it."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from jaxtyping import Float
from PIL import Image as Pillow
from torch import Tensor
from torch.nn import functional as F

SIDE = 299
"""Pixels of the network's input."""


class Preparation(ABC):
    """A value that maps pictures in 0..255 to the network's input."""

    @property
    @abstractmethod
    def protocol(self) -> dict[str, Any]:
        """What to cite."""

    @abstractmethod
    def __call__(self, x: Float[Tensor, "n 3 h w"]) -> Float[Tensor, "n 3 299 299"]:
        """The network's input."""


@dataclass(frozen=True)
class PytorchFID(Preparation):
    """Bilinear with half-pixel centres and without antialias, then 2x/255 − 1: pytorch-fid."""

    @property
    def protocol(self) -> dict[str, Any]:
        return {"resize": "bilinear, half-pixel centres, no antialias", "range": "2x/255-1"}

    def __call__(self, x: Float[Tensor, "n 3 h w"]) -> Float[Tensor, "n 3 299 299"]:
        return 2 * F.interpolate(x / 255, size=(SIDE, SIDE), mode="bilinear", align_corners=False) - 1


@dataclass(frozen=True)
class TorchFidelity(Preparation):
    """Bilinear as TensorFlow 1 has it, without the half-pixel offset, then (x − 128)/128: torch-fidelity, torchmetrics.

    Example:
        >>> x = torch.arange(4.0).expand(1, 3, 4, 4)
        >>> float(TorchFidelity()(x)[0, 0, 0, 298] * 128 + 128)  # the last of 4 pixels reaches over the margin
        3.0
    """

    @property
    def protocol(self) -> dict[str, Any]:
        return {"resize": "bilinear of TensorFlow 1, no antialias", "range": "(x-128)/128"}

    def __call__(self, x: Float[Tensor, "n 3 h w"]) -> Float[Tensor, "n 3 299 299"]:
        rows, columns = (_weights(size, x) for size in x.shape[2:])
        return (torch.einsum("ih,nchw,jw->ncij", rows, x, columns) - 128) / 128


@dataclass(frozen=True)
class CleanFID(Preparation):
    """Bicubic with antialias, channel by channel in float (Pillow), then (x − 128)/128: clean-fid."""

    @property
    def protocol(self) -> dict[str, Any]:
        return {"resize": "bicubic of Pillow in float, antialias", "range": "(x-128)/128"}

    def __call__(self, x: Float[Tensor, "n 3 h w"]) -> Float[Tensor, "n 3 299 299"]:
        return (bicubic(x, SIDE) - 128) / 128


def bicubic(x: Float[Tensor, "n c h w"], side: int) -> Float[Tensor, "n c s s"]:
    """Squeezed or stretched to side × side with antialias, each channel by itself in float, as Pillow does it."""
    planes = x.reshape(-1, *x.shape[2:]).float().numpy()
    resized = [np.asarray(Pillow.fromarray(p).resize((side, side), Pillow.Resampling.BICUBIC)) for p in planes]
    return torch.from_numpy(np.stack(resized)).reshape(*x.shape[:2], side, side)


def _weights(size: int, like: Tensor) -> Float[Tensor, "299 s"]:
    """Row i holds what pixel i takes of each input pixel: neighbours around i·size/299."""
    place = torch.arange(SIDE, dtype=torch.float32) * torch.tensor(size / SIDE, dtype=torch.float32)
    low = place.long()
    share = (place - low)[:, None]
    one = torch.eye(size)
    return ((1 - share) * one[low] + share * one[(low + 1).clamp_max(size - 1)]).to(like)
