"""Optimal transport between Gaussians: factors and roots of covariances, and what each row contributes."""

from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor

from pushforward.kernels.narrow import single, widths
from pushforward.metrics.moments import Moments

SINGULAR = 1e-10
"""Share of the largest pivot below which a Cholesky factor is not trusted."""

WIDE = 512
"""Coordinates from which on the relative error of a quadratic form in bfloat16 is below 10⁻⁴."""

ROUNDING = 1e-14
"""Share of the largest eigenvalue below which an eigenvalue is rounding, and 0."""


@dataclass(frozen=True, eq=False)
class Factor:
    """Σ = LLᵀ and a left inverse of L on the range of Σ.

    Args:
        l: the factor.
        inverse: K with KL = 1.
    """

    l: Float[Tensor, "d r"]
    inverse: Float[Tensor, "r d"]

    @classmethod
    def of(cls, s: Float[Tensor, "d d"]) -> "Factor":
        """Cholesky's, or from eigenvectors where a direction does not vary."""
        l, failed = torch.linalg.cholesky_ex(s)
        pivots = l.diagonal().square()
        if not failed and bool(pivots.min() > SINGULAR * pivots.max()):
            return cls(l, torch.linalg.solve_triangular(l, torch.eye(len(s), dtype=s.dtype), upper=False))
        values, vectors = torch.linalg.eigh(s)
        kept = values > ROUNDING * len(s) * values[-1].clamp_min(0)
        root, vectors = values[kept].sqrt(), vectors[:, kept]
        return cls(vectors * root, (vectors / root).T)


@dataclass(frozen=True, eq=False)
class Plans:
    """What both influence functions need of the covariances.

    The derivative of 2·tr(ΣΤ)^½ along a row u of x is uᵀTu, T = L⁻ᵀ·R·L⁻¹ with R = (LᵀΤL)^½, and along a row of y it is
    the same with L·R⁻¹·Lᵀ.

    Args:
        to_y: A with AAᵀ the first of these matrices.
        to_x: A with AAᵀ the second.
        trace: of Σ + Τ − 2(ΣΤ)^½.
    """

    to_y: Float[Tensor, "d r"]
    to_x: Float[Tensor, "d r"]
    trace: Float[Tensor, ""]

    @classmethod
    def of(cls, p: Moments, q: Moments) -> "Plans":
        """Of both sides."""
        factor = Factor.of(p.covariance)
        roots, u = square_roots(factor.l.T @ q.covariance @ factor.l)
        trace = p.covariance.trace() + q.covariance.trace() - 2 * roots.sum()
        return cls(factor.inverse.T @ (u * roots.sqrt()), factor.l @ (u * inverted(roots).sqrt()), trace)


def excess(rows: Float[Tensor, "b d"], plan: Float[Tensor, "d r"]) -> Float[Tensor, " b"]:
    """‖u‖² − ‖uᵀA‖² of centred rows u; the quadratic form only sets a spread, so few digits serve.

    In bfloat16, where it is fast and the roundings of many coordinates average out: 2⁻⁹/√d of the form.
    """
    product = next(widths())[1] if len(plan) >= WIDE else single
    return rows.square().sum(1) - product(rows.float(), plan.T.float()).square().sum(1).double()


def square_roots(g: Float[Tensor, "r r"]) -> tuple[Tensor, Tensor]:
    """Roots of the eigenvalues of a positive matrix, and its eigenvectors."""
    values, vectors = torch.linalg.eigh(g)
    largest = values[-1].clamp_min(0) if len(values) else 0.0
    return values.where(values > ROUNDING * len(g) * largest, 0.0).sqrt(), vectors


def inverted(roots: Tensor) -> Tensor:
    """1/s, and 0 where s is 0."""
    return torch.where(roots > 0, 1 / roots.where(roots > 0, 1.0), 0.0)
