"""A file of statistics that serves every metric, carries its protocol, and is also read by pytorch-fid."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from pushforward.errors import Refused
from pushforward.metrics.numerics.checked_arrays import generator, subset
from pushforward.metrics.numerics.moments import Moments
from pushforward.runs.arrays import keys, read_npz
from pushforward.runs.atomic import replacing
from pushforward.runs.bounded_parsing import json_value

VERSION = 1
"""Of the file's form."""

KEPT = 10_000
"""Rows of features that are kept."""

ROUNDED = 1e-4
"""Share of the largest variance by which a covariance that was summed in float32 may fail to be symmetric."""


@dataclass(frozen=True, eq=False)
class Reference:
    """The knowledge of data that a file keeps: moments of all rows, features of some, and what they were made of.

    Args:
        moments: of all rows; a foreign file says nothing of their number, which is then 0.
        features: float32 rows, at most KEPT of them drawn at random; None in a foreign file.
        protocol: of the feature map; None in a foreign file.
        made_of: whatever reads samples in the data's form again, and the content hash of the data.
    """

    moments: Moments
    features: Float[Tensor, "l d"] | None = None
    protocol: Mapping[str, Any] | None = None
    made_of: Mapping[str, Any] | None = None

    @classmethod
    def of(
        cls,
        features: Float[Tensor, "n d"],
        protocol: Mapping[str, Any],
        made_of: Mapping[str, Any],
        seed: int = 0,
        moments: Moments | None = None,
    ) -> "Reference":
        """Return the reference of all features of the data.

        Args:
            features: float64 rows.
            protocol: of the feature map.
            made_of: JSON-able.
            seed: of the draw of rows that are kept.
            moments: of all rows, where `features` are a subsample of them.
        """
        kept = subset(features, KEPT, generator(seed)).float()
        return cls(moments or Moments.of(features), kept, protocol, made_of)

    def save(self, path: str | Path) -> None:
        """Write `mu`, `sigma` and what pytorch-fid ignores: `n`, `features`, `protocol`, `made_of`, `version`.

        Raises:
            Refused: if the disk does not take it, or the name does not end in .npz.
        """
        named(path)
        stored: dict[str, Any] = {"protocol": json.dumps(self.protocol), "made_of": json.dumps(self.made_of)}
        stored |= {} if self.features is None else {"features": self.features.numpy()}
        m = self.moments
        with replacing(Path(path)) as file:
            np.savez(file, mu=m.mean.numpy(), sigma=m.covariance.numpy(), n=m.n, version=VERSION, **stored)

    @classmethod
    def load(cls, path: str | Path) -> "Reference":
        """A file that `save` wrote, or the mu and sigma of pytorch-fid and others.

        Raises:
            Refused: if it is no such file, or of a later version.
        """
        stored = read_npz(Path(path))
        if not {"mu", "sigma"} <= set(stored):
            raise Refused(f"a file of statistics must hold mu and sigma, {str(path)!r} holds {sorted(stored)}.")
        if _whole(stored, "version", VERSION, path) > VERSION:
            raise Refused(f"{str(path)!r} is of a later version of this program; update it.")
        moments = Moments(_whole(stored, "n", 0, path), *_moments(stored, path))
        features = _features(stored["features"], len(moments.mean), path) if "features" in stored else None
        return cls(moments, features, _spoken(stored, "protocol", path), _spoken(stored, "made_of", path))


def named(path: str | Path) -> None:
    """Refuse a name that no file of statistics has.

    Raises:
        Refused: if it does not end in .npz.
    """
    if Path(path).suffix != ".npz":
        raise Refused(f"a file of statistics must end in .npz, got {str(path)!r}.")


def is_statistics(path: Any) -> bool:
    """Return whether it is an .npz file with mu and sigma; a damaged file is none."""
    if not isinstance(path, str | Path) or not str(path).endswith(".npz") or not Path(path).is_file():
        return False
    try:
        return {"mu", "sigma"} <= set(keys(Path(path)))
    except Refused:
        return False


def _moments(stored: Mapping[str, np.ndarray], path: str | Path) -> tuple[Tensor, Tensor]:
    """Return mean and covariance of a file in float64."""
    for name in ("mu", "sigma"):
        if stored[name].dtype.kind not in "biuf":
            raise Refused(f"{name} of {str(path)!r} must be numbers, got an array of {stored[name].dtype}.")
    mean, covariance = (torch.from_numpy(np.asarray(stored[key], dtype=np.float64)) for key in ("mu", "sigma"))
    if mean.ndim != 1 or not len(mean) or covariance.shape != (len(mean), len(mean)):
        raise Refused(f"mu of {str(path)!r} must be (d,) and sigma (d, d), got {tuple(mean.shape)} and "
                      f"{tuple(covariance.shape)}.")  # fmt: skip
    if not (mean.isfinite().all() and covariance.isfinite().all()):
        raise Refused(f"mu and sigma of {str(path)!r} must be finite, got NaN or infinity; measure them again.")
    spread = covariance.diagonal()
    if (spread < 0).any() or (covariance - covariance.T).abs().max() > ROUNDED * spread.max():
        raise Refused(f"sigma of {str(path)!r} must be a covariance, symmetric and with variances of at least 0 on its "
                      "diagonal, and is none; measure it again.")  # fmt: skip
    return mean, covariance


def _features(rows: np.ndarray, d: int, path: str | Path) -> Float[Tensor, "l d"]:
    """The rows that were kept."""
    if rows.dtype.kind != "f" or rows.ndim != 2 or not len(rows) or rows.shape[1] != d:
        raise Refused(f"features of {str(path)!r} must be rows of {d} floats, as mu has {d}, got {rows.dtype} of shape "
                      f"{rows.shape}; write the file again.")  # fmt: skip
    if not np.isfinite(rows).all():
        raise Refused(f"features of {str(path)!r} must be finite, got NaN or infinity; write the file again.")
    return torch.from_numpy(rows.astype(np.float32))


def _whole(stored: Mapping[str, np.ndarray], name: str, otherwise: int, path: str | Path) -> int:
    """A number without a fraction."""
    found = stored.get(name, np.array(otherwise))
    if found.size != 1 or found.dtype.kind not in "iuf" or not 0 <= float(found.item()) < 2**53:
        raise Refused(f"{name} of {str(path)!r} must be a number of at least 0; write the file again.")
    return int(found.item())


def _spoken(stored: Mapping[str, np.ndarray], name: str, path: str | Path) -> Mapping[str, Any] | None:
    """A mapping that was kept as JSON."""
    if name not in stored:
        return None
    try:
        found = json_value(str(stored[name].item()))
    except ValueError as error:
        raise Refused(f"{name} of {str(path)!r} must be JSON, but it is damaged; write the file again.") from error
    if found is not None and not isinstance(found, dict):
        raise Refused(f"{name} of {str(path)!r} must be a mapping, got {type(found).__name__}; write the file again.")
    return found
