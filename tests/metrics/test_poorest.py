"""What the poorest samples score: shares 0, a classifier 1, and kernel distances what copies of the mean row do."""

import numpy as np
import pytest
import torch
from scipy.spatial.distance import cdist, pdist

from pushforward.metrics import C2ST, KID, PRDC, EnergyDistance, Jackknife, KernelDistance
from pushforward.metrics.base import Metric
from pushforward.metrics.measuring import measured
from pushforward.metrics.side import Side


@pytest.fixture
def x(rng):
    return torch.randn(60, 3, generator=rng).double() * torch.tensor([1.0, 2.0, 5.0])


def test_of_the_energy_distance_it_is_twice_the_mean_deviation_less_the_mean_difference(x):
    rows = x.numpy()
    by_hand = 2 * cdist(rows, rows.mean(0)[None]).mean() - pdist(rows).mean()
    assert EnergyDistance().poorest(x)["energy"] == pytest.approx(by_hand, rel=1e-10)


def test_of_kid_it_is_the_cubic_kernels(x):
    rows, center = x.numpy(), x.numpy().mean(0)
    k = lambda a, b: (a @ b.T / 3 + 1) ** 3
    among = k(rows, rows)
    data = (among.sum() - np.trace(among)) / (60 * 59)
    by_hand = data + k(center, center) - 2 * k(rows, center).mean()
    assert KID().poorest(x)["kid"] == pytest.approx(by_hand, rel=1e-10)


def test_no_collapsed_sampler_scores_worse_by_a_bounded_kernel_than_a_far_one(x):
    far = KernelDistance()(x, torch.full((10, 3), 1e6).double())[0].value
    assert 0 < KernelDistance().poorest(x)["mmd"] < far


def test_shares_are_zero_and_a_classifier_is_always_right(x):
    assert PRDC().poorest(x) == {"precision": 0, "recall": 0, "density": 0, "coverage": 0}
    assert C2ST().poorest(x) == {"c2st": 1}
    assert Metric.poorest(PRDC(), x) == {}


def test_it_is_measured_where_a_floor_is(x):
    metrics = (EnergyDistance(), Jackknife(blocks=5)(KID()))  # its error by another way changes nothing
    with_floor, _ = measured(metrics, Side(x), Side(x + 1), True, 0)
    assert [s.worst for s in with_floor] == [EnergyDistance().poorest(x)["energy"], KID().poorest(x)["kid"]]
    without, _ = measured(metrics, Side(x), Side(x + 1), False, 0)
    assert [s.worst for s in without] == [None, None]
