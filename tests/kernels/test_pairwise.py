"""Distances: accuracy where the expansion has none, derivatives, precision, refusals."""

import numpy as np
import pytest
import torch
from scipy.spatial.distance import cdist
from torch.autograd import grad, gradcheck, gradgradcheck

from pushforward.errors import Refused
from pushforward.kernels import pairwise
from pushforward.kernels.expanded import NEAR
from pushforward.kernels.pairwise import distance, inner, root, squared_distance

paths = pytest.mark.parametrize("direct", [2**40, 0], ids=["differences", "product"])


@paths
def test_values(direct, rng, monkeypatch):
    monkeypatch.setattr(pairwise, "DIRECT", direct)
    x, y = torch.randn(9, 4, generator=rng, dtype=torch.float64), torch.randn(7, 4, generator=rng, dtype=torch.float64)
    np.testing.assert_allclose(squared_distance(x, y), cdist(x, y, "sqeuclidean"), rtol=1e-12)
    np.testing.assert_allclose(distance(x, y), cdist(x, y), rtol=1e-12)
    np.testing.assert_allclose(inner(x, y), x.numpy() @ y.numpy().T, rtol=1e-12, atol=1e-14)


def test_diagonal_is_zero_in_float32_and_2048_dimensions(rng):
    x = torch.randn(300, 2048, generator=rng)
    assert torch.equal(squared_distance(x, x).diagonal(), torch.zeros(300))
    assert torch.equal(distance(x, x.clone()).diagonal(), torch.zeros(300))


@pytest.mark.parametrize("shift", [0.0, 1000.0])
def test_relative_accuracy_in_float32(shift, rng):
    # An entry is kept from the expansion only above NEAR·eps of the norms, where an error of a few eps of them is a few
    # NEAR⁻¹ of the entry; a mean of 1000 costs the inputs themselves 6e-5 a coordinate, hence no more neighbours then.
    x = torch.randn(200, 512, generator=rng) + shift
    radius = torch.logspace(-5 if shift == 0 else -1, 0, 200).unsqueeze(1)
    y = x + radius * torch.randn(200, 512, generator=rng)
    exact = cdist(x.double(), y.double(), "sqeuclidean")
    np.testing.assert_allclose(squared_distance(x, y), exact, rtol=8 / NEAR)


def test_duplicates_are_at_distance_zero(rng):
    x = torch.randn(60, 700, generator=rng)
    y = torch.cat([x[:30], x[:30], torch.randn(10, 700, generator=rng)])
    s = squared_distance(x, y)
    assert torch.equal(s == 0, torch.cat([torch.eye(60, 30), torch.eye(60, 30), torch.zeros(60, 10)], 1) > 0)


def test_tight_clusters_are_resolved(rng):
    # Two clusters of radius 1e-3 at distance 10: every within-cluster entry is below what float32 resolves.
    centers = torch.randn(2, 300, generator=rng) * 10 / 300**0.5
    x = centers.repeat(100, 1) + 1e-3 / 300**0.5 * torch.randn(200, 300, generator=rng)
    np.testing.assert_allclose(squared_distance(x, x), cdist(x.double(), x.double(), "sqeuclidean"), rtol=1e-3)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_collapsed_samples_are_at_distance_zero(dtype):
    x = torch.full((400, 100), 0.3, dtype=dtype, requires_grad=True)
    s = squared_distance(x, x)
    assert torch.equal(s, torch.zeros_like(s))
    assert torch.equal(grad(s.sum(), x)[0], torch.zeros_like(x))


@paths
@pytest.mark.parametrize("f", [squared_distance, distance])
def test_gradient_at_coincident_points_is_zero(f, direct, monkeypatch, rng):
    monkeypatch.setattr(pairwise, "DIRECT", direct)
    x = torch.randn(1, 5, generator=rng).repeat(2, 1).requires_grad_()
    (first,) = grad(f(x, x.detach()).sum(), x, create_graph=True)
    assert torch.equal(first, torch.zeros_like(x))
    (second,) = grad(first.sum(), x, allow_unused=True)
    assert second is None or second.isfinite().all()


@paths
@pytest.mark.parametrize("n", [5, 30])
def test_differentiable_twice_with_duplicates(n, direct, monkeypatch, rng):
    monkeypatch.setattr(pairwise, "DIRECT", direct)
    x = torch.randn(n, 3, generator=rng, dtype=torch.float64)
    y = torch.cat([x[:2], torch.randn(n - 2, 3, generator=rng, dtype=torch.float64)])
    x.requires_grad_(), y.requires_grad_()
    assert gradcheck(squared_distance, (x, y), fast_mode=True)
    assert gradgradcheck(squared_distance, (x, y), fast_mode=True)
    assert gradcheck(lambda x: squared_distance(x, x), (x,), fast_mode=True)
    assert gradgradcheck(lambda x: squared_distance(x, x), (x,), fast_mode=True)


def test_paths_agree_in_value_and_gradient(rng, monkeypatch):
    x = torch.randn(40, 6, generator=rng, dtype=torch.float64)
    y = torch.cat([x[:5], x[5:10] + 1e-8, torch.randn(20, 6, generator=rng, dtype=torch.float64)])
    results = []
    for direct in (2**40, 0):
        monkeypatch.setattr(pairwise, "DIRECT", direct)
        a, b = x.clone().requires_grad_(), y.clone().requires_grad_()
        r = distance(a, b)
        results.append((r, *grad(r.square().sum() + r.sum(), (a, b))))
    for small, large in zip(*results, strict=True):
        torch.testing.assert_close(small, large, rtol=1e-9, atol=1e-11)


def test_root_is_guarded():
    for dtype in (torch.float32, torch.float64):
        s = torch.tensor([0.0, -1.0, torch.finfo(dtype).tiny, 1e-20, 4.0], dtype=dtype, requires_grad=True)
        (first,) = grad(root(s).sum(), s, create_graph=True)
        (second,) = grad(first.sum(), s)
        assert root(s)[-1] == 2
        assert torch.equal(root(s)[:3], torch.zeros(3, dtype=dtype))
        assert first.isfinite().all()
        assert second.isfinite().all()
        assert torch.equal(first[:3], torch.zeros(3, dtype=dtype))


@paths
def test_narrow_types_and_low_precision_products_are_widened(direct, monkeypatch, rng):
    monkeypatch.setattr(pairwise, "DIRECT", direct)
    x, y = torch.randn(20, 64, generator=rng), torch.randn(30, 64, generator=rng)
    expected = squared_distance(x, y)
    before = torch.get_float32_matmul_precision()
    try:
        torch.set_float32_matmul_precision("medium")
        assert torch.equal(squared_distance(x, y), expected)
        assert torch.get_float32_matmul_precision() == "medium"
    finally:
        torch.set_float32_matmul_precision(before)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        assert torch.equal(squared_distance(x, y), expected)
    narrow = squared_distance(x.bfloat16(), y.half())
    assert narrow.dtype == torch.float32
    torch.testing.assert_close(narrow, squared_distance(x.bfloat16().float(), y.half().float()))
    assert squared_distance(x, y.double()).dtype == torch.float64


@pytest.mark.parametrize("shapes", [((3, 2), (3, 1)), ((3,), (3,)), ((3, 1, 2, 2), (3, 1, 2, 2))])
def test_what_is_no_pair_of_matrices_is_refused(shapes):
    with pytest.raises(Refused, match="equally many columns"):
        pairwise.matched(*map(torch.zeros, shapes))
