"""Density ratios: the solve, leave-one-out against refitting, and convergence to the ratio of two Gaussians."""

from math import exp, sqrt

import numpy as np
import pytest
import torch
from torch.autograd import gradcheck, gradgradcheck

from pushforward.discrepancies import ULSIF, Gram, density_ratio, pearson
from pushforward.discrepancies.ulsif import _leave_one_out
from pushforward.errors import Refused
from pushforward.kernels import Gaussian, Median

MEAN, SCALE, DIM = 0.5, 0.8, 2


def gaussians(n, seed):
    """x ~ N((½, 0), 0.8²·I), y ~ N(0, I) and p/q at y; p/q is bounded."""
    rng = torch.Generator().manual_seed(seed)
    mean = torch.tensor([MEAN, 0.0]).double()
    x, y = SCALE * torch.randn(n, DIM, generator=rng).double() + mean, torch.randn(n, DIM, generator=rng).double()
    log = -(y - mean).square().sum(1) / (2 * SCALE**2) + y.square().sum(1) / 2
    return x, y, log.exp() / SCALE**DIM


# ∫ p²/q − 1 by completing the square.
PEARSON = exp(MEAN**2 / (2 - SCALE**2)) / (SCALE * sqrt(2 - SCALE**2)) ** DIM - 1


def matching(x, y):
    return density_ratio(Gram(Gaussian(Median((2.0,))).fitted(x), x, y))


def least_squares(x, y):
    return ULSIF()(x, y)(y)


def test_the_closed_form_of_the_divergence():
    _, _, r = gaussians(400_000, 0)
    values = (r - 1) ** 2
    assert abs(values.mean() - PEARSON) < 3 * values.std() / 400_000**0.5
    assert pearson(r) == values.mean()


@pytest.mark.parametrize("ratio", [matching, least_squares])
def test_ratio_and_divergence_approach_the_closed_form(ratio):
    # Eight seeds; the distance of the ratio falls by more than its standard error each time n grows fourfold, and the
    # divergence differs from the closed form by no more than that distance allows: |‖r̂−1‖ − ‖r−1‖| ≤ ‖r̂−r‖.
    errors, stderrs, divergences = [], [], []
    for n in (50, 200, 800):
        runs = []
        for seed in range(8):
            x, y, r = gaussians(n, seed)
            estimate = ratio(x, y)
            runs.append((torch.dist(estimate, r).item() / n**0.5, pearson(estimate).item() ** 0.5, pearson(r).item()))
        error, root, plain = np.array(runs).T
        errors.append(error.mean())
        stderrs.append(error.std(ddof=1) / 8**0.5)
        divergences.append((abs(root.mean() - PEARSON**0.5), np.sqrt(plain).std(ddof=1) / 8**0.5))
    for i in (0, 1):
        assert errors[i] - errors[i + 1] > np.hypot(stderrs[i], stderrs[i + 1])
    for error, (gap, stderr) in zip(errors, divergences, strict=True):
        assert gap < error + 3 * stderr
    assert errors[-1] < 0.25  # against ‖r − 1‖ = 0.62, what the ratio that is always one would get


def test_kernel_mean_matching_is_the_averaged_solve(rng):
    x, y = torch.randn(9, 2, generator=rng).double(), torch.randn(7, 2, generator=rng).double()
    expected = []
    for sigma in (0.5, 2.0):
        k = Gaussian(sigma)
        inverse = np.linalg.inv(k(y, y).numpy() + 0.01 * np.eye(7))
        expected.append(7 / 9 * inverse @ k(y, x).numpy() @ np.ones(9))
    found = density_ratio(Gram(Gaussian((0.5, 2.0)), x, y), ridge=0.01)
    np.testing.assert_allclose(found, np.mean(expected, axis=0), rtol=1e-10)


def test_gradients_flow_through_the_solve(rng):
    x, y = torch.randn(6, 2, generator=rng).double(), torch.randn(5, 2, generator=rng).double()

    def divergence(x, y):
        return pearson(density_ratio(Gram(Gaussian((0.5, 2.0)), x, y)))

    points = (x.requires_grad_(), y.requires_grad_())
    assert gradcheck(divergence, points)
    assert gradgradcheck(divergence, points)


def test_autocast_changes_nothing(rng):
    x, y = torch.randn(9, 2, generator=rng), torch.randn(7, 2, generator=rng)
    expected = density_ratio(Gram(Gaussian(1.0), x, y))
    with torch.autocast("cpu", dtype=torch.bfloat16):
        assert torch.equal(density_ratio(Gram(Gaussian(1.0), x, y)), expected)
    assert density_ratio(Gram(Gaussian(1.0), x.bfloat16(), y.bfloat16())).dtype == torch.float32


@pytest.mark.parametrize(("n", "m"), [(8, 8), (8, 6), (6, 9)])
def test_leave_one_out_is_refitting(n, m, rng):
    psi, phi = torch.rand(n, 4, generator=rng).double(), torch.rand(m, 4, generator=rng).double()
    least, ridge, losses = min(n, m), 0.1, []
    rows = [np.linspace(0, size - 1, least).astype(int) for size in (n, m)]
    for i, j in zip(*rows, strict=True):
        a, b = np.delete(psi.numpy(), i, axis=0), np.delete(phi.numpy(), j, axis=0)
        H = b.T @ b / (m - 1) + ridge * np.eye(4)
        alpha = np.maximum(np.linalg.solve(H, a.mean(0)), 0)
        losses.append((phi[j].numpy() @ alpha) ** 2 / 2 - psi[i].numpy() @ alpha)
    assert _leave_one_out(psi, phi, phi.T @ phi / m, ridge) == pytest.approx(np.mean(losses), rel=1e-10)


def test_the_lowest_leave_one_out_loss_is_taken(rng):
    x, y = torch.randn(60, 1, generator=rng), torch.randn(80, 1, generator=rng) + 0.3
    offers = [ULSIF(sigma, (ridge,))(x, y) for sigma in (0.1, 1.0) for ridge in (0.01, 1.0)]
    best, chosen = min(offers, key=lambda r: r.score), ULSIF((0.1, 1.0), (0.01, 1.0))(x, y)
    assert (chosen.bandwidth, chosen.ridge, chosen.score) == (best.bandwidth, best.ridge, best.score)
    assert (chosen(y) >= 0).all()
    assert torch.equal(chosen(y), best(y))


@pytest.mark.parametrize(
    ("act", "words"),
    [
        (lambda x: density_ratio(Gram(Gaussian(), x, x), ridge=0.0), "ridge of density_ratio must be above 0"),
        (lambda x: ULSIF()(x[:1], x), "2 rows of each, got 1 and 3"),
        (lambda x: ULSIF(ridge=(0.0,)), "ridge of ULSIF must"),
        (lambda x: ULSIF(bandwidth=-1.0), "bandwidth of Gaussian must"),
        (lambda x: ULSIF(centers=0), "centers of ULSIF must"),
    ],
)
def test_what_cannot_be_fitted_is_refused(act, words):
    with pytest.raises(Refused, match=words):
        act(torch.arange(3.0).view(3, 1))
