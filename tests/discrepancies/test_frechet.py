"""The Fréchet distance as a loss: FID's value, gradients that differences give, and a witness that points downhill."""

import pytest
import torch
from torch.autograd import gradcheck
from torch.testing import assert_close

from pushforward.discrepancies import Frechet
from pushforward.errors import Refused
from pushforward.metrics import FrechetDistance


def pair(n=40, m=30, d=4):
    draw = torch.Generator().manual_seed(0)
    x = torch.randn(n, d, generator=draw, dtype=torch.float64) @ torch.randn(d, d, generator=draw, dtype=torch.float64)
    return x, 1.5 * torch.randn(m, d, generator=draw, dtype=torch.float64) + 0.3


@pytest.mark.parametrize(("n", "m", "d"), [(40, 30, 4), (6, 30, 12), (30, 6, 12), (6, 5, 12)])
def test_it_is_fid_whether_or_not_rows_outnumber_coordinates(n, m, d):
    x, y = pair(n, m, d)
    assert_close(Frechet()(x, y).item(), FrechetDistance()(x, y)[0].value, rtol=1e-9, atol=1e-9)


def test_between_gaussians_on_axes_it_is_closed():
    """(μ − ν)² + (σ − τ)² in every coordinate, where covariances commute."""
    corners = torch.tensor([[1.0, 1.0], [1.0, -1.0], [-1.0, 1.0], [-1.0, -1.0]], dtype=torch.float64) * 0.75**0.5
    x, y = corners * torch.tensor([1.0, 2.0]) + 1, corners * torch.tensor([3.0, 0.5])
    assert_close(Frechet()(x, y).item(), 2.0 + 4.0 + 2.25)


def test_constant_coordinates_and_equal_clouds_are_nothing_special():
    x, y = pair()
    wide = lambda z: torch.cat([z, torch.ones(len(z), 2, dtype=z.dtype)], 1)
    assert_close(Frechet()(wide(x), wide(y)), Frechet()(x, y))
    assert_close(Frechet()(x, x).item(), 0.0, rtol=0.0, atol=1e-12)
    still = wide(x).requires_grad_()
    Frechet()(wide(y), still).backward()
    assert still.grad.isfinite().all()


@pytest.mark.parametrize(("n", "m", "d"), [(12, 9, 3), (5, 9, 6)])
def test_gradients_in_data_and_samples_are_those_of_differences(n, m, d):
    x, y = (z.requires_grad_() for z in pair(n, m, d))
    assert gradcheck(Frechet(), (x, y))


def test_the_gradient_in_a_sample_is_the_slope_of_the_witness():
    """∂D/∂y_j = −(2/m)·∇w(y_j) + O(1/m²), exactly with n − 1 replaced by n."""
    x, y = pair()
    moving = y.clone().requires_grad_()
    Frechet()(x, moving).backward()
    points = y.clone().requires_grad_()
    Frechet().witness(points, x, y).sum().backward()
    m = len(y)
    shift = (x.mean(0) - y.mean(0)) / m  # the mean's part has no factor m/(m − 1)
    assert_close(moving.grad, -2 * ((points.grad / m - shift) * m / (m - 1) + shift), rtol=1e-8, atol=1e-10)


def test_descent_moves_the_moments_to_the_data():
    x, y = pair()
    y = y.requires_grad_()
    first = Frechet()(x, y).item()
    optimizer = torch.optim.SGD([y], lr=1.0)
    for _ in range(200):
        optimizer.zero_grad()
        Frechet()(x, y).backward()
        optimizer.step()
    assert Frechet()(x, y).item() < 1e-3 * first


def test_one_row_has_no_covariance():
    x, y = pair()
    with pytest.raises(Refused, match="at least 2 rows"):
        Frechet()(x, y[:1])
