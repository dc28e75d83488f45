"""Images: values from the data's [low, high] to [-1, 1] and back, channels first and back to where they were."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import torch

from pushforward.data import images
from pushforward.data.arrays import points_of, read_arrays
from pushforward.data.checks import finite
from pushforward.data.codec import Codec
from pushforward.data.files import write_npy, write_npz
from pushforward.data.labels import Labels
from pushforward.data.numbers import restored
from pushforward.data.ranges import SLACK, value_range
from pushforward.data.resize import resized_array
from pushforward.errors import Refused
from pushforward.spaces import Batch, Image

# Rec. 601: what Pillow's conversion to gray uses
LUMA = np.array([0.299, 0.587, 0.114], dtype=np.float32)


@dataclass(frozen=True)
class ImageCodec(Codec):
    """u = 2 (v − low) / (high − low) − 1 for every pixel value v.

    Args:
        channels: 1 or 3.
        height: in pixels.
        width: in pixels.
        channel_axis: of the data's array: 3 (last), 1 (first), or None for gray images without that axis.
        dtype: of the data's array.
        low: value of black there.
        high: value of white there.
        crop: other sizes are cut to their centre square before they are resized, not squeezed.
        gray: colour is turned to gray because it was asked for; if not, colour is refused where the data are gray.
        labels: classes, or None.
        suffix: native ending; "" for a folder of images.
        tensor: the data came as a torch tensor.
    """

    kind: ClassVar[str] = "images"

    channels: int
    height: int
    width: int
    channel_axis: int | None
    dtype: str
    low: float
    high: float
    crop: bool = False
    gray: bool = False
    labels: Labels | None = None
    suffix: str = ""
    tensor: bool = False

    @property
    def space(self) -> Image:
        return Image(self.channels, self.height, self.width, classes=() if self.labels is None else self.labels.names)

    def encode(self, obj: Any) -> Batch:
        x, labels = points_of(obj)
        low, high = self._range(x)
        u = (channels_first(x, self.channel_axis).astype(np.float32) - low) * (2 / (high - low)) - 1
        u = self._sized(self._coloured(u))
        return Batch(torch.from_numpy(np.ascontiguousarray(u)), self.labels.tensor(labels) if self.labels else None)

    def decode(self, batch: Batch) -> Any:
        u = batch.x.detach().float().cpu().numpy().clip(-1, 1).astype(np.float64)
        values = restored((u + 1) / 2 * (self.high - self.low) + self.low, self.dtype)
        if self.channel_axis is None:
            values = values[:, 0]
        elif self.channel_axis == 3:
            values = np.moveaxis(values, 1, 3)
        values = np.ascontiguousarray(values)
        return torch.from_numpy(values) if self.tensor else values

    def read(self, path: str | Path) -> Batch:
        path = Path(path)
        if path.suffix.lower() in (".npy", ".npz"):
            found = read_arrays(path)
        else:
            found = images.read_pictures(path, (self.height, self.width), self.crop, None)
        labels = found.labels if self.labels and found.labels is not None and self.labels.known(found.labels) else None
        return self.encode((found.x, labels))

    def write(self, batch: Batch, path: str | Path) -> None:
        path, labels = Path(path), self.classes_of(batch)
        if path.suffix == ".npy":
            return write_npy(path, np.asarray(self.decode(batch)))
        if path.suffix == ".npz":
            return write_npz(
                path, {"samples": np.asarray(self.decode(batch))} | ({} if labels is None else {"labels": labels})
            )
        names = (
            None if batch.label is None or self.labels is None else [self.labels.names[i] for i in batch.label.tolist()]
        )
        return images.write_pictures(path, self.show(batch), names)

    def show(self, batch: Batch) -> np.ndarray:
        u = batch.x.detach().float().cpu().numpy().clip(-1, 1)
        return np.moveaxis(np.rint((u + 1) * 127.5).astype(np.uint8), 1, 3)

    @classmethod
    def restore(cls, fields: dict[str, Any]) -> "ImageCodec":
        return cls(**fields)

    def _range(self, x: np.ndarray) -> tuple[float, float]:
        """Ours for arrays of our type, else what the array's own values say."""
        finite(x, "images")
        same, empty = x.dtype == np.dtype(self.dtype), x.size == 0
        if empty or (same and x.min() >= self.low - SLACK and x.max() <= self.high + SLACK):
            return self.low, self.high
        if same and x.dtype.kind == "f":
            raise Refused(
                f"images must have values from {self.low:g} to {self.high:g} as the data have, "
                f"got {x.min():g} to {x.max():g}; rescale them."
            )
        return value_range(x, "images")

    def _coloured(self, u: np.ndarray) -> np.ndarray:
        if u.shape[1] == self.channels:
            return u
        if self.channels == 3 and u.shape[1] == 1:
            return np.repeat(u, 3, axis=1)
        if self.channels == 1 and u.shape[1] == 3 and (self.gray or (u == u[:, :1]).all()):
            return np.einsum("nchw,c->nhw", u, LUMA)[:, None]
        raise Refused(f"images must have {self.channels} channels as the data have, got {u.shape[1]}.")

    def _sized(self, u: np.ndarray) -> np.ndarray:
        if u.shape[2:] == (self.height, self.width):
            return u
        if self.height != self.width:
            raise Refused(f"images must be {self.height} × {self.width} pixels as the data are, got {u.shape[2:]}.")
        return resized_array(u, self.height, self.crop).clip(-1, 1)


def channels_first(x: np.ndarray, axis: int | None = 3) -> np.ndarray:
    """(n, c, h, w) of (n, h, w), (n, h, w, c) or (n, c, h, w); the data's own axis wins where two fit."""
    if x.ndim == 3:
        return x[:, None]
    if x.ndim != 4:
        raise Refused(f"images must be (n, h, w), (n, h, w, c) or (n, c, h, w), got shape {x.shape}.")
    fitting = [a for a in (axis, 3, 1) if a is not None and x.shape[a] in (1, 3)]
    if not fitting:
        raise Refused(f"images must have 1 or 3 channels, got shape {x.shape}; drop an alpha channel.")
    return np.moveaxis(x, fitting[0], 1)
