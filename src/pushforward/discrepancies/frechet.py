"""The Fréchet distance of two Gaussians with the moments of data and samples: FID as a loss."""

from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor

from pushforward.discrepancies.base import Discrepancy
from pushforward.discrepancies.estimators import need_two_rows

ROUNDING = 1e-14
"""The share of the largest eigenvalue, times the size of the matrix, below which an eigenvalue is rounding and 0."""


@dataclass(frozen=True)
class Frechet(Discrepancy):
    """D = ‖μ − ν‖² + tr(Σ + Τ − 2(ΣΤ)^½), of means and covariances with n − 1: FID where points are its features.

    Two moments are all that it sees, so it finishes a sampler that another method has fitted, and begins none; features
    that it was lowered on say nothing any more about the samples, and others have to judge. Batches should hold some
    four times as many rows as there are coordinates: the value is biased upwards by a term that falls as one over that
    number. All sums are in float64.

    Source: Dowson and Landau (1982); as a loss Yang et al. (2026), arXiv:2604.28190.
    Differs: moments of the batches at hand, without a queue or running means of earlier ones.
    Example:
        >>> x = torch.tensor([[-1.0], [1.0]])
        >>> round(Frechet()(x, x + 3).item(), 6)
        9.0
    """

    degree = 2

    def __call__(self, x: Float[Tensor, "n d"], y: Float[Tensor, "m d"]) -> Float[Tensor, ""]:
        need_two_rows(len(x), len(y), "Frechet")
        (mean, s), (own, t) = _moments(x), _moments(y)
        cross = _root_trace(s.detach(), t)
        if s.requires_grad:  # the same number, whose gradient is that in Σ
            cross = cross + (of_s := _root_trace(t.detach(), s)) - of_s.detach()
        value = (mean - own).square().sum() + s.trace() + t.trace() - 2 * cross
        return value.to(torch.promote_types(torch.promote_types(x.dtype, y.dtype), torch.float32))

    def witness(self, h: Float[Tensor, "l d"], x: Float[Tensor, "n d"], y: Float[Tensor, "m d"]) -> Float[Tensor, " l"]:
        """(μ − ν)ᵀ(h − ν) − ½(h − ν)ᵀ(1 − A)(h − ν), A the optimal map from N(ν, Τ) to N(μ, Σ), plus a constant."""
        (mean, s), (own, t) = _moments(x), _moments(y)
        l, apart = _factor(s), h.double() - own
        values, vectors = _positive(l.T @ t @ l)
        mapped = (apart @ l @ vectors * values**-0.25).square().sum(1)
        heights = apart @ (mean - own) - (apart.square().sum(1) - mapped) / 2
        return heights.to(torch.promote_types(h.dtype, torch.float32))


def _moments(z: Tensor) -> tuple[Float[Tensor, " d"], Float[Tensor, "d d"]]:
    """Return mean and covariance in float64."""
    z = z.double()
    mean = z.mean(0)
    centred = z - mean
    return mean, centred.T @ centred / (len(z) - 1)


def _root_trace(s: Float[Tensor, "d d"], t: Float[Tensor, "d d"]) -> Float[Tensor, ""]:
    """Return tr(ΣΤ)^½ with its gradient in Τ: the roots of the eigenvalues of LᵀΤL, Σ = LLᵀ."""
    l = _factor(s)
    values = torch.linalg.eigvalsh(l.T @ t @ l)
    return values[_kept(values)].sqrt().sum()


def _factor(s: Float[Tensor, "d d"]) -> Float[Tensor, "d r"]:
    """Return L with Σ = LLᵀ, a column for every direction that varies."""
    values, vectors = _positive(s)
    return vectors * values.sqrt()


def _positive(s: Float[Tensor, "d d"]) -> tuple[Float[Tensor, " r"], Float[Tensor, "d r"]]:
    """Return the eigenvalues that are no rounding, and their vectors."""
    values, vectors = torch.linalg.eigh(s)
    kept = _kept(values)
    return values[kept], vectors[:, kept]


def _kept(values: Float[Tensor, " d"]) -> Tensor:
    return values > ROUNDING * len(values) * values[-1:].clamp_min(0)
