"""MMD² of several scales: its kernel from closed forms, and what it sees that larger scales miss."""

from math import sqrt

import numpy as np
import pytest
import torch

from pushforward.kernels import Gaussian
from pushforward.metrics import EnergyDistance, LocalMMD, Trace, paired_error
from pushforward.metrics.scores.local_mmd import bandwidths, spread


def normal(n: int, seed: int, d: int = 2) -> torch.Tensor:
    return torch.randn(n, d, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


def test_the_bandwidths_of_points_on_a_line():
    """0, 1, 2, 3 and 100: second neighbours at 2, 1, 1, 2 and 98; distances 1, 1, 1, 2, 2, 3, 97, 98, 99 and 100."""
    x = torch.tensor([[0.0], [1.0], [2.0], [3.0], [100.0]], dtype=torch.float64)
    near, between, far = bandwidths(x, 2)
    assert (near, far) == (1.0, 2.0)  # torch's median is the lower of the two in the middle
    assert between == pytest.approx(sqrt(2))
    assert bandwidths(torch.cat([x, x]), 2) == (near, between, far), "distances are those of different rows"
    assert bandwidths(x[:2], 5) == pytest.approx((0.5, sqrt(0.5), 1.0))
    assert bandwidths(x[:1].repeat(9, 1), 5) == (1.0,)


def test_the_spread_is_that_of_the_centred_kernel_values_of_pairs():
    x, kernel = normal(30, 0), Gaussian(0.7)
    K = kernel(x, x).numpy()
    H = np.eye(30) - 1 / 30
    centred = H @ K @ H
    assert spread(kernel, x) == pytest.approx(np.sqrt(np.mean(centred[~np.eye(30, dtype=bool)] ** 2)), rel=1e-10)
    assert spread(kernel, x[:1].repeat(5, 1)) == 1.0


def test_the_value_is_the_sum_over_the_scales():
    x, y = normal(40, 0), normal(50, 1) + 0.3
    K = lambda a, b, h: np.exp(-((a.numpy()[:, None] - b.numpy()[None]) ** 2).sum(-1) / (2 * h * h))
    expected = 0.0
    for h in bandwidths(x, 5):
        xx, yy = K(x, x, h), K(y, y, h)
        within = (xx.sum() - 40) / (40 * 39) + (yy.sum() - 50) / (50 * 49)
        expected += (within - 2 * K(x, y, h).mean()) / spread(Gaussian(h), x)
    assert LocalMMD()(x, y)[0].value == pytest.approx(expected, rel=1e-9)


def test_sums_against_are_the_sums():
    x, y = normal(40, 0), normal(50, 1)
    for metric in (LocalMMD(), EnergyDistance()):
        a, b = metric.sums(x, y), metric.sums_against(x)(y)
        assert all(
            torch.equal(u, v) for u, v in zip(vars(a).values(), vars(b).values(), strict=True) if hasattr(u, "shape")
        )


@pytest.mark.parametrize("fault", ["collapsed", "blurred"])
def test_it_sees_what_is_missed_and_what_is_blurred_more_surely_than_the_energy_distance(fault):
    """Samples that repeat a twentieth of other data, and those that fill the gaps of a fine grid of clusters."""
    centres = torch.cartesian_prod(torch.arange(6.0), torch.arange(6.0)).double()
    draw = lambda n, seed, width: centres[torch.arange(n) % 36] + width * normal(n, seed)
    x, good = draw(360, 0, 0.03), draw(2000, 1, 0.03)
    bad = good[torch.arange(2000) % 100] if fault == "collapsed" else draw(2000, 1, 0.2)
    surely = {}
    for metric in (LocalMMD(), EnergyDistance()):
        a, b = metric.sums(x, good), metric.sums(x, bad)
        change = metric(x, bad)[0].value - metric(x, good)[0].value
        surely[metric.name] = change / paired_error(Trace.of(b), Trace.of(a))
    assert surely["local-mmd"] > surely["energy"] > 0
