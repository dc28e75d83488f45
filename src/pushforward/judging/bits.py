"""Log densities of the rows of data, in whatever form a person has them, as bits per dimension."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from torch import Tensor

from pushforward.errors import Refused
from pushforward.judging.case import Case
from pushforward.metrics import Score, bits_per_dimension
from pushforward.spaces import Batch

GREY = 256
"""Levels of a picture's bytes, which are also their extent: the density is one of grey values from 0 to 255."""


def bits_of_densities(log_prob: Any, case: Case, every: int) -> Score:
    """Return bits per dimension of the data, from log densities in nats in the unit in which the data came.

    Args:
        log_prob: one number a row of the data in any order, as an array or in a .npy or .csv file; or a callable, which
            is given the rows that are judged in the form in which the data came, and gives one number for each.
        case: what is judged.
        every: rows of data, all that there are.

    Raises:
        Refused: if it cannot be read, or is not one finite number a row.
    """
    as_it_came = lambda x: case.data.codec.decode(Batch(x))
    drawn = callable(log_prob)
    nats = _as_float64(log_prob(as_it_came(case.x.x)) if drawn else _read(log_prob))
    expected = len(case.x.x) if drawn else every
    if nats.ndim == 2 and nats.shape[1] == 1:
        nats = nats[:, 0]
    if nats.ndim != 1:
        raise Refused(f"--log-prob must hold one number a row of data, got an array of shape {nats.shape}; sum over "
                      "the coordinates of a row.")  # fmt: skip
    if len(nats) != expected:
        raise Refused(f"--log-prob must hold one number for each of the {expected} rows of data, got {len(nats)}.")
    if len(broken := np.flatnonzero(~np.isfinite(nats))):
        raise Refused(f"--log-prob must hold finite numbers, got {nats[broken[0]]} in {len(broken)} of {len(nats)} "
                      f"rows, first in row {broken[0]}; where the density is 0 the bits are infinite.")  # fmt: skip
    grey = getattr(as_it_came(case.x.x[:1]), "dtype", None) == np.uint8
    found = bits_per_dimension(nats, case.data.space.dim, GREY if grey else None, extent=float(GREY) if grey else 1.0)
    return replace(found, note=f"{found.note}; of {len(nats)} rows of data")


def _as_float64(given: Any) -> np.ndarray:
    """Return the numbers as float64, whatever kind of array holds them."""
    try:
        array = given.detach().cpu().numpy() if isinstance(given, Tensor) else np.asarray(given)
        return array.astype(np.float64)
    except (TypeError, ValueError) as error:
        raise Refused(f"--log-prob must hold numbers, got {type(given).__name__}: {error}.") from None


def density_file(given: str | Path) -> Path:
    """The path of a file of log densities.

    Raises:
        Refused: if it has another ending, or there is none.
    """
    path = Path(given).expanduser()
    if path.suffix not in READERS:
        raise Refused(f"--log-prob must name a .npy or a .csv file of one number a row of data, got '{given}'.")
    if not path.is_file():
        raise Refused(f"--log-prob names {path}, and there is no such file.")
    return path


def _read(given: Any) -> Any:
    """An array as it is; a file by its ending."""
    if not isinstance(given, str | Path):
        return given
    path = density_file(given)
    try:
        return READERS[path.suffix](path)
    except (OSError, ValueError) as error:
        raise Refused(f"--log-prob names {path}, which cannot be read: {' '.join(str(error).split())}.") from None


def _npy(path: Path) -> np.ndarray:
    return np.load(path, allow_pickle=False)


def _csv(path: Path) -> np.ndarray:
    """Return the numbers of a table, with or without a line of names."""
    table = pd.read_csv(path, header=None)
    numbers = table.apply(pd.to_numeric, errors="coerce")
    named = len(table) > 0 and bool(numbers.iloc[0].isna().all()) and bool(table.iloc[0].notna().all())
    return (pd.read_csv(path) if named and str(table.iloc[0, 0]).lower() != "nan" else table).to_numpy()


READERS: dict[str, Callable[[Path], Any]] = {".npy": _npy, ".csv": _csv}
