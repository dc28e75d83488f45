"""Laws that every kernel obeys: the classes are found by walking the room."""

from dataclasses import MISSING, fields

import pytest
import torch
from torch.autograd import grad, gradcheck, gradgradcheck

from pushforward import kernels
from pushforward.kernels import (
    Distance,
    Gaussian,
    InverseMultiquadric,
    Kernel,
    Laplacian,
    Linear,
    On,
    Polynomial,
    Radial,
    RationalQuadratic,
    Scaled,
    Sum,
    pairwise,
)

# A kernel whose options have no defaults must be given one example here, or the walk below fails.
EXAMPLES = {
    Sum: Sum(Gaussian((0.5, 2.0)), Linear()),
    Scaled: Scaled(3.0, RationalQuadratic()),
    On: On(Gaussian(1.0), torch.sin),
}
VARIANTS = (
    Gaussian((0.7, 1.0, 3.0)),
    Laplacian((0.5, 2.0)),
    InverseMultiquadric((0.5, 2.0)),
    RationalQuadratic((0.5, 2.0), (1.0, 3.0)),
    Distance(1.5),
    Distance(0.7, (1.0, -1.0, 0.5)),
    Polynomial(2, 0.5, 0.0),
    2.0 * (Gaussian(1.0).on(torch.tanh) + 0.5 * Linear()),
)


def classes():
    """The concrete kernels of the room."""
    found = [getattr(kernels, name) for name in kernels.__all__]
    return [c for c in found if isinstance(c, type) and issubclass(c, Kernel) and c not in (Kernel, Radial)]


def example(c):
    """The kernel as it comes, or the example above."""
    assert c in EXAMPLES or all(f.default is not MISSING for f in fields(c)), f"{c} needs an example"
    return EXAMPLES[c] if c in EXAMPLES else c()


ALL = [example(c) for c in classes()] + list(VARIANTS)

each = pytest.mark.parametrize("k", ALL, ids=lambda k: repr(k).partition("<")[0])
# Small problems take differences, large ones a matrix product: both paths, whatever the size.
paths = pytest.mark.parametrize("direct", [2**40, 0], ids=["differences", "product"])
SUM = 1e-12  # sums of a few hundred float64 numbers of order one


@pytest.fixture
def points(rng):
    return lambda n, d=3: torch.randn(n, d, generator=rng, dtype=torch.float64)


@each
@paths
def test_symmetric(k, direct, points, monkeypatch):
    monkeypatch.setattr(pairwise, "DIRECT", direct)
    x, y = points(9), points(7)
    torch.testing.assert_close(k(x, y), k(y, x).T, rtol=0, atol=SUM)


@each
def test_positive_semidefinite(k, points):
    x = points(40)
    values = torch.linalg.eigvalsh(k(x, x))
    assert values.min() >= -1e-12 * values.max()


@each
@paths
def test_diagonals(k, direct, points, monkeypatch):
    monkeypatch.setattr(pairwise, "DIRECT", direct)
    x, y = points(70), points(70)
    torch.testing.assert_close(k.diag(x), k(x, x).diagonal(), rtol=1e-12, atol=SUM)
    torch.testing.assert_close(k.paired(x, y), k(x, y).diagonal(), rtol=1e-11, atol=SUM)


@each
def test_components_add_up(k, points):
    x, y = points(9), points(7)
    torch.testing.assert_close(k.components(x, y).sum(0), k(x, y))


@each
def test_values_are_hashable_and_comparable(k):
    assert {k: 1}[k] == 1
    assert k == k
    assert type(k).__name__ in repr(k)


@each
@pytest.mark.parametrize("n", [5, 30])
@paths
def test_differentiable_twice(k, n, direct, points, monkeypatch):
    monkeypatch.setattr(pairwise, "DIRECT", direct)
    x, y = points(n).requires_grad_(), (points(n) + 0.5).requires_grad_()
    assert gradcheck(k, (x, y), fast_mode=True)
    assert gradgradcheck(k, (x, y), fast_mode=True)


@each
@paths
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_finite_derivatives_at_coincident_points(k, direct, dtype, points, monkeypatch):
    monkeypatch.setattr(pairwise, "DIRECT", direct)
    x = points(6).to(dtype)
    x[0], x[1] = 0.0, x[2]  # the base point of the distance kernel, and a duplicate
    x.requires_grad_()
    (first,) = grad(k(x, x).square().sum() + k(x, x.clone()).sum(), x, create_graph=True)
    (second,) = grad(first.square().sum(), x)
    assert first.isfinite().all()
    assert second.isfinite().all()


@each
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_keeps_the_type(k, dtype, points):
    x, y = points(5).to(dtype), points(4).to(dtype)
    assert k(x, y).dtype == k.diag(x).dtype == k.paired(x[:4], y).dtype == k.components(x, y).dtype == dtype


@each
def test_is_float32_at_least(k, points):
    x, y = points(5).bfloat16(), points(4).bfloat16()
    assert k(x, y).dtype == k.diag(x).dtype == k.paired(x[:4], y).dtype == torch.float32
    if "On(" not in repr(k):  # a frozen map computes as narrow as it is asked to
        assert torch.equal(k(x, y), k(x.float(), y.float()))


@each
@paths
def test_autocast_changes_nothing(k, direct, points, monkeypatch):
    monkeypatch.setattr(pairwise, "DIRECT", direct)
    x, y = points(9).float(), points(7).float()
    with torch.autocast("cpu", dtype=torch.bfloat16):
        inside = k(x, y), k.components(x, y), k.diag(x), k.paired(x[:7], y)
    outside = k(x, y), k.components(x, y), k.diag(x), k.paired(x[:7], y)
    assert all(torch.equal(a, b) for a, b in zip(inside, outside, strict=True))


@each
def test_fitted_is_itself_without_a_choice(k, points):
    assert k.fitted(points(5)) == k
