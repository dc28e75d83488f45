"""Gradient-constrained MMD in feature space against the whole system in input space, by nested autodifferentiation."""

from math import exp

import pytest
import torch
from torch import nn
from torch.func import grad, jacrev, vmap

from pushforward.critics import Adversarial, GradientConstrained, Scaling, View
from pushforward.critics.feature_system import functionals
from pushforward.discrepancies import MMD, Biased
from pushforward.kernels import Gaussian, Linear, RationalQuadratic
from pushforward.spaces import Batch

# name → our kernel, and the same written out for two single points
KERNELS = {
    "gaussian": (Gaussian(1.3), lambda p, q: torch.exp(-((p - q) ** 2).sum() / (2 * 1.3**2))),
    "mixture": (
        Gaussian((0.7, 2.0)),
        lambda p, q: sum(torch.exp(-((p - q) ** 2).sum() / (2 * b**2)) for b in (0.7, 2.0)),
    ),
    "rq*": (
        RationalQuadratic((0.5, 2.0)) + 0.3 * Linear(),
        lambda p, q: sum((1 + ((p - q) ** 2).sum() / (2 * a)) ** -a for a in (0.5, 2.0)) + 0.3 * p @ q,
    ),
}


class Bottleneck(nn.Sequential):
    """Through one unit: every Jacobian has rank 1."""

    def __init__(self, inputs: int, outputs: int):
        super().__init__(nn.Linear(inputs, 1), nn.Tanh(), nn.Linear(1, outputs))


def plain(inputs: int, outputs: int) -> nn.Module:
    return nn.Sequential(nn.Linear(inputs, 7), nn.Tanh(), nn.Linear(7, outputs))


# n, dim, outputs, critic; the second has more outputs than inputs, the last two have singular Jacobians
SHAPES = [(6, 5, 1, plain), (5, 2, 4, plain), (5, 6, 3, plain), (6, 5, 3, Bottleneck), (4, 3, 2, Bottleneck)]


@pytest.fixture(autouse=True)
def _doubles():
    torch.set_default_dtype(torch.float64)
    yield
    torch.set_default_dtype(torch.float32)


def whole(k, f, x, y, ridge):
    """(MMD² − vᵀ(A + nλI)⁻¹v)/λ with A of n(1 + dim) rows, of the kernel k∘f as one function of two inputs."""

    def of(p, q):
        return k(f(p.unsqueeze(0))[0], f(q.unsqueeze(0))[0])

    def pairs(function, a, b):
        return vmap(vmap(function, (None, 0)), (0, None))(a, b)

    n, d = x.shape
    K, G = pairs(of, x, x), pairs(grad(of, 0), x, x)  # G[m, m', i]
    H = pairs(jacrev(grad(of, 0), 1), x, x)  # H[m, m', i, j]
    top = torch.cat([K, pairs(grad(of, 1), x, x).reshape(n, n * d)], 1)
    bottom = torch.cat([G.permute(0, 2, 1).reshape(n * d, n), H.permute(0, 2, 1, 3).reshape(n * d, n * d)], 1)
    A = torch.cat([top, bottom])
    value = K.mean(1) - pairs(of, x, y).mean(1)
    slope = G.mean(1) - pairs(grad(of, 0), x, y).mean(1)
    v = torch.cat([value, slope.reshape(-1)])
    mmd = K.mean() + pairs(of, y, y).mean() - 2 * pairs(of, x, y).mean()
    return (mmd - v @ torch.linalg.solve(A + n * ridge * torch.eye(len(A)), v)) / ridge


def close(a, b, scale=1.0):
    torch.testing.assert_close(a, b, rtol=1e-10, atol=1e-10 * float(scale))


@pytest.mark.parametrize("ridge", [1.0, 1e-2])
@pytest.mark.parametrize("name", KERNELS)
@pytest.mark.parametrize(("n", "dim", "outputs", "critic"), SHAPES)
def test_reduced_against_whole(n, dim, outputs, critic, name, ridge):
    """Values, gradients of the critic's parameters, and gradients of the samples."""
    kernel, k = KERNELS[name]
    f = critic(dim, outputs)
    x, y = torch.randn(n, dim), (torch.randn(n + 1, dim) + 0.5).requires_grad_()
    ours = Adversarial(MMD(kernel, Biased()), f, GradientConstrained(ridge))
    expected = whole(k, f, x, y, ridge)
    value, loss = ours.objective(Batch(x), Batch(y.detach())), ours.loss(Batch(x), Batch(y))
    close(value, expected)
    close(loss, expected)
    close(ours(x, y), expected)
    wanted = torch.autograd.grad(expected, [*f.parameters(), y])
    got = torch.autograd.grad(value, list(f.parameters()), allow_unused=True)
    scale = max(w.abs().max().item() for w in wanted)
    for p, a, b in zip(f.parameters(), got, wanted, strict=False):  # a last bias moves no radial kernel
        close(torch.zeros_like(p) if a is None else a, b, scale)
    close(torch.autograd.grad(loss, y)[0], wanted[-1], scale)


@pytest.mark.parametrize("ridge", [1.0, 1e-2, 1e-4])
@pytest.mark.parametrize("name", KERNELS)
def test_scaled_is_a_lower_bound(name, ridge):
    """SMMD² ≤ GC-MMD² with the same µ = P and λ, both from all pairs: ‖w‖² + ‖∇w‖² ≤ (E k + E ∂∂′k)·‖w‖_H²."""
    kernel, _ = KERNELS[name]
    for critic in (plain, Bottleneck):
        f, x, y = critic(5, 3), torch.randn(8, 5), torch.randn(8, 5) + 0.5
        D = MMD(kernel, Biased())
        scaled = Adversarial(D, f, Scaling(ridge, height=1.0, slope=1.0))(x, y)
        constrained = Adversarial(D, f, GradientConstrained(ridge))(x, y)
        assert 0 < scaled.item() <= constrained.item() * (1 + 1e-12)


def test_a_large_ridge_gives_back_mmd():
    """λ·GC-MMD² → MMD²: the correction is of order 1/λ."""
    f, x, y = plain(5, 3), torch.randn(8, 5), torch.randn(8, 5) + 0.5
    D = MMD(Gaussian(1.0), Biased())
    got = 1e8 * Adversarial(D, f, GradientConstrained(1e8))(x, y)
    torch.testing.assert_close(got, D(f(x), f(y)), rtol=1e-7, atol=0)


@pytest.mark.parametrize("psi", [0.3, 1.0, 2.5])
@pytest.mark.parametrize("theta", [0.1, 1.0])
@pytest.mark.parametrize("ridge", [0.1, 1.0])
def test_the_dirac_toy(psi, theta, ridge):
    """P = δ_0, Q = δ_θ, f(x) = ψx, Gaussian σ = 1: closed forms of both distances, with e = exp(−ψ²θ²/2)."""
    f = nn.Linear(1, 1, bias=False)
    nn.init.constant_(f.weight, psi)
    x, y, D = torch.zeros(1, 1), torch.full((1, 1), theta), MMD(Gaussian(1.0), Biased())
    e = exp(-((psi * theta) ** 2) / 2)
    scaled = 2 * (1 - e) / (ridge + 1 + psi**2)
    value, slope = (1 - e) ** 2 / (1 + ridge), (psi**2 * theta * e) ** 2 / (psi**2 + ridge)
    constrained = (2 * (1 - e) - value - slope) / ridge
    assert Adversarial(D, f, Scaling(ridge, 1.0, 1.0))(x, y).item() == pytest.approx(scaled, rel=1e-12)
    assert Adversarial(D, f, GradientConstrained(ridge))(x, y).item() == pytest.approx(constrained, rel=1e-12)


def test_the_witness_behind_it():
    """w = (η − Φβ)/λ, n·ρ are its values and feature slopes at the data, and E_P w − E_Q w the value."""
    f, x, y = plain(5, 2), torch.randn(7, 5), torch.randn(7, 5) + 0.5
    constraint, ridge = GradientConstrained(0.3), 0.3
    D = MMD(Gaussian(1.0), Biased())
    v = View(D, f, Batch(x), Batch(y), slopes=True)
    value = constraint.scale(v, v.value)
    parts = [(1.0, Gaussian(1.0))]
    a, b = v.fx.detach(), v.fy.detach()
    eta = functionals(parts, a, a) - functionals(parts, a, b)
    beta, rho = constraint._solve(v, parts, a, eta)
    J = torch.stack([torch.autograd.grad(v.own_fx[:, j].sum(), v.x.x, retain_graph=True)[0] for j in range(2)], 1)
    values, slopes = 7 * rho[:, 0], torch.einsum("mjd,mj->md", J, 7 * rho[:, 1:])

    def w(h):
        k = Gaussian(1.0)
        at = k(h, a)
        slope = -at.unsqueeze(2) * (a - h.unsqueeze(1))  # ∂k/∂a
        return (D.witness(h, a, b) - at @ beta[:, 0] - (slope * beta[:, 1:]).sum((1, 2))) / ridge

    points = x.clone().requires_grad_()
    (of_inputs,) = torch.autograd.grad(w(f(points)).sum(), points)
    torch.testing.assert_close(w(a), values, rtol=1e-10, atol=1e-12)
    torch.testing.assert_close(slopes, of_inputs, rtol=1e-9, atol=1e-12)
    torch.testing.assert_close(w(a).mean() - w(b).mean(), value.detach(), rtol=1e-10, atol=0)
