"""A density ratio as a function: unconstrained least-squares importance fitting, chosen by leave-one-out."""

from dataclasses import dataclass
from itertools import product

import torch
from jaxtyping import Float
from torch import Tensor

from pushforward.errors import Refused
from pushforward.kernels import Gaussian, Median
from pushforward.kernels.bandwidth import Bandwidth, evenly_spaced, positive
from pushforward.kernels.pairwise import full_precision


@dataclass(frozen=True, eq=False)
class Ratio:
    """r̂(t) = Σ_l α_l·exp(−‖t − c_l‖² / 2σ²), with α_l ≥ 0.

    Args:
        centers: c_l, rows of the data.
        weights: α_l.
        bandwidth: σ that was chosen.
        ridge: λ that was chosen.
        score: its leave-one-out loss, an estimate of ½·E_q r̂² − E_p r̂ in [−½·E_q r², 0]; lower is better.
    """

    centers: Float[Tensor, "b d"]
    weights: Float[Tensor, " b"]
    bandwidth: float
    ridge: float
    score: float

    def __call__(self, t: Float[Tensor, "n d"]) -> Float[Tensor, " n"]:
        """Return the ratio at points t, differentiable in them."""
        values = Gaussian(self.bandwidth)(t, self.centers)
        with full_precision(values):
            return values @ self.weights.to(values.dtype)


@dataclass(frozen=True)
class ULSIF:
    """r̂ = argmin ½·E_q r² − E_p r + λ/2·‖α‖² over mixtures of Gaussians at data points, in closed form.

    Fits p/q from x ~ p and y ~ q and gives a function that can be evaluated anywhere. Every bandwidth and ridge offered
    is tried, and the pair with the lowest leave-one-out loss, also in closed form, is taken. Costs b²·n + b³ for each
    pair, b the centres. One x and one y are left out together.

    Args:
        bandwidth: σ offered, each above 0; `Median(...)` offers multiples of the median distance of the data.
        ridge: λ offered, each above 0.
        centers: how many rows of the data carry a Gaussian.
    Source: Kanamori, Hido, Sugiyama (2009), JMLR 10, sections 2.3 and 2.4.
    Differs: bandwidths are multiples of the median distance by default, where the authors' code offers fixed numbers.
    Example:
        >>> x, y = torch.linspace(0.0, 1.0, 50).view(50, 1), torch.linspace(0.0, 2.0, 100).view(100, 1)
        >>> r = ULSIF()(x, y)
        >>> bool((r(torch.tensor([[0.5], [1.8]])) - torch.tensor([2.0, 0.0])).abs().max() < 0.3)  # p/q is 2, then 0
        True
    """

    bandwidth: Bandwidth = Median((0.1, 0.2, 0.4, 0.7, 1.0, 1.5, 2.5))
    ridge: tuple[float, ...] = (1e-3, 1e-2, 1e-1, 1.0, 10.0)
    centers: int = 100

    def __post_init__(self) -> None:
        Gaussian(self.bandwidth)
        positive(self.ridge, "ridge", "ULSIF")
        if self.centers < 1:
            raise Refused(f"centers of ULSIF must be at least 1, got {self.centers}; 100 is usual.")

    @torch.no_grad()
    def __call__(self, x: Float[Tensor, "n d"], y: Float[Tensor, "m d"]) -> Ratio:
        """Return the ratio of the density of x to that of y, fitted in float64.

        Raises:
            Refused: if there are fewer than 2 rows of each.
        """
        if min(len(x), len(y)) < 2:
            raise Refused(
                f"ULSIF leaves one row out and needs 2 rows of each, got {len(x)} and {len(y)}; give it more."
            )
        x, y = x.double(), y.double()
        at = evenly_spaced(x, min(len(x), self.centers))
        scales = Gaussian(self.bandwidth).fitted(x).scales()
        return min(
            (_fit(x, y, at, sigma, ridge) for sigma, ridge in product(scales, self.ridge)), key=lambda r: r.score
        )


def _fit(x: Tensor, y: Tensor, at: Tensor, sigma: float, ridge: float) -> Ratio:
    """α = max(0, (H + λI)⁻¹h), with H = mean φ(y)φ(y)ᵀ and h = mean φ(x)."""
    psi, phi = Gaussian(sigma)(x, at), Gaussian(sigma)(y, at)
    H, h = phi.T @ phi / len(y), psi.mean(0)
    alpha = torch.linalg.solve(_ridged(H, ridge), h).clamp(min=0)
    return Ratio(at, alpha, sigma, ridge, _leave_one_out(psi, phi, H, ridge))


def _leave_one_out(psi: Tensor, phi: Tensor, H: Tensor, ridge: float) -> float:
    """mean_i ½·(φ_iᵀα)² − ψ_iᵀα, with α fitted without x_i and y_i.

    Leaving a row out changes H by φφᵀ, so one factorisation serves all i (Sherman and Morrison).
    """
    n, m, least = len(psi), len(phi), min(len(psi), len(phi))
    phi_, psi_ = evenly_spaced(phi, least), evenly_spaced(psi, least)
    means = (psi.sum(0) - psi_) / (n - 1)
    B = _ridged(H, ridge * (m - 1) / m)
    P, U = torch.linalg.solve(B, torch.stack([phi_.T, means.T]))
    step = (phi_.T * U).sum(0) / (m - (phi_.T * P).sum(0))
    alpha = ((U + P * step) * ((m - 1) / m)).clamp(min=0)
    return ((phi_.T * alpha).sum(0).square() / 2 - (psi_.T * alpha).sum(0)).mean().item()


def _ridged(H: Tensor, ridge: float) -> Tensor:
    return H + ridge * torch.eye(len(H), dtype=H.dtype, device=H.device)
