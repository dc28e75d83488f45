"""The optimal transport between Gaussians: factors and roots of covariances, and what each row contributes."""

from dataclasses import dataclass
from functools import cached_property

import torch
from jaxtyping import Float
from torch import Tensor

from pushforward.kernels.narrow import cheaper_arithmetics, inner_float32
from pushforward.metrics.numerics.moments import Moments

SINGULAR = 1e-10
"""Share of the largest pivot below which a Cholesky factor is not trusted."""

SOUND = 1e-6
"""Least eigenvalue, as a share of the largest, of a matrix whose eigenvectors float32 knows to three digits."""

PANEL = 256
"""Columns of a triangular product that are computed at once."""

WIDE = 512
"""Coordinates from which on the relative error of a quadratic form in bfloat16 is below 10⁻⁴."""

ROUNDING = 1e-14
"""Share of the largest eigenvalue below which an eigenvalue is rounding, and 0."""


@dataclass(frozen=True, eq=False)
class Factor:
    """Σ = LLᵀ, L lower triangular where every direction varies.

    Args:
        l: the factor.
        left: K with KL = 1 where L is not triangular, else None.
    """

    l: Float[Tensor, "d r"]
    left: Float[Tensor, "r d"] | None = None

    @classmethod
    def of(cls, s: Float[Tensor, "d d"]) -> "Factor":
        """Take Cholesky's factor, or one from eigenvectors where some direction does not vary."""
        l, failed = torch.linalg.cholesky_ex(s)
        pivots = l.diagonal().square()
        if not failed and bool(pivots.min() > SINGULAR * pivots.max()):
            return cls(l)
        values, vectors = torch.linalg.eigh(s)
        kept = values > ROUNDING * len(s) * values[-1].clamp_min(0)
        root, vectors = values[kept].sqrt(), vectors[:, kept]
        return cls(vectors * root, (vectors / root).T)

    def unmapped(self, b: Float[Tensor, "r s"]) -> Float[Tensor, "d s"]:
        """Return Kᵀb in float32, K a left inverse of L on the range of Σ."""
        if self.left is not None:
            return _product_in_float32(self.left.T, b)
        unit = self.l.diagonal().abs().max()
        return torch.linalg.solve_triangular((self.l / unit).float().T, (b / unit).float(), upper=True)

    def around(self, t: Float[Tensor, "d d"]) -> Float[Tensor, "r r"]:
        """Return LᵀΤL of a symmetric Τ, whose lower triangle is read; a triangular L takes a third of the products."""
        if self.left is not None:
            return self.l.T @ t @ self.l
        product = torch.empty_like(t)
        for start in range(0, len(t), PANEL):
            columns = slice(start, start + PANEL)
            part = t[:, start:] @ self.l[start:, columns]
            for first in range(start, len(t), PANEL):
                rows = slice(first, first + PANEL)
                product[rows, columns] = self.l[first:, rows].T @ part[first:]
        return product


@dataclass(frozen=True, eq=False)
class Plans:
    """The transport plans between two Gaussians: what both influence functions need of the covariances.

    The derivative of 2·tr(ΣΤ)^½ along a row u of x is uᵀTu, T = L⁻ᵀ·R·L⁻¹ with R = (LᵀΤL)^½, and along a row of y it is
    the same with L·R⁻¹·Lᵀ.

    Args:
        factor: L.
        roots: eigenvalues of R.
        vectors: its eigenvectors.
        trace: of Σ + Τ − 2(ΣΤ)^½.
    """

    factor: Factor
    roots: Float[Tensor, " r"]
    vectors: Float[Tensor, "r r"]
    trace: Float[Tensor, ""]

    @classmethod
    def of(cls, p: Moments, q: Moments) -> "Plans":
        """Compute the plans from the moments of both sides."""
        factor = Factor.of(p.covariance)
        roots, vectors = square_roots(factor.around(q.covariance))
        return cls(factor, roots, vectors, p.covariance.trace() + q.covariance.trace() - 2 * roots.sum())

    @cached_property
    def to_y(self) -> Float[Tensor, "d r"]:
        """The matrix A with AAᵀ the first of these matrices, in float32."""
        return self.factor.unmapped(self.vectors * self.roots.sqrt())

    @cached_property
    def to_x(self) -> Float[Tensor, "d r"]:
        """The matrix A with AAᵀ the second of these matrices, in float32."""
        return _product_in_float32(self.factor.l, self.vectors * inverted(self.roots).sqrt())


def excess(rows: Float[Tensor, "b d"], plan: Float[Tensor, "d r"]) -> Float[Tensor, " b"]:
    """‖u‖² − ‖uᵀA‖² of centred rows u; it only sets a spread, so few digits serve.

    In float32, products in bfloat16 where that is fast and the roundings of many coordinates average out: 2⁻⁹/√d of the
    quadratic form. Rows of any size fit: they are taken in units of their largest coordinate.
    """
    product = next(cheaper_arithmetics())[1] if len(plan) >= WIDE else inner_float32
    unit = torch.stack(rows.aminmax()).abs().max() if len(rows) else rows.new_ones(())
    u = (rows / unit.where(unit > 0, 1.0)).float()
    return (u.square().sum(1) - product(u, plan.T).square().sum(1)).double() * unit.square()


def square_roots(g: Float[Tensor, "r r"]) -> tuple[Tensor, Tensor]:
    """Return the roots of a positive matrix's eigenvalues, and its eigenvectors; its lower triangle is read.

    The eigenvectors, which only set spreads, come in float32 where the matrix is large and far enough from singular;
    what belongs to eigenvalues that are all but equal may be mixed, which no function of the matrix sees.
    """
    if len(g) >= WIDE:
        values = torch.linalg.eigvalsh(g)
        if bool(values[0] > SOUND * values[-1]):
            return values.sqrt(), torch.linalg.eigh((g / values[-1]).float()).eigenvectors.double()
    values, vectors = torch.linalg.eigh(g)
    return _rooted(values), vectors


def roots_alone(g: Float[Tensor, "r r"]) -> Float[Tensor, " r"]:
    """Return the roots without the eigenvectors, in a quarter of the time."""
    return _rooted(torch.linalg.eigvalsh(g))


def inverted(roots: Tensor) -> Tensor:
    """Return 1/s, and 0 where s is 0."""
    return torch.where(roots > 0, 1 / roots.where(roots > 0, 1.0), 0.0)


def _rooted(values: Tensor) -> Tensor:
    """Return the roots of ascending eigenvalues, those of rounding size being 0."""
    largest = values[-1].clamp_min(0) if len(values) else 0.0
    return values.where(values > ROUNDING * len(values) * largest, 0.0).sqrt()


def _product_in_float32(a: Float[Tensor, "d r"], b: Float[Tensor, "r s"]) -> Float[Tensor, "d s"]:
    """Return ab in float32, the range of which a takes in units of its largest entry."""
    unit = a.abs().max() if a.numel() else a.new_ones(())
    return (a / unit).float() @ (b * unit).float()
