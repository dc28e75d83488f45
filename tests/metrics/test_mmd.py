"""Kernel scores: closed forms between Gaussians, other implementations, errors and intervals against simulation."""

import numpy as np
import pytest
import torch
from scipy.stats import energy_distance

from pushforward.discrepancies.sums import blockwise
from pushforward.discrepancies.variance import null_variance
from pushforward.errors import Refused
from pushforward.kernels import Gaussian
from pushforward.metrics import KID, EnergyDistance, KernelDistance


def draw(rng, n, shift=0.0, d=1):
    return torch.randn(n, d, generator=rng, dtype=torch.float64) + shift


def one(metric, x, y):
    (score,) = metric(x, y)
    return score


def gaussian_mmd(shift, d, bandwidth):
    """E k of N(δ, 2I): (σ²/(σ² + 2))^{d/2}·exp(−‖δ‖²/(2σ² + 4)), with δ = 0 within and δ = shift between."""
    scale = (bandwidth**2 / (bandwidth**2 + 2)) ** (d / 2)
    return 2 * scale * (1 - np.exp(-d * shift**2 / (2 * bandwidth**2 + 4)))


def gaussian_energy(shift):
    """2E|N(δ, 2)| − 2E|N(0, 2)| in one dimension; E|N(δ, s²)| = s√(2/π)·exp(−δ²/2s²) + δ·erf(δ/s√2)."""
    mean = lambda delta: 2 / np.pi**0.5 * np.exp(-(delta**2) / 4) + delta * torch.erf(torch.tensor(delta / 2)).item()
    return 2 * mean(shift) - 2 * mean(0.0)


@pytest.mark.parametrize(
    ("metric", "expected"),
    [(KernelDistance(Gaussian(1.5)), gaussian_mmd(0.7, 2, 1.5)), (EnergyDistance(), None)],
)
def test_closed_form_between_gaussians(rng, metric, expected):
    d = 2 if expected else 1
    scores = [one(metric, draw(rng, 40, d=d), draw(rng, 60, 0.7, d)) for _ in range(200)]
    values, errors = np.array([s.value for s in scores]), np.array([s.stderr for s in scores])
    spread = values.std(ddof=1)
    assert abs(values.mean() - (expected or gaussian_energy(0.7))) < 4 * spread / 200**0.5
    # A variance from 200 normal values has relative standard error 0.1.
    assert np.mean(errors**2) == pytest.approx(spread**2, rel=0.4)


def test_energy_equals_scipys_with_the_diagonals_put_back(rng):
    x, y = draw(rng, 30), draw(rng, 50, 1.0)
    n, m = len(x), len(y)
    xx, yy = (torch.cdist(z, z).sum().item() for z in (x, y))
    biased = one(EnergyDistance(), x, y).value + xx / (n * (n - 1)) - xx / n**2 + yy / (m * (m - 1)) - yy / m**2
    # SciPy returns the square root of the biased value.
    assert biased == pytest.approx(energy_distance(x[:, 0], y[:, 0]) ** 2, rel=1e-12)


def test_energy_does_not_depend_on_where_the_origin_is(rng):
    x, y = draw(rng, 60, d=3), draw(rng, 50, 0.5, 3)
    near, far = one(EnergyDistance(), x, y), one(EnergyDistance(), x + 1e5, y + 1e5)
    assert far.value == pytest.approx(near.value, rel=1e-7)
    assert far.stderr == pytest.approx(near.stderr, rel=1e-6)


def test_kid_equals_the_formula_written_out(rng):
    x, y = draw(rng, 20, d=5).numpy(), draw(rng, 33, 0.3, 5).numpy()
    k = lambda a, b: (a @ b.T / 5 + 1) ** 3
    off = lambda gram: (gram.sum() - np.trace(gram)) / (len(gram) * (len(gram) - 1))
    assert one(KID(), x, y).value == pytest.approx(off(k(x, x)) + off(k(y, y)) - 2 * k(x, y).mean(), rel=1e-12)


def test_note_says_what_the_interval_says_about_zero(rng):
    x = draw(rng, 100, d=3)
    assert "copies" in one(KernelDistance(), x, x).note
    assert one(KernelDistance(), x, x + 3).note is None
    # Seeded: one draw in twenty of equal laws is not consistent with zero.
    assert one(KernelDistance(), x, draw(rng, 100, d=3)).note.startswith("consistent with zero")


def test_null_variance_is_the_variance_under_equal_laws(rng):
    sums = [blockwise(Gaussian(1.0), draw(rng, 25, d=2), draw(rng, 35, d=2)) for _ in range(300)]
    values = [one(KernelDistance(Gaussian(1.0)), draw(rng, 25, d=2), draw(rng, 35, d=2)).value for _ in range(300)]
    # Relative standard error of a variance from 300 values with kurtosis up to 6: √(5/300) = 0.13.
    assert np.mean([null_variance(s) for s in sums]) == pytest.approx(np.var(values, ddof=1), rel=0.4)


def covered(metric, truth, n, trials, shift, rng):
    scores = [one(metric, draw(rng, n), draw(rng, n, shift)) for _ in range(trials)]
    return np.mean([s.interval[0] <= truth <= s.interval[1] for s in scores])


@pytest.mark.slow
def test_intervals_cover_zero_under_equal_laws(rng):
    assert covered(KernelDistance(Gaussian(1.0)), 0.0, 200, 2000, 0.0, rng) >= 0.93 - 0.015


def test_bandwidth_comes_from_the_data_alone(rng):
    x, y = draw(rng, 40, d=2), draw(rng, 40, d=2)
    assert one(KernelDistance(), x, 100 * y + 1000).value == pytest.approx(
        one(KernelDistance(KernelDistance().kernel.fitted(x)), x, 100 * y + 1000).value, rel=1e-12
    )


def test_refuses_too_few_rows(rng):
    with pytest.raises(Refused, match="at least 4 rows"):
        EnergyDistance()(draw(rng, 3), draw(rng, 9))


def test_score_as_json(rng):
    entry = one(EnergyDistance(), draw(rng, 9), draw(rng, 9)).to_json()
    known = {"value", "stderr", "interval", "better", "uncertainty", "note", "spread", "floor", "worst"}
    known |= {"informative", "reason"}
    assert set(entry) == known
    assert isinstance(entry["interval"], list)
