"""The delete-block jackknife against the error of a mean, against analytic errors, and over draws."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pytest
import torch
from scipy.stats import t

from pushforward.errors import Refused
from pushforward.metrics import KID, PRDC, EnergyDistance, FrechetDistance, Jackknifed, Metric, Score


@dataclass(frozen=True)
class Shift(Metric):
    """Mean of y minus mean of x."""

    name: ClassVar[str] = "shift"
    better: ClassVar = "lower"
    cost: ClassVar[str] = "n + m"

    @property
    def least_samples(self):
        return 2

    def measure(self, x, y):
        return (Score(self.name, float(y.mean() - x.mean()), 1.0, (0.0, 1.0)),)


def draw(rng, n, d=1, shift=0.0):
    return torch.randn(n, d, generator=rng, dtype=torch.float64) + shift


def test_with_a_block_a_row_it_is_the_error_of_a_mean(rng):
    x, y = torch.zeros(30, 1), draw(rng, 30)
    (found,) = Jackknifed(Shift(), blocks=30)(x, y)
    stderr = float(y.std()) / 30**0.5
    assert found.stderr == pytest.approx(stderr, rel=1e-12)
    reach = float(t.ppf(0.975, 29)) * stderr
    assert found.interval == pytest.approx((found.value - reach, found.value + reach))
    assert found.uncertainty == "jackknife"


def test_blocks_of_a_mean_are_block_means(rng):
    # With equal blocks the error is that of the mean of B block means, here of both sides at once.
    x, y = draw(rng, 60), draw(rng, 60)
    metric = Jackknifed(Shift(), blocks=6)
    parts = list(metric._parts(x, y))
    blocks = [6 * (float(y.mean() - x.mean()) - 5 / 6 * float(v.mean() - u.mean())) for u, v in parts]
    assert metric(x, y)[0].stderr == pytest.approx(np.std(blocks, ddof=1) / 6**0.5, rel=1e-12)


def test_unequal_sizes_give_the_error_of_both_means(rng):
    errors = [Jackknifed(Shift())(draw(rng, 200), draw(rng, 100))[0].stderr ** 2 for _ in range(100)]
    # Each has 19 degrees of freedom: relative error √(2/19) of one, a tenth of that of the mean of 100.
    assert np.mean(errors) == pytest.approx(1 / 200 + 1 / 100, rel=4 * (2 / 19) ** 0.5 / 10)


@pytest.mark.parametrize("metric", [KID(), EnergyDistance()])
def test_agrees_with_the_analytic_error_far_from_equality(rng, metric):
    pairs = [(draw(rng, 200, 3), draw(rng, 160, 3, 1.0)) for _ in range(20)]
    ratios = [(Jackknifed(metric)(x, y)[0].stderr / metric(x, y)[0].stderr) ** 2 for x, y in pairs]
    # √(2/19) for one variance, over 20 draws; the second-order term, counted twice, adds a few per cent.
    assert np.mean(ratios) == pytest.approx(1.0, abs=4 * (2 / 19 / 20) ** 0.5 + 0.05)


def test_values_and_meaning_are_those_of_the_metric(rng):
    x, y = draw(rng, 80, 2), draw(rng, 90, 2, 0.5)
    for metric in (FrechetDistance(), PRDC(), EnergyDistance()):
        wrapped = Jackknifed(metric, blocks=5)
        assert (wrapped.name, wrapped.better, wrapped.reads) == (metric.name, metric.better, metric.reads)
        for plain, found in zip(metric(x, y), wrapped(x, y), strict=True):
            assert found.value == plain.value
            assert (found.spread is None) == (plain.spread is None)
            assert (found.interval is None) == (plain.interval is None)
            assert found.uncertainty == "jackknife"


def test_spread_of_the_frechet_distance_is_its_deviation(rng):
    values = [FrechetDistance()(draw(rng, 100, 2), draw(rng, 100, 2, 1.0))[0].value for _ in range(300)]
    spreads = [Jackknifed(FrechetDistance())(draw(rng, 100, 2), draw(rng, 100, 2, 1.0))[0].spread for _ in range(40)]
    # Relative errors: √(2/300)/2·√2 of the deviation over draws, √(2/19/40)/2 of the mean spread.
    assert np.mean(spreads) == pytest.approx(np.std(values, ddof=1), rel=4 * (0.06 + 0.03))


def test_refuses_what_blocks_leave_too_little_of(rng):
    with pytest.raises(Refused, match="blocks"):
        Jackknifed(Shift(), blocks=1)(draw(rng, 9), draw(rng, 9))
    with pytest.raises(Refused, match="at least 20 rows"):
        Jackknifed(EnergyDistance())(draw(rng, 19), draw(rng, 60))
