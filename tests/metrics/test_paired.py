"""The error of a change that was measured on the same rows."""

import pytest
import torch

from pushforward.discrepancies.sums import blockwise
from pushforward.kernels import Distance, Gaussian, Polynomial
from pushforward.metrics import EnergyDistance, KernelDistance, Trace, paired_error, three_sample_test

KERNELS = [Gaussian(1.0), Polynomial(3), 2.0 * Distance(base_point=(0.0, 0.0))]


def draws(n: int, m: int, seed: int = 0):
    generator = torch.Generator().manual_seed(seed)
    return [torch.randn(k, 2, generator=generator, dtype=torch.float64) for k in (n, m)]


def mmd(k, x, y) -> torch.Tensor:
    """Unbiased, written out."""
    n, m = len(x), len(y)
    xx, yy = k(x, x), k(y, y)
    within = (xx.sum() - xx.trace()) / (n * (n - 1)) + (yy.sum() - yy.trace()) / (m * (m - 1))
    return within - 2 * k(x, y).mean()


@pytest.mark.parametrize("k", KERNELS, ids=str)
def test_it_is_the_jackknife_of_both_samples(k):
    """Against leaving out every row, and with it its partner, and computing the difference again."""
    x, z = draws(9, 7)
    a, b = z * 1.3, z + 0.4

    def without(v, i):
        return torch.cat([v[:i], v[i + 1 :]])

    by_x = torch.stack([mmd(k, without(x, i), a) - mmd(k, without(x, i), b) for i in range(len(x))])
    by_z = torch.stack([mmd(k, x, without(a, j)) - mmd(k, x, without(b, j)) for j in range(len(z))])
    variance = sum((len(v) - 1) * v.var(correction=0) for v in (by_x, by_z))
    found = paired_error(Trace.of(blockwise(k, x, a)), Trace.of(blockwise(k, x, b)))
    assert found == pytest.approx(float(variance) ** 0.5, rel=1e-9)


def test_equal_states_have_no_error():
    x, z = draws(20, 30)
    trace = Trace.of(blockwise(Gaussian(), x, z))
    assert paired_error(trace, trace) == 0.0


def test_it_is_the_spread_of_the_difference_over_new_data_and_noise():
    """300 draws know a standard deviation to 4 %; the jackknife's own excess is of the order 1/n, here 2 %."""
    k, differences, errors = Gaussian(1.0), [], []
    for seed in range(300):
        x, z = draws(60, 60, seed)
        sums = [blockwise(k, x, y) for y in (0.7 * z + 0.8, 0.7 * z + 0.9)]
        differences.append(float(mmd(k, x, 0.7 * z + 0.8) - mmd(k, x, 0.7 * z + 0.9)))
        errors.append(paired_error(*map(Trace.of, sums)))
    spread = torch.tensor(differences).std().item()
    mean = torch.tensor(errors).square().mean().sqrt().item()
    assert 1 - 0.12 < mean / spread < 1 + 0.12 + 0.05
    unpaired = three_sample_test(x, 0.7 * z + 0.8, 0.7 * z + 0.9, kernel=k).stderr
    assert unpaired > 3 * mean, "the common noise is worth something"


def test_the_kernel_of_a_score_is_the_one_that_it_measures_with():
    x, y = draws(30, 40)
    for metric in (EnergyDistance(), KernelDistance()):
        assert metric(x, y)[0].value == pytest.approx(float(mmd(metric.compares_by(x), x, y)), rel=1e-9)
