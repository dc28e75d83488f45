"""The points that metrics accept: arrays or tensors with one point a row, checked once and taken to float64."""

import numpy as np
import torch
from jaxtyping import Float, Int
from torch import Tensor

from pushforward.errors import Refused

Array = np.ndarray | Tensor


def rows(
    x: Array, name: str = "x", *, least: int = 1, whose: str = "a metric", single: bool = False
) -> Float[Tensor, "n d"]:
    """Return the points as a float64 matrix, each flattened to one row.

    Args:
        x: points along the first axis; further axes are flattened, a vector of numbers is one column.
        name: of the argument, for the sentence that refuses it.
        least: fewest rows that will do.
        whose: what asks for them.
        single: points in float32 stay so, for what widens them block by block.

    Raises:
        Refused: if there are fewer than `least` rows, none has a coordinate, or a value is no finite number.
    """
    z = x.detach().cpu() if isinstance(x, Tensor) else _from_numpy(np.asarray(x), name, whose)
    z = z if single and z.dtype == torch.float32 else z.double()
    if z.ndim == 0:
        raise Refused(f"{name} of {whose} must hold one point a row, got a single number.")
    if len(z) < least:
        raise Refused(f"{name} of {whose} must have at least {least} rows, got {len(z)}; give it more points.")
    z = z.reshape(len(z), -1) if len(z) else z.reshape(0, 1)
    if z.shape[1] == 0:
        raise Refused(f"{name} of {whose} must have at least one coordinate a row, got shape {tuple(x.shape)}.")
    # A sum is finite only if its terms are, and takes one pass.
    if not z.sum().isfinite() and len(broken := (~z.isfinite()).any(1).nonzero()):
        raise Refused(f"{name} of {whose} must be finite, got NaN or infinity in {len(broken)} rows, first in row "
                      f"{int(broken[0])}; leave them out or mend them.")  # fmt: skip
    return z.contiguous()


def pair(
    x: Array,
    y: Array,
    *,
    least: int = 1,
    whose: str = "a metric",
    names: tuple[str, str] = ("x", "y"),
    single: bool = False,
) -> tuple[Float[Tensor, "n d"], Float[Tensor, "m d"]]:
    """Return two sets of points of one width, in float64 or, with `single`, each in float32 if it came so.

    Raises:
        Refused: as `rows`, or if the widths differ.
    """
    z, w = (rows(v, name, least=least, whose=whose, single=single) for v, name in zip((x, y), names, strict=True))
    if z.shape[1] != w.shape[1]:
        raise Refused(
            f"{names[0]} and {names[1]} of {whose} must have the same number of coordinates, got {z.shape[1]} and "
            f"{w.shape[1]}; encode both the same way."
        )
    return z, w


def draw_indices(n: int, most: int | None, generator: torch.Generator) -> Int[Tensor, " m"]:
    """Return the indices of at most `most` of n rows, drawn without replacement, ascending; all for None."""
    if most is None or n <= most:
        return torch.arange(n)
    return torch.randperm(n, generator=generator)[:most].sort().values


def subset(x: Float[Tensor, "n d"], most: int | None, generator: torch.Generator) -> Float[Tensor, "m d"]:
    """Return at most `most` rows, drawn without replacement, in their order; all of them for None."""
    return x[draw_indices(len(x), most, generator)]


def generator(seed: int) -> torch.Generator:
    """Return a generator of its own: the global state is neither read nor moved."""
    return torch.Generator().manual_seed(seed)


def _from_numpy(x: np.ndarray, name: str, whose: str) -> Tensor:
    """Return numbers as float32 if they are so, else float64; read-only ones as a copy, since torch warns of them."""
    if x.dtype.kind not in "biuf":
        raise Refused(f"{name} of {whose} must hold numbers, got an array of {x.dtype}; encode its columns as numbers.")
    return torch.from_numpy(np.require(x, np.float32 if x.dtype == np.float32 else np.float64, ["C", "W"]))
