"""The standardising of coordinates: mean 0 and standard deviation 1 in the training part; constants are carried."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import log

import numpy as np
import torch
from torch import Tensor

from pushforward.data.raw.checks import blocks

# A scale this far from 1 slows a network down; nearer, the data keep the units they were given in.
FAR = 3.0


@dataclass(frozen=True)
class Standard:
    """u = (v − mean) / std for the coordinates that vary; a coordinate with std 0 is its mean and is not modelled.

    Args:
        mean: of each coordinate, in the data's units.
        std: at least 0; 0 marks a constant.
    Example:
        >>> Standard((0.0, 7.0), (2.0, 0.0)).encode(np.array([[4.0, 7.0]]))
        array([[2.]])
    """

    mean: tuple[float, ...]
    std: tuple[float, ...]

    @classmethod
    def of(cls, x: np.ndarray, index: np.ndarray, always: bool = True) -> "Standard":
        """Take mean and standard deviation of the rows at `index`, in two passes of float64.

        Args:
            x: (n, d), in memory or on disk.
            index: rows of the training part.
            always: standardise also where every scale is within a factor 3 of 1 and every mean within 3 of 0.
        """
        mean = _mean(x, index, lambda block: block)
        low, high = x[index[0]].copy(), x[index[0]].copy()
        for block in _blocks(x, index):
            low, high = np.minimum(low, block.min(0)), np.maximum(high, block.max(0))
        std = np.sqrt(_mean(x, index, lambda block: (block - mean) ** 2))
        moving = low < high  # rounding may give a constant column a tiny std
        if not always and ((std < FAR) & (std > 1 / FAR) & (abs(mean) < FAR))[moving].all():
            mean, std = np.zeros_like(mean), np.ones_like(std)
        return cls(
            tuple(np.where(moving, mean, low.astype(np.float64)).tolist()), tuple(np.where(moving, std, 0.0).tolist())
        )

    @classmethod
    def none(cls, d: int) -> "Standard":
        """Return the identity on d coordinates: none is scaled, shifted or left out, constant ones included."""
        return cls((0.0,) * d, (1.0,) * d)

    @property
    def moving(self) -> list[int]:
        """The indices of the coordinates that are modelled."""
        return [i for i, std in enumerate(self.std) if std > 0]

    @property
    def trivial(self) -> bool:
        """Whether coordinates keep their units."""
        return all(self.mean[i] == 0 and self.std[i] == 1 for i in self.moving)

    @property
    def log_det(self) -> float:
        """−Σ log std over the coordinates that are modelled: the log-determinant of encoding."""
        return -sum(log(self.std[i]) for i in self.moving)

    def encode(self, values: np.ndarray) -> np.ndarray:
        """Return values in the data's units as standardised coordinates; constants are left out."""
        mean, std = np.array(self.mean)[self.moving], np.array(self.std)[self.moving]
        return (values[:, self.moving].astype(np.float64) - mean) / std

    def decode(self, u: np.ndarray) -> np.ndarray:
        """Return standardised coordinates in the data's units, in float64; constants are put back."""
        values = np.tile(np.array(self.mean), (len(u), 1))
        values[:, self.moving] += u.astype(np.float64) * np.array(self.std)[self.moving]
        return values

    def units(self, u: Tensor) -> Tensor:
        """Return what `decode` does, by operations of tensors alone."""
        moving = self.moving
        place = [moving.index(i) if i in moving else 0 for i in range(len(self.mean))]
        mean, std = (torch.tensor(t, dtype=torch.float64, device=u.device) for t in (self.mean, self.std))
        return u.double()[:, place] * std + mean if moving else mean.expand(len(u), -1)


def _mean(x: np.ndarray, index: np.ndarray, of: Callable[[np.ndarray], np.ndarray]) -> np.ndarray:
    total = np.zeros(x.shape[1:])
    for block in _blocks(x, index):
        total += of(block.astype(np.float64)).sum(0)
    return total / len(index)


def _blocks(x: np.ndarray, index: np.ndarray) -> Iterator[np.ndarray]:
    """Yield the rows at `index`, in the order of the file, as far as memory goes."""
    mask = np.zeros(len(x), dtype=bool)
    mask[index] = True
    for start, block in blocks(x):
        kept = block[mask[start : start + len(block)]]
        if len(kept):
            yield kept
