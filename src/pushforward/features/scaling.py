"""The units in which rows of numbers are compared: as they came, or each column by its own middle and range."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import inf, isfinite
from typing import Any, ClassVar, TypeGuard

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from pushforward.errors import Refused


class Scaling(ABC):
    """An affine map of each column by itself; `name` is the value of `--scale` that asks for it."""

    name: ClassVar[str]

    @abstractmethod
    def __call__(self, x: Float[Tensor, "n d"]) -> Float[Tensor, "n d"]:
        """Return the rows in these units."""

    @abstractmethod
    def to_json(self) -> dict[str, Any]:
        """Return the scaling as plain values that `restored` reads."""


@dataclass(frozen=True)
class Unscaled(Scaling):
    """u = x: rows are compared in the units that they came in."""

    name: ClassVar[str] = "none"

    def __call__(self, x: Float[Tensor, "n d"]) -> Float[Tensor, "n d"]:
        return x

    def to_json(self) -> dict[str, Any]:
        return {"scale": self.name}


@dataclass(frozen=True)
class Robust(Scaling):
    """u_j = (x_j − median_j) / IQR_j, the median and the interquartile range of column j over all rows of the data.

    A column whose middle half is one value is divided by its standard deviation instead, and a column that is constant
    is only centred: samples that vary there stay visible. A far row moves neither the median nor the range.

    Args:
        centre: median of each column, in the data's units.
        spread: what each column is divided by, positive, in the same units.
    Example:
        >>> Robust.of(torch.tensor([[0.0, 5.0], [1.0, 5.0], [2.0, 5.0], [3.0, 5.0], [4.0, 5.0]]))
        Robust(centre=(2.0, 5.0), spread=(2.0, 1.0))
    """

    name: ClassVar[str] = "robust"

    centre: tuple[float, ...]
    spread: tuple[float, ...]

    @classmethod
    def of(cls, x: Float[Tensor, "n d"]) -> "Robust":
        """Return the units of these rows, which must be all rows of the data.

        Raises:
            Refused: if the range of a column is no float64.
        """
        units = [_units(column.double().numpy(), j) for j, column in enumerate(x.T)]
        return cls(tuple(centre for centre, _ in units), tuple(spread for _, spread in units))

    def among(self, coordinates: Sequence[int], d: int) -> "Robust":
        """Return the same units for these coordinates of d; the others stay as they are.

        Args:
            coordinates: one a column of ours.
            d: of all.
        """
        centre, spread = np.zeros(d), np.ones(d)
        centre[list(coordinates)], spread[list(coordinates)] = self.centre, self.spread
        return Robust(tuple(centre.tolist()), tuple(spread.tolist()))

    def __call__(self, x: Float[Tensor, "n d"]) -> Float[Tensor, "n d"]:
        centre, spread = (torch.tensor(v, dtype=torch.float64) for v in (self.centre, self.spread))
        return (x.double() - centre) / spread

    def to_json(self) -> dict[str, Any]:
        return {"scale": self.name, "centre": list(self.centre), "spread": list(self.spread)}


def restored(stored: Mapping[str, Any]) -> Scaling:
    """Return the scaling that `to_json` wrote down.

    Raises:
        Refused: for anything else.
    """
    if stored.get("scale") == Unscaled.name:
        return Unscaled()
    centre, spread = stored.get("centre"), stored.get("spread")
    if stored.get("scale") != Robust.name or not _numbers(centre) or not _numbers(spread, len(centre), least=0.0):
        raise Refused("a stored scaling must be none, or robust with centre and spread of each column; make it again.")
    return Robust(tuple(map(float, centre)), tuple(map(float, spread)))


def _numbers(stored: Any, length: int | None = None, least: float = -inf) -> TypeGuard[list[float]]:
    """Return whether it is a list of finite numbers above `least`, of that length where one is given."""
    is_list = isinstance(stored, list) and length in (None, len(stored))
    return is_list and all(isinstance(v, int | float) and isfinite(v) and v > least for v in stored)


def _units(column: np.ndarray, j: int) -> tuple[float, float]:
    """Return the median of a column and what it is divided by."""
    with np.errstate(over="ignore", invalid="ignore"):
        low, centre, high = np.percentile(column, [25, 50, 75])
        spread = high - low
    if spread == 0 and column.min() < column.max():
        size = np.abs(column).max()  # squares of the values themselves may overflow
        spread = size * (column / size).std()
    if not np.isfinite(spread):
        raise Refused(
            f"column {j} (counted from 0) ranges from {low:.3g} to {high:.3g}, too far for float64; rescale it."
        )
    return float(centre), float(spread) or 1.0
