"""The gradient-constrained MMD, computed exactly by a system in feature space."""

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from pushforward import ranks
from pushforward.critics.base import Constraint, View
from pushforward.critics.diagonal import kernel, terms
from pushforward.critics.feature_system import Terms, functionals, matrix, quadratic
from pushforward.critics.slopes import along, refuse_batch_norm, rows
from pushforward.discrepancies import MMD, Biased, Discrepancy
from pushforward.errors import Refused
from pushforward.kernels.pairwise import full_precision


@dataclass(frozen=True)
class GradientConstrained(Constraint):
    """D becomes sup (E_P w − E_Q w)² over ‖w‖² + ‖∇w‖² in L²(P), plus ridge·‖w‖² in k's space, at most 1.

    The best w is known in closed form, so its slope is bounded where data are. It replaces the value, MMD²:

        D = (MMD²_b − vᵀβ)/λ,  (S·A + nλ·I)β = S·v,  S = blockdiag(1, J_m J_mᵀ),  J_m = ∇f(x_m)

    with A and v the values and derivatives of kernel and witness at the features of the n data: n(1 + d) unknowns for d
    outputs, whatever the size of a point. Exact, also where J_m loses rank. The gradient is the envelope's, with β
    constant: one pass of second order for the critic, none for the sampler. Solved in float64.

    Args:
        ridge: λ, positive; as it grows, λ·D tends to MMD².
    Source: Arbel et al. (2018), proposition 2, for the estimator.
    Differs: solved in feature space, where the authors approximate a system of n(1 + dim) unknowns.
    """

    ridge: float = 1.0
    slopes = True

    def __post_init__(self) -> None:
        if not self.ridge > 0:
            raise Refused(f"ridge of GradientConstrained must be positive, got {self.ridge}.")

    def suits(self, D: Discrepancy) -> None:
        if not isinstance(D, MMD) or not isinstance(D.estimator, Biased):
            raise Refused(f"GradientConstrained replaces a squared norm and needs MMD(kernel, Biased()), got {D}.")
        list(terms(D.kernel, "GradientConstrained"))

    def attach(self, f: nn.Module) -> None:
        refuse_batch_norm(f, "GradientConstrained")

    def scale(self, v: View, value: Tensor) -> Tensor:
        k = kernel(v.D, "GradientConstrained")
        parts = list(terms(k, "GradientConstrained"))
        a, b = v.fx.double(), v.fy.double()
        a = a if v.learns else a.detach()
        with full_precision(a):
            eta = functionals(parts, a, a) - functionals(parts, a, b)
            beta, rho = self._solve(v, parts, a, eta)
            penalty = _with_gradient_of((beta * eta).sum().detach(), self._envelope(v, parts, a, eta, beta, rho))
            return ((MMD(k, Biased())(a, b) - penalty) / self.ridge).to(value.dtype)

    @torch.no_grad()
    def _solve(self, v: View, parts: Terms, a: Tensor, eta: Tensor) -> tuple[Tensor, Tensor]:
        """β = Lw, (LᵀAL + c)w = Lᵀη, S = LLᵀ: the same β as above by half the work; and ρ = (η − Aβ)/c, β = Sρ."""
        m, e = eta.shape
        c = m * self.ridge
        L = _root(v, a)
        A = matrix(parts, a)
        half = torch.einsum("aibj,bjk->aibk", A, L).reshape(m, e, m * e)
        inner = (L.mT @ half).reshape(m * e, m * e)
        inner.diagonal().add_(c)
        factor = torch.linalg.cholesky(inner)
        w = torch.cholesky_solve((L.mT @ eta.unsqueeze(2)).view(m * e, 1), factor)
        beta = (L @ w.view(m, e, 1)).squeeze(2)
        return beta, (eta - (A.view(m * e, m * e) @ beta.view(-1)).view(m, e)) / c

    def _envelope(self, v: View, parts: Terms, a: Tensor, eta: Tensor, beta: Tensor, rho: Tensor) -> Tensor:
        """2βᵀη − βᵀAβ + c·Σ_m ‖J_mᵀρ_m‖², whose gradient at constant β and ρ is that of ηᵀβ."""
        linear = 2 * (beta * eta).sum()
        if not v.learns:
            return linear
        local_rho = ranks.share(rho)[:, 1:].to(v.own_fx.dtype)
        lengths = ranks.gather(along(v, local_rho, again=True).double().square().sum(1))
        return linear - quadratic(parts, a, beta) + len(a) * self.ridge * lengths.sum()


def _root(v: View, a: Tensor) -> Tensor:
    """L_m with L_m L_mᵀ = S_m, of all processes; by eigenvalues, so that S_m may be singular."""
    J = torch.stack([row.double() for row in rows(v, again=False)], 1)
    eigenvalues, axes = torch.linalg.eigh(ranks.gather(J @ J.mT))
    L = a.new_zeros(len(a), 1 + a.shape[1], 1 + a.shape[1])
    L[:, 0, 0] = 1.0
    L[:, 1:, 1:] = axes * eigenvalues.clamp(min=0).sqrt().unsqueeze(1)
    return L


def _with_gradient_of(value: Tensor, gradient: Tensor) -> Tensor:
    """Return a number with one expression's value and another's gradient."""
    return value + (gradient - gradient.detach())
