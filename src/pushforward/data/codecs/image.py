"""The codec of images: values from the data's [low, high] to [-1, 1], channels first, and back to where they were."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import log
from pathlib import Path
from typing import Any, ClassVar, Literal
from zlib import crc32

import numpy as np
import torch
from jaxtyping import Float

from pushforward.data.codecs.base import Codec
from pushforward.data.codecs.dtypes import in_dtype, to_dtype
from pushforward.data.codecs.image_writing import write_folder
from pushforward.data.raw.checks import bounds, refuse_not_finite
from pushforward.data.raw.labels import Labels
from pushforward.data.raw.npy import release_pages
from pushforward.data.raw.pixel_range import DEPTHS, SLACK, refuse_doubtful, refuse_outside, too_deep, value_range
from pushforward.data.raw.source import Source
from pushforward.data.readers.albums import Album
from pushforward.data.readers.arrays import ARRAYS, channels_first, points_of, read_arrays, write_arrays
from pushforward.data.readers.deep_pixels import LUMA
from pushforward.data.readers.image_stack import Fitting, fitted, read_pictures
from pushforward.data.readers.image_tables import write_parquet
from pushforward.data.readers.resize import resized_array
from pushforward.data.readers.tables import Table
from pushforward.errors import Refused
from pushforward.spaces import Batch, Image


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
        crop: other sizes are cut to their centre before they are resized, not squeezed.
        gray: colour is turned to gray because it was asked for; if not, colour is refused where the data are gray.
        threshold: pixels above this share of the way from black to white become white, the others black; None keeps
            them.
        binarise: each pixel is drawn, white with its grey value as the probability, by a generator that the picture
            itself seeds, so that one picture is drawn alike whenever it is seen.
        labels: classes, or None.
        suffix: native ending; "" for a folder of images.
        tensor: the data came as a torch tensor.
        exact: images of other sizes are refused, not resized.
        skip_corrupt: files that cannot be read are left out, not refused.
        frames: "all" takes every picture of an animation, "first" the first one.
    """

    kind: ClassVar[str] = "images"

    channels: int
    height: int
    width: int
    channel_axis: int | None = 3
    dtype: str = "uint8"
    low: float = 0.0
    high: float = 255.0
    crop: bool = False
    gray: bool = False
    threshold: float | None = None
    binarise: bool = False
    labels: Labels | None = None
    suffix: str = ""
    tensor: bool = False
    exact: bool = False
    skip_corrupt: bool = False
    frames: Literal["first", "all"] = "first"

    @property
    def space(self) -> Image:
        return Image(self.channels, self.height, self.width, classes=() if self.labels is None else self.labels.names)

    @property
    def axes(self) -> int:
        return 2 if self.channel_axis is None else 3

    def encode(self, obj: Any) -> Batch:
        x, labels = points_of(obj)
        points = torch.from_numpy(self._points(x, *self._range(x)))
        return Batch(points, self.labels.tensor(labels) if self.labels else None)

    def encoded(self, x: np.ndarray, size: int) -> Iterator[torch.Tensor]:
        low, high = self._range(x)  # of all pictures: one dark block says nothing of what white is
        for start in range(0, len(x), size):
            yield torch.from_numpy(self._points(np.asarray(x[start : start + size]), low, high))
            release_pages(x)

    def _points(self, x: np.ndarray, low: float, high: float) -> np.ndarray:
        u = (self._sized(channels_first(x, self.channel_axis)).astype(np.float32) - low) * (2 / (high - low)) - 1
        u = resized_array(self._coloured(u), self.height, self.width, self.crop).clip(-1, 1)
        if self.threshold is not None:
            u = np.where(u > 2 * self.threshold - 1, 1, -1).astype(np.float32)
        if self.binarise:
            u = np.stack([_drawn(picture) for picture in u])
        return np.ascontiguousarray(u)

    def taken(self, raw: Source | Table | Album, notes: list[str]) -> Source:
        if isinstance(raw, Table):
            raise Refused(f"the data are images, and {raw.name} a table; give images, or the data as a table too.")
        source = raw if isinstance(raw, Source) else fitted(raw, self._fitting)
        notes += (*source.notes, *self.differing(source))
        return replace(source, labels=self.known_labels(source.labels))

    @property
    def grain(self) -> float:
        whole = np.dtype(self.dtype).kind in "biu" and self.threshold is None and not self.binarise
        return 2 / (self.high - self.low) if whole else 0.0

    def log_det(self, batch: Batch) -> Float[torch.Tensor, " n"]:
        """Return the log-determinant for pictures of the size that networks see, whatever size the data had."""
        each = log(2 / (self.high - self.low))
        return torch.full((len(batch.x),), self.space.dim * each, dtype=torch.float64)

    def decode(self, batch: Batch) -> Any:
        u = batch.x.detach().float().cpu().numpy().clip(-1, 1).astype(np.float64)
        values = to_dtype((u + 1) / 2 * (self.high - self.low) + self.low, self.dtype)
        values = values[:, 0] if self.channel_axis is None else np.moveaxis(values, 1, self.channel_axis)
        values = np.ascontiguousarray(values)
        return torch.from_numpy(values) if self.tensor else values

    def units(self, x: torch.Tensor) -> torch.Tensor:
        levels = (x.double().clamp(-1, 1) + 1) / 2 * (self.high - self.low) + self.low
        values = in_dtype(levels, self.dtype)
        return values[:, 0] if self.channel_axis is None else values.movedim(1, self.channel_axis)

    def read(self, path: str | Path, notes: list[str] | None = None) -> Batch:
        raw = self.rows(Path(path))
        self.doubt(raw.x)
        raw = self.taken(raw, [] if notes is None else notes)
        return self.encode((raw.x, raw.labels))

    def doubt(self, obj: Any) -> None:
        x, _ = points_of(obj)
        if x.size:
            refuse_not_finite(x, "images")
            refuse_doubtful(bounds(x), self._range(x), "images")

    def rows(self, path: Path) -> Source:
        if path.suffix.lower() in ARRAYS:
            return read_arrays(path, likely=self.label_array)
        return read_pictures(path, self._fitting)

    @property
    def _fitting(self) -> Fitting:
        white = self._white
        return Fitting(self.height, self.width, self.crop, self.exact, self.skip_corrupt, self.frames, white)

    def named(self, path: str | Path) -> Path:
        ending = Path(path).suffix
        if ending and ending not in (*ARRAYS, ".parquet") and not Path(path).is_dir():
            raise Refused(f"images are written as .npz, .npy, .parquet or into a folder, got {str(path)!r}.")
        return Path(path)

    def write(self, batch: Batch, path: str | Path, escape_formulas: bool = False) -> None:
        path = self.named(path)
        label = None if batch.label is None or self.labels is None else batch.label.tolist()
        names = () if self.labels is None else self.labels.names
        if path.suffix in ARRAYS:
            return write_arrays(path, np.asarray(self.decode(batch)), self.classes_of(batch))
        if path.suffix == ".parquet":
            return write_parquet(path, self.show(batch), label, names)
        return write_folder(path, self.show(batch), None if label is None else [names[i] for i in label])

    def show(self, batch: Batch) -> np.ndarray:
        u = batch.x.detach().float().cpu().numpy().clip(-1, 1)
        return np.moveaxis(np.rint((u + 1) * 127.5).astype(np.uint8), 1, 3)

    def _range(self, x: np.ndarray) -> tuple[float, float]:
        """Return our black and white for arrays of our kind, else what the array's own values say."""
        refuse_not_finite(x, "images")
        if x.size == 0:
            return self.low, self.high
        known = self.low, self.high
        if x.dtype.kind == "f" == np.dtype(self.dtype).kind:
            refuse_outside(bounds(x), known, "images")
            return known
        low, high = bounds(x)
        if self._white is None or low < 0:
            same = x.dtype == np.dtype(self.dtype) and low >= self.low and high <= self.high
            return known if same else value_range(x, "the samples")
        if x.dtype.kind == "f":
            return known if 1 + SLACK < high <= self.high and self._white > DEPTHS[0] else value_range(x, "the samples")
        if high > self.high:
            raise too_deep("the images", high, self.high)
        # A byte has a white of its own; and zeros and ones of another type than the data's are black and white.
        alone = x.dtype != np.dtype(self.dtype) and (x.dtype.itemsize == 1 or high <= 1)
        return value_range(x, "the samples") if alone else known

    @property
    def _white(self) -> int | None:
        """The white of whole numbers, 2^bits − 1, which holds for samples too; None for other data."""
        whole = np.dtype(self.dtype).kind in "iu" and self.low == 0 and self.high in DEPTHS
        return int(self.high) if whole else None

    def differing(self, source: Source) -> tuple[str, ...]:
        levels, notes = self._range(source.x), []
        if levels != (self.low, self.high) and source.levels is None:
            notes.append(f"In {source.name} black is {levels[0]:g} and white is {levels[1]:g}, as the {source.x.dtype} "
                         "values say.")  # fmt: skip
        if self.channels == 3 and channels_first(source.x[:1], self.channel_axis).shape[1] == 1:
            notes.append(f"Gray images of {source.name} are repeated on three channels.")
        return tuple(notes)

    def _sized(self, x: np.ndarray) -> np.ndarray:
        if self.exact and x.shape[2:] != (self.height, self.width):
            turned = " (height and width exchanged?)" if x.shape[:1:-1] == (self.height, self.width) else ""
            raise Refused(
                f"images must be {self.height} × {self.width} pixels as the data are, got {x.shape[2]} × {x.shape[3]}"
                f"{turned}; --size 64, for example, resizes both, antialiased."
            )
        return x

    def _coloured(self, u: np.ndarray) -> np.ndarray:
        if u.shape[1] == self.channels:
            return u
        if self.channels == 3:
            return np.repeat(u, 3, axis=1)
        if self.gray or (u == u[:, :1]).all():
            return np.einsum("nchw,c->nhw", u, LUMA)[:, None]
        raise Refused("images must be gray as the data are, got colour; load the data with gray=False (--no-gray) to "
                      "compare them on three channels, or gray=True (--gray) to turn all to gray.")  # fmt: skip


def _drawn(u: np.ndarray) -> np.ndarray:
    """Return a picture of black and white, −1 and 1, drawn by the grey values of one in [−1, 1] that seeds the draw."""
    draw = np.random.default_rng(crc32(u.tobytes())).random(u.shape)
    return np.where(2 * draw - 1 < u, 1, -1).astype(np.float32)
