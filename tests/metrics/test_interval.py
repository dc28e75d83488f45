"""The interval of a squared distance: its equation, its limits, and its coverage where the law is known."""

import numpy as np
import pytest

from pushforward.metrics.uncertainty.interval import NORMAL, distance_interval


def variance(theta, value, variance, null):
    """V(θ), written out."""
    growth = min(8**0.5 * null**0.5, (variance - null) / value) if value > 2 * null**0.5 else 8**0.5 * null**0.5
    return max(null, variance + growth * (theta - max(value, 0.0)))


@pytest.mark.parametrize("value", [-1.0, 0.0, 0.7, 2.5, 8.0, 40.0])
def test_ends_solve_the_equation(value):
    given = (value, 1.0 + max(value, 0.0), 1.0)
    low, high = distance_interval(*given)
    assert low < value < high
    for end in (low, high):
        assert (value - end) ** 2 == pytest.approx(NORMAL**2 * variance(end, *given), rel=1e-12)


def test_excludes_zero_where_the_null_deviation_does():
    for value, outside in ((1.9, False), (2.0, True), (-1.9, False), (-2.0, True)):
        low, high = distance_interval(value, 1.0 + max(value, 0.0), 1.0)
        assert (low > 0 or high < 0) == outside


def test_far_from_zero_it_is_symmetric():
    value, square, null = 1.0, 1e-4, 1e-8
    low, high = distance_interval(value, square, null)
    # What is beside z·σ is z²c/2 with c = σ²/D, that is 2e-4 here.
    assert low == pytest.approx(value - NORMAL * 1e-2, abs=2e-4)
    assert high == pytest.approx(value + NORMAL * 1e-2, abs=2e-4)


def test_without_any_variance_it_is_a_point():
    assert distance_interval(0.5, 0.0, 0.0) == (0.5, 0.5)


@pytest.mark.parametrize("shift", [0.0, 1.0, 2.0, 4.0])
def test_covers_the_square_of_a_normal_mean(shift):
    # One eigenvalue: D = (δ + Z)² − 1 estimates δ² with variance 2 + 4δ², whose unbiased estimate is 4(δ + Z)² − 2.
    z = shift + np.random.default_rng(0).standard_normal(4000)
    ends = np.array([distance_interval(v**2 - 1, 4 * v**2 - 2, 2.0) for v in z])
    covered = ((ends[:, 0] <= shift**2) & (shift**2 <= ends[:, 1])).mean()
    # 4 binomial errors of 0.34 % below 93 %.
    assert covered >= 0.93 - 4 * (0.07 * 0.93 / 4000) ** 0.5
