"""Bits per dimension against entropies, scales of the same data, and the change of variables done by autograd."""

from math import e, log, log2, pi

import numpy as np
import pytest
import torch
from torch.distributions import Normal

from pushforward.errors import Refused
from pushforward.metrics import bits_per_dimension, logit_jacobian


def test_of_a_gaussian_under_itself_is_its_entropy(rng):
    x = 3 * torch.randn(4000, 5, generator=rng, dtype=torch.float64)
    found = bits_per_dimension(Normal(0.0, 3.0).log_prob(x).sum(1), 5)
    # −log p of a row is χ²₅/2 + constant, of variance 5/2.
    stderr = (5 / 2) ** 0.5 / (5 * log(2)) / 4000**0.5
    assert found.stderr == pytest.approx(stderr, rel=4 * (2 / 4000) ** 0.5 * 2)
    assert abs(found.value - log2(9 * 2 * pi * e) / 2) < 4 * stderr


def test_of_a_wrong_density_adds_the_divergence(rng):
    x = torch.randn(4000, 1, generator=rng, dtype=torch.float64)
    right, wrong = (bits_per_dimension(Normal(0.0, s).log_prob(x)[:, 0], 1) for s in (1.0, 2.0))
    # KL(N(0, 1) ‖ N(0, 4)) = log 2 + 1/8 − 1/2, the mean of rows of variance (3/8)²·2.
    assert abs(wrong.value - right.value - (log(2) - 3 / 8) / log(2)) < 4 * 3 / 8 * 2**0.5 / log(2) / 4000**0.5


def test_uniform_grey_values_take_eight_bits_on_every_scale():
    for extent in (1.0, 2.0, 256.0):
        nats = torch.full((10,), -12 * log(extent))
        assert bits_per_dimension(nats, 12, 256, extent=extent).value == pytest.approx(8.0, rel=1e-6)
    discrete = torch.full((10,), -784 * log(256.0), dtype=torch.float64)
    assert bits_per_dimension(discrete, 784).value == pytest.approx(8.0, rel=1e-12)


def test_interval_is_students():
    values = np.array([1.0, 2.0, 4.0])
    found = bits_per_dimension(-values * log(2), 1)
    # t quantile of two degrees of freedom: 4.302653.
    reach = 4.302652729911275 * values.std(ddof=1) / 3**0.5
    assert found.interval == pytest.approx((7 / 3 - reach, 7 / 3 + reach))


def test_logit_jacobian_is_autograds(rng):
    y = torch.rand(4, 3, generator=rng, dtype=torch.float64).requires_grad_()
    h = torch.logit(0.05 + 0.9 * y)
    (slope,) = torch.autograd.grad(h.sum(), y)
    torch.testing.assert_close(logit_jacobian(h.detach()), slope.log().sum(1))


def test_logistic_law_is_uniform_grey_and_takes_eight_bits(rng):
    # The standard logistic density, −h − 2·log(1 + e⁻ʰ), is that of the logit of a uniform value.
    h = 3 * torch.randn(50, 3, generator=rng, dtype=torch.float64)
    nats = (-h - 2 * torch.log1p(torch.exp(-h))).sum(1) + logit_jacobian(h, margin=0.0)
    assert bits_per_dimension(nats, 3, 256).value == pytest.approx(8.0)


@pytest.mark.parametrize(
    ("values", "options", "said"),
    [
        (torch.zeros(1), {"dimensions": 2}, "at least 2 points"),
        (torch.zeros(5, 2), {"dimensions": 2}, "one number a point"),
        (torch.tensor([0.0, -torch.inf, 0.0]), {"dimensions": 2}, "-inf in 1 of 3 rows, first in row 1"),
        (torch.zeros(5), {"dimensions": 0}, "dimensions ≥ 1"),
        (torch.zeros(5), {"dimensions": 1, "levels": 1}, "levels ≥ 2"),
        (torch.zeros(5), {"dimensions": 1, "levels": 256, "extent": 0.0}, "extent > 0"),
    ],
)
def test_refuses(values, options, said):
    with pytest.raises(Refused, match=said):
        bits_per_dimension(values, **options)


def test_refuses_a_margin_out_of_range():
    with pytest.raises(Refused, match="margin"):
        logit_jacobian(torch.zeros(1, 1), margin=0.5)
