"""The features of convolutions whose filters were drawn once and never trained."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn import functional as F

from pushforward.errors import Refused
from pushforward.features import cache
from pushforward.features.base import Features
from pushforward.features.rgb import rgb

WIDTH = 64
"""The number of channels of a level."""

LEVELS = 5
"""The largest number of levels, each half as wide as the one before: 64 pixels down to 4."""

SMALLEST = 4
"""The least side of a level in pixels, so that a quadrant is 2 × 2."""


@dataclass(frozen=True)
class RandomConv(Features):
    """The means over the four quadrants of every level of a random convolutional network: 256 features a level.

    A level is a 3 × 3 convolution with a margin of zeros, ReLU, and 2 × 2 means between levels, while sides are at
    least 4 pixels, 5 levels at most. Nothing is fitted and no file is needed, so that the space is the same for all
    data of one size; it knows edges, colours and coarse shape, and nothing of what a picture shows.

    Args:
        seed: of the filters: normal, of variance 2/(inputs), which keeps the mean square from level to level.
        low: value of black; 8-bit pictures bring their own.
        high: value of white.
    Source: Naeem et al. (2020), arXiv 2002.09797, for random in place of trained embeddings; He et al. (2015), arXiv
        1502.01852, for the variance.
    Differs: theirs is a VGG16 without training, of which one late layer is kept.
    """

    rows: ClassVar[int] = 32

    seed: int = 0
    low: float = -1.0
    high: float = 1.0

    @property
    def protocol(self) -> dict[str, Any]:
        return {
            "features": "random-conv",
            "layer": "means over quadrants of every level",
            "architecture": f"3x3 convolutions, {WIDTH} channels, ReLU, 2x2 means, at most {LEVELS} levels",
            "seed": self.seed,
            "weights": cache.content(*self._filters)[:16],
            "resize": "none",
            "range": "2x/255-1",
            "depth": "8 bits",
        }

    @property
    def key(self) -> str:
        return cache.content(*self._filters, f"{self.low} {self.high}")

    def block(self, x: Tensor) -> Float[Tensor, "n d"]:
        z = rgb(x, self.low, self.high, "random-conv") / 127.5 - 1
        if min(z.shape[2:]) < SMALLEST:
            raise Refused(f"features random-conv need pictures of {SMALLEST} pixels a side, got shape {x.shape}.")
        return torch.cat([F.adaptive_avg_pool2d(level, 2).flatten(1) for level in self._levels(z)], 1)

    def _levels(self, z: Tensor) -> Iterator[Tensor]:
        for weight in self._filters:
            z = F.conv2d(z, weight, padding=1).relu()
            yield z
            if min(z.shape[2:]) < 2 * SMALLEST:
                return
            z = F.avg_pool2d(z, 2)

    @cached_property
    def _filters(self) -> list[Tensor]:
        draw = np.random.default_rng(self.seed)  # NumPy keeps its streams from version to version
        inputs = [3] + [WIDTH] * (LEVELS - 1)
        scaled = [draw.standard_normal((WIDTH, n, 3, 3), dtype=np.float32) * (2 / (9 * n)) ** 0.5 for n in inputs]
        return [torch.from_numpy(w.astype(np.float32)) for w in scaled]
