"""The resizing and range by which pictures reach a network, for Inception as each other program does it."""

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
"""The side of the Inception network's input, in pixels."""


class Preparation(ABC):
    """A value that maps pictures in 0..255 to the network's input."""

    @property
    @abstractmethod
    def protocol(self) -> dict[str, Any]:
        """The resize and range to cite beside numbers."""

    @abstractmethod
    def __call__(self, x: Float[Tensor, "n 3 h w"]) -> Float[Tensor, "n 3 299 299"]:
        """Return the network's input for these pictures."""


@dataclass(frozen=True)
class PytorchFID(Preparation):
    """A bilinear resize with half-pixel centres and without antialias, then 2x/255 − 1, as in pytorch-fid."""

    @property
    def protocol(self) -> dict[str, Any]:
        return {"resize": "bilinear, half-pixel centres, no antialias", "range": "2x/255-1"}

    def __call__(self, x: Float[Tensor, "n 3 h w"]) -> Float[Tensor, "n 3 299 299"]:
        return 2 * F.interpolate(x / 255, size=(SIDE, SIDE), mode="bilinear", align_corners=False) - 1


@dataclass(frozen=True)
class TorchFidelity(Preparation):
    """A bilinear resize without half-pixel offset (TensorFlow 1), then (x − 128)/128, as in torch-fidelity.

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
    """A bicubic resize with antialias, by channel in float (Pillow), then (x − 128)/128, as in clean-fid."""

    @property
    def protocol(self) -> dict[str, Any]:
        return {"resize": "bicubic of Pillow in float, antialias", "range": "(x-128)/128"}

    def __call__(self, x: Float[Tensor, "n 3 h w"]) -> Float[Tensor, "n 3 299 299"]:
        return (bicubic(x, SIDE) - 128) / 128


def bicubic(x: Float[Tensor, "n c h w"], side: int) -> Float[Tensor, "n c s s"]:
    """Return pictures of side × side pixels, antialiased, each channel by itself in float, as Pillow does it."""
    planes = x.reshape(-1, *x.shape[2:]).float().numpy()
    resized = [np.asarray(Pillow.fromarray(p).resize((side, side), Pillow.Resampling.BICUBIC)) for p in planes]
    return torch.from_numpy(np.stack(resized)).reshape(*x.shape[:2], side, side)


def _weights(size: int, like: Tensor) -> Float[Tensor, "299 s"]:
    """Return the matrix whose row i holds what pixel i takes of each input pixel: neighbours around i·size/299."""
    place = torch.arange(SIDE, dtype=torch.float32) * torch.tensor(size / SIDE, dtype=torch.float32)
    low = place.long()
    share = (place - low)[:, None]
    one = torch.eye(size)
    return ((1 - share) * one[low] + share * one[(low + 1).clamp_max(size - 1)]).to(like)
