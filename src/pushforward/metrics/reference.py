"""A file of statistics that serves every metric, carries its protocol, and is also read by pytorch-fid."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from pushforward.errors import Refused
from pushforward.metrics.moments import Moments
from pushforward.metrics.rows import generator, subset
from pushforward.runs.atomic import replacing

VERSION = 1
"""Of the file's form."""

KEPT = 10_000
"""Rows of features that are kept."""


@dataclass(frozen=True, eq=False)
class Reference:
    """What is known of the data: moments of all rows, features of some, and what they were made of.

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
        """Of all features of the data.

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
        if Path(path).suffix != ".npz":
            raise Refused(f"a file of statistics must end in .npz, got {str(path)!r}.")
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
        with np.load(path, allow_pickle=False) as stored:
            if not is_statistics(path):
                raise Refused(f"a file of statistics must hold mu and sigma, {str(path)!r} holds {stored.files}.")
            mean, covariance = (torch.from_numpy(np.asarray(stored[key], dtype=np.float64)) for key in ("mu", "sigma"))
            if mean.ndim != 1 or covariance.shape != (len(mean), len(mean)):
                raise Refused(f"mu of {str(path)!r} must be (d,) and sigma (d, d), got {tuple(mean.shape)} and "
                              f"{tuple(covariance.shape)}.")  # fmt: skip
            if not (mean.isfinite().all() and covariance.isfinite().all()):
                raise Refused(f"mu and sigma of {str(path)!r} must be finite, got NaN or infinity; measure them again.")
            if int(stored.get("version", VERSION)) > VERSION:
                raise Refused(f"{str(path)!r} is of a later version of this program; update it.")
            read = lambda key: json.loads(str(stored[key])) if key in stored else None
            features = torch.from_numpy(stored["features"]) if "features" in stored else None
            moments = Moments(int(stored.get("n", 0)), mean, covariance)
            return cls(moments, features, read("protocol"), read("made_of"))


def is_statistics(path: Any) -> bool:
    """Whether it is an .npz file with mu and sigma."""
    if not isinstance(path, str | Path) or not str(path).endswith(".npz") or not Path(path).is_file():
        return False
    try:
        with np.load(path, allow_pickle=False) as stored:
            return {"mu", "sigma"} <= set(stored.files)
    except (ValueError, EOFError, OSError, BadZipFile):
        return False
