"""The values and derivatives of a kernel at feature points as one matrix, which gradient-constrained MMD solves.

A functional at a point a_m is a row β_m of 1 + d numbers: the weight of the value there and of the d derivatives.
"""

from collections.abc import Sequence

import torch
from jaxtyping import Float
from torch import Tensor

from pushforward.kernels import Linear, Radial
from pushforward.kernels.pairwise import squared_distance

Terms = Sequence[tuple[float, Radial | Linear]]


def matrix(terms: Terms, a: Float[Tensor, "m d"]) -> Float[Tensor, "m e m e"]:
    """A[m, ·, m′, ·] = k, ∂k and ∂∂′k at (a_m, a_m′), e = 1 + d; not to be differentiated."""
    m, d = a.shape
    A = a.new_zeros(m, 1 + d, m, 1 + d)
    for multiple, k in terms:
        if isinstance(k, Linear):
            _add_linear(A, multiple, a)
        else:
            _add_radial(A, multiple, k, a)
    return A


def functionals(terms: Terms, a: Float[Tensor, "m d"], b: Float[Tensor, "n d"]) -> Float[Tensor, "m e"]:
    """mean_l of k(a_m, b_l) and of its derivatives in a_m."""
    total = a.new_zeros(len(a), 1 + a.shape[1])
    for multiple, k in terms:
        if isinstance(k, Linear):
            center = b.mean(0)
            value, slope = a @ center, center.expand_as(a)
        else:
            s = squared_distance(a, b)
            dkappa = 2 * k.dkappa(s)
            value, slope = k.kappa(s).mean(1), (dkappa.sum(1, keepdim=True) * a - dkappa @ b) / len(b)
        total = total + multiple * torch.cat([value.unsqueeze(1), slope], 1)
    return total


def quadratic(terms: Terms, a: Float[Tensor, "m d"], beta: Float[Tensor, "m e"]) -> Float[Tensor, ""]:
    """βᵀAβ, differentiable in a, from m × m matrices alone."""
    total = a.new_zeros(())
    value, slope = beta[:, 0], beta[:, 1:]
    for multiple, k in terms:
        if isinstance(k, Linear):
            part = (value @ a + slope.sum(0)).square().sum()
        else:
            s = squared_distance(a, a)
            cross = slope @ a.T  # β_m·a_m′
            p = cross.diagonal().unsqueeze(1) - cross  # β_m·(a_m − a_m′); β_m′·(a_m − a_m′) is −pᵀ
            within = k.kappa(s) * torch.outer(value, value) + 4 * k.dkappa(s) * p * value
            part = (within - 2 * k.dkappa(s) * (slope @ slope.T) + 4 * k.ddkappa(s) * p * p.T).sum()
        total = total + multiple * part
    return total


def _add_linear(A: Tensor, multiple: float, a: Tensor) -> None:
    A[:, 0, :, 0] += multiple * (a @ a.T)
    A[:, 1:, :, 0] += multiple * a.T
    A[:, 0, :, 1:] += multiple * a.unsqueeze(1)
    A[:, 1:, :, 1:] += multiple * torch.eye(a.shape[1], dtype=a.dtype, device=a.device).unsqueeze(1)


def _add_radial(A: Tensor, multiple: float, k: Radial, a: Tensor) -> None:
    """∂_i k = 2κ′δ_i, ∂_i ∂_j′ k = −2κ′·[i = j] − 4κ″δ_i δ_j, δ = a_m − a_m′."""
    s = squared_distance(a, a)
    dkappa, ddkappa = multiple * k.dkappa(s), multiple * k.ddkappa(s)
    delta = (a.unsqueeze(1) - a).permute(0, 2, 1)  # m, i, m′
    first = 2 * dkappa.unsqueeze(1) * delta
    A[:, 0, :, 0] += multiple * k.kappa(s)
    A[:, 1:, :, 0] += first
    A[:, 0, :, 1:] -= first.permute(0, 2, 1)
    A[:, 1:, :, 1:] -= (4 * ddkappa.unsqueeze(1) * delta).unsqueeze(3) * delta.permute(0, 2, 1).unsqueeze(1)
    A[:, 1:, :, 1:].diagonal(dim1=1, dim2=3).sub_(2 * dkappa.unsqueeze(2))
