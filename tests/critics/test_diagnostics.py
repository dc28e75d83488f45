"""Spectra, slopes and calibration against closed forms; looking changes nothing."""

from math import erf, exp, log, sqrt

import pytest
import torch
from torch import nn

from pushforward.critics import Adversarial, Autoencoder, SpectralNorm
from pushforward.critics.diagnostics import calibration, diagnose, slope_norms
from pushforward.critics.spectra import ALARM, Spectrum, alarm, spectra
from pushforward.discrepancies import (
    MMD,
    Biased,
    BoundarySeeking,
    FDivergence,
    Hinge,
    Jeffreys,
    JensenShannon,
    MeanDifference,
    TotalVariation,
)
from pushforward.kernels import Gaussian
from pushforward.spaces import Batch


def with_values(values: list[float], rest: int) -> torch.Tensor:
    """A matrix of these singular values."""
    n = len(values)
    u, v = (torch.linalg.qr(torch.randn(k, n, dtype=torch.float64))[0] for k in (n, rest))
    return u @ torch.diag(torch.tensor(values, dtype=torch.float64)) @ v.T


def test_a_spectrum_is_that_of_the_reshaped_weight():
    f = nn.Sequential(nn.Conv2d(3, 4, 2), nn.ReLU(), nn.Flatten(), nn.Linear(16, 5)).double()
    values = [3.0, 2.0, 1.0, 0.001]
    with torch.no_grad():
        f[0].weight.copy_(with_values(values, 12).view(4, 3, 2, 2))
    found = spectra(f)
    assert list(found) == ["convolution 1 (3→4, 2×2)", "linear 1 (16→5)"]
    convolution, linear = found.values()
    torch.testing.assert_close(convolution.values, torch.tensor(values, dtype=torch.float64), rtol=0, atol=3e-8)
    assert convolution.stable_rank == pytest.approx((9 + 4 + 1 + 1e-6) / 9)
    assert convolution.condition == pytest.approx(3000, rel=1e-3)  # the Gram matrix resolves σ to 1e-8·σ₁
    assert convolution.lost == 0.25
    expected = torch.linalg.svdvals(f[3].weight.detach())
    torch.testing.assert_close(linear.values, expected, rtol=1e-6, atol=1e-7)


def test_the_outputs_of_a_transposed_convolution_are_its_second_axis():
    """Normalised to σ₁ = 1 by the constraint, the spectrum of the same matrix begins at 1."""
    f = nn.Sequential(nn.ConvTranspose2d(3, 4, 2)).double()
    Adversarial(MeanDifference(), f, SpectralNorm())
    f.train()
    for _ in range(200):
        f(torch.zeros(1, 3, 2, 2, dtype=torch.float64))
    found = spectra(f.eval())
    assert found["transposed convolution 1 (3→4, 2×2)"].values[0].item() == pytest.approx(1, abs=1e-9)


@pytest.mark.parametrize("row", [TotalVariation(), Jeffreys()], ids=repr)
def test_a_row_that_reads_off_no_ratio_has_no_calibration(row):
    f, (x, y) = nn.Linear(2, 1), (Batch(torch.randn(8, 2)) for _ in range(2))
    assert (diagnose(FDivergence(row), f, x, y)["calibration"] is None) == (row == TotalVariation())


def test_a_layer_of_zeros_has_lost_everything():
    s = Spectrum(torch.zeros(3, dtype=torch.float64))
    assert (s.stable_rank, s.condition, s.lost) == (0.0, None, 1.0)
    assert s.to_json()["shares"] == [0.0, 0.0, 0.0]


def test_a_record_keeps_at_most_64_values_and_both_ends():
    s = Spectrum(torch.linspace(2.0, 1.0, 500, dtype=torch.float64))
    shares = s.to_json()["shares"]
    assert len(shares) == 64
    assert (shares[0], shares[-1]) == (1.0, 0.5)


def test_the_alarm_sounds_when_an_eighth_of_the_directions_is_lost():
    fine = Spectrum(torch.tensor([1.0] * 63 + [0.001], dtype=torch.float64))
    collapsed = Spectrum(torch.tensor([1.0] * 43 + [0.001] * 21, dtype=torch.float64))
    assert fine.lost < ALARM < collapsed.lost
    assert alarm({"a": fine}) is None
    said = alarm({"a": fine, "b": collapsed})
    assert "1 of 2 layers" in said
    assert "b: 33%" in said


def test_a_normalised_layer_is_measured_as_it_computes():
    f = nn.Sequential(nn.Linear(6, 4), nn.Softplus(), nn.Linear(4, 1))
    SpectralNorm().attach(f)
    for _ in range(50):
        f(torch.randn(2, 6))
    f.eval()
    before = f[0].parametrizations.weight[0].u.clone()
    largest = {name: float(s.values[0]) for name, s in spectra(f).items()}
    assert torch.equal(f[0].parametrizations.weight[0].u, before)
    assert largest == pytest.approx({"linear 1 (6→4)": 1.0, "linear 2 (4→1)": 1.0}, rel=1e-3)


def test_of_an_autoencoder_the_encoder():
    assert list(spectra(Autoencoder(nn.Sequential(nn.Linear(3, 2)), nn.Linear(2, 3)))) == ["linear 1 (3→2)"]


def test_slopes_of_a_linear_critic_are_its_weight():
    f = nn.Linear(3, 1).double()
    x, y, h = (Batch(torch.randn(n, 3, dtype=torch.float64)) for n in (6, 5, 4))
    found = slope_norms(MeanDifference(), f, x, y, h)
    torch.testing.assert_close(found, f.weight.detach().norm().expand(4), rtol=1e-12, atol=0)


def test_slopes_of_a_kernel_witness_are_its_gradient():
    """η(h) = k(h, x) − k(h, y) for one point each: ∇η = −(h − x)k(h, x) + (h − y)k(h, y), through f(h) = 2h."""
    f = nn.Linear(1, 1, bias=False).double()
    nn.init.constant_(f.weight, 2.0)
    x, y, h = 0.3, -0.4, 0.9
    at = [Batch(torch.tensor([[v]], dtype=torch.float64)) for v in (x, y, h)]
    k = lambda a, b: exp(-((2 * a - 2 * b) ** 2) / 2)
    slope = 2 * (-(2 * h - 2 * x) * k(h, x) + (2 * h - 2 * y) * k(h, y))
    assert slope_norms(MMD(Gaussian(), Biased()), f, *at).item() == pytest.approx(abs(slope), rel=1e-12)


def test_the_true_ratio_is_calibrated_and_a_doubled_one_is_not():
    """N(½, 1) against N(−½, 1): log p/q = h. E_q p/q = 1, with variance e − 1 a draw; five errors of it."""
    n = 40_000
    x, y = torch.randn(n, dtype=torch.float64) + 0.5, torch.randn(n, dtype=torch.float64) - 0.5
    right, wrong = calibration(x, y), calibration(4 * x, 4 * y)
    # ten bins of means of Bernoulli draws: their errors add up to at most √(bins/(4·2n)) in the mean, five of it
    assert right.error < 5 * sqrt(10 / (8 * n))
    assert wrong.error > 0.1
    assert abs(right.mean_ratio - 1) < 5 * sqrt((exp(1) - 1) / n)
    assert right.log_loss < wrong.log_loss
    assert sum(b.count for b in right.bins) == 2 * n
    for b in right.bins:
        assert abs(b.predicted - b.observed) < 5 / sqrt(4 * b.count)
    shares = [b.count / (2 * n) for b in right.bins]
    phi = lambda v: (1 + erf(v / sqrt(2))) / 2
    edge = log(0.1 / 0.9)
    assert shares[0] == pytest.approx((phi(edge - 0.5) + phi(edge + 0.5)) / 2, abs=5 / sqrt(8 * n))


def test_sizes_shift_the_odds():
    """Of a critic that knows nothing a point is data with probability n/(n + m)."""
    found = calibration(torch.zeros(30), torch.zeros(10))
    assert found.error == pytest.approx(0.0, abs=1e-15)
    assert found.bins[0].predicted == pytest.approx(0.75)
    assert found.log_loss == pytest.approx(-(0.75 * log(0.75) + 0.25 * log(0.25)))


@pytest.mark.parametrize(("D", "read"), [(JensenShannon(), True), (BoundarySeeking(), True), (Hinge(), False)])
def test_a_record_is_plain_and_has_a_calibration_where_there_is_a_ratio(D, read):
    f = nn.Sequential(nn.Linear(2, 8), nn.BatchNorm1d(8), nn.ReLU(), nn.Linear(8, 1)).eval()
    before = {name: v.clone() for name, v in f.state_dict().items()}
    x, y = Batch(torch.randn(20, 2)), Batch(torch.randn(20, 2))
    found = diagnose(D, f, x, y)
    assert found.keys() == {"layers", "slopes", "calibration", "alarm"}
    assert (found["calibration"] is not None) == read
    assert found["slopes"].keys() == {"data", "samples", "between"}
    for s in found["slopes"].values():
        assert s["low"] <= s["median"] <= s["high"] <= s["most"]
    assert all(torch.equal(v, before[name]) for name, v in f.state_dict().items())
    assert all(p.grad is None for p in f.parameters())


def test_of_a_conditional_critic_points_go_with_their_labels():
    class Labelled(nn.Module):
        def __init__(self):
            super().__init__()
            self.linear = nn.Linear(2, 3)

        def forward(self, x, label):
            return self.linear(x).gather(1, label[:, None])

    D = Adversarial(JensenShannon(), Labelled()).eval()
    x, y = (Batch(torch.randn(3, 2), torch.tensor([0, 2, 2])) for _ in range(2))
    norms = slope_norms(D.D, D.f, x, y, x)
    torch.testing.assert_close(norms, D.f.linear.weight.detach().norm(dim=1)[x.label])
    assert diagnose(D.D, D.f, x, y)["calibration"] is not None
