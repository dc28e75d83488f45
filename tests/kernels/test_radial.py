"""The derivatives of κ against automatic ones, and against the derivative blocks of the kernel."""

import pytest
import torch
from torch.autograd import grad
from torch.autograd.functional import hessian, jacobian

from pushforward import kernels
from pushforward.kernels import Gaussian, Laplacian, Radial, RationalQuadratic

FOUND = [c for c in map(kernels.__dict__.get, kernels.__all__) if isinstance(c, type) and issubclass(c, Radial)]
MEMBERS = [c() for c in FOUND if c is not Radial]
MEMBERS += [type(k)(bandwidth=(0.5, 2.0)) for k in MEMBERS]
each = pytest.mark.parametrize("k", MEMBERS, ids=repr)


@each
def test_derivatives_of_kappa(k):
    s = torch.logspace(-3, 2, 40, dtype=torch.float64, requires_grad=True)
    (first,) = grad(k.kappa(s).sum(), s, create_graph=True)
    (second,) = grad(first.sum(), s)
    torch.testing.assert_close(k.dkappa(s), first, rtol=1e-10, atol=1e-14)
    torch.testing.assert_close(k.ddkappa(s), second, rtol=1e-10, atol=1e-14)


@each
def test_one_slice_a_scale(k):
    s = torch.rand(3, 4, dtype=torch.float64)
    for whole, parts in ((k.kappa, k.kappas), (k.dkappa, k.dkappas), (k.ddkappa, k.ddkappas)):
        torch.testing.assert_close(parts(s).sum(0), whole(s))


@each
def test_derivative_blocks_of_the_kernel(k, rng):
    a, b = torch.randn(2, 3, generator=rng, dtype=torch.float64)

    def value(a, b):
        return k(a.unsqueeze(0), b.unsqueeze(0)).squeeze()

    gap = a - b
    slope, curvature = k.dkappa(gap @ gap), k.ddkappa(gap @ gap)
    torch.testing.assert_close(jacobian(value, (a, b))[0], 2 * slope * gap)
    mixed = hessian(value, (a, b))[0][1]
    torch.testing.assert_close(mixed, -2 * slope * torch.eye(3, dtype=a.dtype) - 4 * curvature * torch.outer(gap, gap))


def test_slopes_at_zero():
    zero = torch.zeros((), dtype=torch.float64)
    assert (-2 * Gaussian(0.5).dkappa(zero)).item() == pytest.approx(1 / 0.5**2)
    for alpha in (0.2, 1.0, 5.0):  # -2κ'(0) = 1/ℓ² whatever α
        assert (-2 * RationalQuadratic(alpha, 0.5).dkappa(zero)).item() == pytest.approx(1 / 0.5**2)
    assert Laplacian(2.0).dkappa(zero).item() == -float("inf")
    assert Laplacian(2.0).ddkappa(zero).item() == float("inf")
