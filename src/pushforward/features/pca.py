"""The whitened principal components of the data as features."""

from dataclasses import dataclass, field
from typing import Any, ClassVar

import torch
from jaxtyping import Float
from scipy.sparse.linalg import svds
from torch import Tensor

from pushforward.errors import Refused
from pushforward.features import cache
from pushforward.features.base import Features

COMPONENTS = 64
"""The number of components, that of the Inception network's first layer; a few hundred rows determine them."""

WHOLE = 1500
"""The number of coordinates or rows up to which all components are computed; beyond, only the first ones."""


@dataclass(frozen=True, eq=False)
class PCA(Features):
    """f(x) = Λ^{-1/2} Vᵀ (x − m): the first principal components, each with unit variance on what they are fitted to.

    Distances are then Mahalanobis distances in the directions in which the data vary most; directions of no variance
    are left out, so a sample that leaves them goes unseen.

    Args:
        mean: m, of the flattened points.
        axes: V Λ^{-1/2}, one column a component.
        made_of: what it was fitted to.
    """

    rows: ClassVar[int] = 1000

    mean: Float[Tensor, " d"]
    axes: Float[Tensor, "d c"]
    made_of: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def fitted(cls, x: Tensor, components: int = COMPONENTS) -> "PCA":
        """Return the components of these points, computed in float64.

        Args:
            x: points along the first axis, at least 2.
            components: how many; fewer if the points do not vary in so many directions.

        Raises:
            Refused: for fewer than one component or two points, and for points that do not vary.
        Example:
            >>> x = torch.tensor([[0.0, 1.0], [2.0, 1.0], [4.0, 1.0]])
            >>> PCA.fitted(x)(x).flatten().tolist()
            [-1.0, 0.0, 1.0]
        """
        if components < 1:
            raise Refused(f"features pca need at least 1 component, got {components}.")
        if len(x) < 2:
            raise Refused(f"features pca need at least 2 points to be fitted to, got {len(x)}.")
        z = x.flatten(1).double()
        mean = z.mean(0)
        std, axes = _principal((z - mean) / (len(z) - 1) ** 0.5, components)
        if not len(std):
            raise Refused("features pca need points that vary, got equal ones.")
        share = float(std.square().sum() / (z - mean).square().sum() * (len(z) - 1))
        made_of = {"fitted to": f"{len(x)} rows {cache.content(x)[:16]}", "explained": round(share, 4)}
        return cls(mean, axes / std, made_of)

    @property
    def protocol(self) -> dict[str, Any]:
        return {"features": "pca", "components": self.axes.shape[1], "scale": "whitened", **self.made_of}

    @property
    def key(self) -> str:
        return cache.content(self.mean, self.axes)

    def block(self, x: Tensor) -> Float[Tensor, "n c"]:
        z = x.flatten(1).double()
        if z.shape[1] != len(self.mean):
            raise Refused(f"features pca were fitted to {len(self.mean)} coordinates, got points of {z.shape[1]}.")
        return ((z - self.mean) @ self.axes).to(torch.get_default_dtype())


def _principal(z: Float[Tensor, "n d"], components: int) -> tuple[Float[Tensor, " c"], Float[Tensor, "d c"]]:
    """Return the largest singular values, decreasing, none of them mere rounding, and their right singular vectors."""
    rank = min(z.shape)
    if rank <= WHOLE or components >= rank:
        _, std, axes = torch.linalg.svd(z, full_matrices=False)
    else:
        start = torch.ones(rank, dtype=z.dtype).numpy()  # fixed, so that the same data give the same components
        _, rising, rows = svds(z.numpy(), components, v0=start)
        std, axes = (torch.from_numpy(a[::-1].copy()) for a in (rising, rows))
    std, axes = std[:components], axes[:components]
    kept = std > std[0] * max(z.shape) * torch.finfo(z.dtype).eps
    axes = axes[kept].T
    signs = axes.gather(0, axes.abs().argmax(0, keepdim=True)).sign()  # else either of two would be as good
    return std[kept], axes * signs
