"""The squared sliced Wasserstein distance, transport on many lines, as a discrepancy that a sampler can lower."""

from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor

from pushforward.discrepancies.base import Discrepancy
from pushforward.discrepancies.quantile_pieces import QuantilePieces, potential
from pushforward.errors import Refused


@dataclass(frozen=True)
class SlicedWasserstein(Discrepancy):
    """D = mean over unit vectors u of W₂²(uᵀx, uᵀy), exact on each line, in squared units of the points.

    The directions are the same at every call, so that it is a function of the points. It is above 0 for samples of the
    same law, by as much as their sizes say; of the line itself it is W₂².

    Args:
        projections: number of directions, at least 1.
        seed: of the directions.

    Raises:
        Refused: for no direction.
    Source: Rabin et al. (2011); Kolouri et al. (2018), arXiv 1804.01947, for codes.
    Differs: directions are drawn once, many, in place of a few anew in each step.
    Example:
        >>> SlicedWasserstein()(torch.zeros(2, 1), torch.full((3, 1), 2.0)).item()
        4.0
    """

    projections: int = 256
    seed: int = 0
    degree = 2

    def __post_init__(self) -> None:
        if self.projections < 1:
            raise Refused(f"projections of SlicedWasserstein must be at least 1, got {self.projections}.")

    def __call__(self, x: Float[Tensor, "n d"], y: Float[Tensor, "m d"]) -> Float[Tensor, ""]:
        x, y = (v if v.dtype.itemsize >= 4 else v.float() for v in (x, y))
        pieces, u = QuantilePieces.of(len(x), len(y)), self.directions(x)
        a, b = pieces.matched(_on_lines(x, u), _on_lines(y, u))
        return (pieces.weight.to(a)[:, None] * (a - b).square()).sum(0).mean()

    def witness(self, h: Float[Tensor, "l d"], x: Float[Tensor, "n d"], y: Float[Tensor, "m d"]) -> Float[Tensor, " l"]:
        """Return −½ of the mean potential of transport from samples to data: it rises where samples should go."""
        pieces, u = QuantilePieces.of(len(x), len(y)), self.directions(x)
        at, ys = _on_lines(h, u), _on_lines(y, u).sort(0).values
        a, _ = pieces.matched(_on_lines(x, u), ys)
        images = len(y) * torch.zeros_like(ys).index_add_(0, pieces.j.to(y.device), pieces.weight.to(a)[:, None] * a)
        lines = zip(at.T.contiguous(), ys.T.contiguous(), images.T, strict=True)
        return -torch.stack([_interpolated(*line) for line in lines]).mean(0) / 2

    def directions(self, like: Tensor) -> Float[Tensor, "d l"]:
        """Return unit vectors for points like these.

        Args:
            like: points, whose width, type and device the vectors have.
        """
        own = torch.Generator().manual_seed(self.seed)
        u = torch.randn(like.shape[1], self.projections, generator=own, dtype=torch.float64)
        return (u / u.norm(dim=0)).to(like)


def _on_lines(x: Float[Tensor, "n d"], u: Float[Tensor, "d l"]) -> Float[Tensor, "n l"]:
    """Return uᵀx, in no less than the precision of x."""
    with torch.autocast(x.device.type, enabled=False):
        return x @ u


def _interpolated(t: Tensor, points: Tensor, images: Tensor) -> Tensor:
    """Return the potential at t: linear between points, and beyond the ends as at them."""
    values, slope = potential(points, images), 2 * (points - images)
    at = t.clamp(points[0], points[-1])
    right = torch.searchsorted(points, at).clamp(1, max(1, len(points) - 1))
    if len(points) == 1:
        return slope[0] * (t - points[0])
    left, width = right - 1, (points[right] - points[right - 1]).clamp(min=torch.finfo(t.dtype).tiny)
    inside = torch.lerp(values[left], values[right], (at - points[left]) / width)
    return inside + (t - at) * torch.where(t > at, slope[-1], slope[0])
