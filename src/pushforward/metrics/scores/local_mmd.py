"""The MMD² of several scales at once, from the distance of neighbours up: the score that chooses states of a run."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import sqrt
from typing import ClassVar

import torch
from jaxtyping import Float
from torch import Tensor

from pushforward.kernels import Gaussian, Kernel
from pushforward.kernels.bandwidth import ROWS, evenly_spaced
from pushforward.kernels.pairwise import distance
from pushforward.kernels.radial import Radial, column
from pushforward.metrics.base import Title
from pushforward.metrics.scores.mmd import KernelScore


@dataclass(frozen=True)
class LocalMMD(KernelScore):
    """The unbiased MMD²(P, Q) of Σ_h k_h/σ_h, Gaussians k_h with bandwidths h from neighbours' distance to that of all.

    The bandwidths are half the median distance of a datum to its k-th neighbour, the median distance of two data, and
    their geometric mean; distances are those of distinct rows. σ_h is the root mean square of k_h, centred among the
    data, over pairs: chance then moves the MMD² of every scale alike. The large scale sees where mass lies; the small
    one whether samples are as dense around each datum as data are, and so what is missed, collapsed or blurred.

    Args:
        k: which neighbour, at least 1; the last one there is where data are fewer.
    Source: Gretton et al. (2012), NIPS 25, for kernels divided by what chance makes of them; bandwidths are our own.
    Example:
        >>> x = torch.randn(200, 2, generator=torch.Generator().manual_seed(0))
        >>> LocalMMD()(x, x.roll(1, 0) + 3.0)[0].value > 1.0
        True
    """

    name: ClassVar[str] = "local-mmd"
    titles: ClassVar[Mapping[str, Title]] = {
        "local-mmd": Title("local MMD²", "MMD² from the scale of neighbours up, in units of chance; 0 for the same law")
    }
    k: int = 5

    def compares_by(self, x: Tensor) -> Kernel:
        x = evenly_spaced(x, min(len(x), ROWS))
        scales = bandwidths(x, self.k)
        return Weighted(scales, tuple(1 / spread(Gaussian(h), x) for h in scales))


@dataclass(frozen=True)
class Weighted(Radial):
    """k(x, y) = Σ_h w_h·exp(−‖x − y‖² / 2h²), all scales from one matrix of distances.

    Args:
        bandwidth: h, above 0.
        weights: w, one a bandwidth.
    """

    bandwidth: tuple[float, ...]
    weights: tuple[float, ...]

    def kappas(self, s: Float[Tensor, "*shape"]) -> Float[Tensor, "c *shape"]:
        return column(self.weights, s) * Gaussian(self.bandwidth).kappas(s)

    def dkappas(self, s: Float[Tensor, "*shape"]) -> Float[Tensor, "c *shape"]:
        return column(self.weights, s) * Gaussian(self.bandwidth).dkappas(s)

    def ddkappas(self, s: Float[Tensor, "*shape"]) -> Float[Tensor, "c *shape"]:
        return column(self.weights, s) * Gaussian(self.bandwidth).ddkappas(s)


def bandwidths(x: Float[Tensor, "n d"], k: int) -> tuple[float, ...]:
    """Return half the median distance to the k-th neighbour, the median distance, and the geometric mean between them.

    Args:
        x: data; with fewer than two different rows the only bandwidth is 1.
        k: which neighbour.
    """
    x = torch.unique(x, dim=0)
    if len(x) < 2:
        return (1.0,)
    r = distance(x, x)
    near = r.kthvalue(min(k, len(x) - 1) + 1).values.median().item() / 2  # the first is the row itself
    far = r[torch.ones_like(r, dtype=torch.bool).triu(1)].median().item()
    return near, sqrt(near * far), far


def spread(kernel: Kernel, x: Float[Tensor, "n d"]) -> float:
    """√ mean_{i≠j} (HKH)²_ij with H = I − 11ᵀ/n; 1 where all of it is 0."""
    K = kernel(x, x)
    K = K - K.mean(0) - K.mean(1, keepdim=True) + K.mean()
    square = float(K.square().sum() - K.diagonal().square().sum()) / max(1, len(K) * (len(K) - 1))
    return sqrt(square) or 1.0
