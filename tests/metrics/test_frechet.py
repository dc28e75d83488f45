"""Fréchet distance: closed forms, SciPy's matrix square root, its spread against simulation, few rows."""

import numpy as np
import pytest
import torch
from scipy.linalg import sqrtm

from pushforward.metrics import FrechetDistance, FrechetInfinity, Moments, frechet
from pushforward.metrics.numerics import transport
from pushforward.metrics.scores import frechet_influence as influence
from pushforward.metrics.scores.frechet import frechet_of_rows


def draw(rng, n, d, scale=1.0, shift=0.0):
    return torch.randn(n, d, generator=rng, dtype=torch.float64) * scale + shift


def by_square_root(x, y):
    """The definition, with SciPy's matrix square root."""
    s, t = np.cov(x.numpy().T), np.cov(y.numpy().T)
    shift = (x.mean(0) - y.mean(0)).numpy()
    return shift @ shift + np.trace(s + t - 2 * sqrtm(s @ t).real)


def test_equals_the_matrix_square_root(rng):
    x, y = draw(rng, 90, 12, 1.3), draw(rng, 70, 12, torch.linspace(0.2, 2, 12), 0.3)
    assert FrechetDistance()(x, y)[0].value == pytest.approx(by_square_root(x, y), rel=1e-10)
    assert frechet(Moments.of(x), Moments.of(y)) == pytest.approx(by_square_root(x, y), rel=1e-10)


def test_commuting_covariances_have_a_closed_form():
    # Rows ±s_i e_i·√((2d − 1)/2) have mean 0 and covariance diag(s²): the distance is Σ (s_i − t_i)².
    s, t = torch.tensor([1.0, 2.0, 0.5]).double(), torch.tensor([2.0, 2.0, 3.0]).double()
    rows = lambda v: torch.cat([v.diag(), -v.diag()]) * (5 / 2) ** 0.5
    assert FrechetDistance()(rows(s), rows(t))[0].value == pytest.approx(float((s - t).square().sum()), rel=1e-12)


@pytest.mark.parametrize(("n", "m"), [(15, 18), (15, 100), (100, 15), (39, 41)])
def test_few_rows_give_what_the_covariances_give(rng, n, m):
    x, y = draw(rng, n, 40), draw(rng, m, 40, 1.4, 0.1)
    # Roots of eigenvalues that are zero up to rounding: d·√(d·1e-14).
    assert FrechetDistance()(x, y)[0].value == pytest.approx(frechet(Moments.of(x), Moments.of(y)), rel=1e-5)
    assert FrechetDistance()(y, x)[0].value == pytest.approx(FrechetDistance()(x, y)[0].value, rel=1e-7)
    assert "fewer rows than coordinates" in FrechetDistance()(x, y)[0].note


def test_wide_and_tall_ways_agree_on_value_and_spread(rng):
    x, y = draw(rng, 30, 20), draw(rng, 35, 20, 1.4, 0.1)
    # A twenty-first constant-free way: the same rows with zeros appended are fewer than their coordinates.
    pad = lambda z: torch.cat([z, z.new_zeros(len(z), 50)], 1)
    wide, tall = frechet_of_rows(pad(x), pad(y)), frechet_of_rows(x, y)
    assert wide[0] == pytest.approx(tall[0], rel=1e-9)
    assert wide[1] == pytest.approx(tall[1], rel=1e-4)  # the tall way takes its quadratic forms in float32


def test_constant_coordinates_and_copies_are_finite(rng):
    x = torch.cat([draw(rng, 50, 3), torch.ones(50, 2).double()], 1)
    score = FrechetDistance()(x, x + 1)[0]
    assert score.value == pytest.approx(5.0, rel=1e-9)
    assert np.isfinite(score.spread)
    constant = FrechetDistance()(torch.zeros(9, 3), torch.zeros(9, 3))[0]
    assert (constant.value, constant.spread) == (0.0, 0.0)


def test_large_offsets_do_not_cancel(rng):
    x, y = draw(rng, 80, 5), draw(rng, 80, 5, 1.5)
    assert FrechetDistance()(x + 1e6, y + 1e6)[0].value == pytest.approx(FrechetDistance()(x, y)[0].value, rel=1e-6)


@pytest.mark.parametrize(("n", "m", "d"), [(150, 200, 4), (40, 60, 50)])
def test_spread_is_the_deviation_over_draws(rng, n, m, d):
    scores = [FrechetDistance()(draw(rng, n, d), draw(rng, m, d, 1.5, 0.4))[0] for _ in range(200)]
    deviation = np.std([s.value for s in scores], ddof=1)
    # The deviation of 200 values has relative error 0.05; the first order is granted 0.15.
    assert np.mean([s.spread for s in scores]) == pytest.approx(deviation, rel=0.3)


def test_extrapolation_removes_the_bias_of_equal_laws(rng):
    pairs = [(draw(rng, 120, 8), draw(rng, 120, 8)) for _ in range(40)]
    plain = np.array([FrechetDistance()(x, y)[0].value for x, y in pairs])
    limit = np.array([FrechetInfinity()(x, y)[0].value for x, y in pairs])
    assert plain.mean() > 0.2
    # What is left is of second order, (d/n)² a coordinate, and chance.
    assert abs(limit.mean()) < 8 * (8 / 120) ** 2 + 4 * limit.std() / 40**0.5


def test_says_that_sizes_differ(rng):
    assert "sizes differ (30 and 40)" in FrechetDistance()(draw(rng, 30, 2), draw(rng, 40, 2))[0].note
    score = FrechetDistance()(draw(rng, 30, 2), draw(rng, 30, 2))[0]
    assert "differ" not in score.note
    assert (score.stderr, score.interval) == (None, None)


@pytest.mark.parametrize(("n", "m"), [(90, 70), (15, 70)])
def test_the_value_alone_is_the_value(rng, n, m):
    x, y = draw(rng, n, 20), draw(rng, m, 20, 1.4, 0.1)
    score, alone = FrechetDistance()(x, y)[0], FrechetDistance().plain(x, y)[0]
    assert alone.value == pytest.approx(score.value, rel=1e-12)
    assert (alone.name, alone.spread, score.spread > 0) == ("fid", None, True)


@pytest.mark.parametrize("scale", [1e-30, 1e-3, 1e3, 1e30])
def test_value_and_spread_are_in_the_units_of_the_rows(rng, scale):
    x, y = draw(rng, 90, 6), draw(rng, 80, 6, 1.3, 0.2)
    one, scaled = FrechetDistance()(x, y)[0], FrechetDistance()(x * scale, y * scale)[0]
    assert scaled.value == pytest.approx(one.value * scale**2, rel=1e-10)
    assert scaled.spread == pytest.approx(one.spread * scale**2, rel=1e-4)


def test_rows_in_float32_are_widened_before_anything_is_summed(rng):
    x, y = (z.float() for z in (draw(rng, 3000, 8, 1.0, 100.0), draw(rng, 2500, 8, 1.2, 100.0)))
    as_they_are, wide = FrechetDistance()(x, y)[0], FrechetDistance()(x.double(), y.double())[0]
    assert as_they_are.value == pytest.approx(wide.value, rel=1e-12)
    assert as_they_are.spread == pytest.approx(wide.spread, rel=1e-6)


def test_spread_from_some_rows_and_fewer_digits_has_two_digits(rng, monkeypatch):
    x, y = draw(rng, 9000, 12), draw(rng, 8000, 12, torch.linspace(0.7, 1.4, 12), 0.1)
    y[:40] *= 6  # a few rows matter more than others
    drawn = FrechetDistance()(x, y)[0]
    monkeypatch.setattr(transport, "WIDE", 0)
    narrow = FrechetDistance()(x, y)[0]
    monkeypatch.setattr(transport, "WIDE", 2**40)
    monkeypatch.setattr(influence, "FARTHEST", 2**40)
    every = FrechetDistance()(x, y)[0]
    assert (drawn.value, narrow.value) == pytest.approx((every.value, every.value), rel=1e-12)
    assert drawn.spread == pytest.approx(every.spread, rel=0.05)
    assert narrow.spread == pytest.approx(every.spread, rel=0.05)
