"""Kernel density estimates: against scikit-learn and SciPy, and their draws against their own density."""

import numpy as np
import pytest
import torch
from scipy import stats
from scipy.integrate import quad
from scipy.special import gamma
from sklearn.neighbors import KernelDensity as Theirs

import pushforward as pf
from pushforward.errors import Refused
from pushforward.games import KernelDensityFit
from pushforward.samplers import EpanechnikovWindow, GaussianWindow, KernelDensity, bandwidth_by
from pushforward.spaces import Batch, Vector

WINDOWS = {"gaussian": GaussianWindow(), "epanechnikov": EpanechnikovWindow()}


def estimate(window, x, h):
    g = KernelDensity((x.shape[1],), window)
    g.put(torch.from_numpy(x), torch.full((x.shape[1],), h, dtype=torch.float64))
    return g


@pytest.mark.parametrize("kernel", WINDOWS)
@pytest.mark.parametrize(("d", "h"), [(1, 0.2), (2, 0.3), (5, 1.5), (10, 3.0)])
def test_it_is_scikit_learns(kernel, d, h):
    """To 1e-10 where the density is not 0, through many leaves, clusters far apart too; theirs in one leaf, since sums
    over nodes of its tree are off by 6e-9, and give a floor where the density is 0."""
    rng = np.random.default_rng(0)
    x = rng.normal(size=(2000, d)) + 40 * (rng.random(2000) < 0.3)[:, None]
    at = np.concatenate([x[:300] + 0.1, rng.normal(size=(300, d)) * 3])
    found = estimate(WINDOWS[kernel], x, h).log_prob(Batch(torch.from_numpy(at))).numpy()
    theirs = Theirs(bandwidth=h, kernel=kernel, rtol=0, atol=0, leaf_size=5000).fit(x).score_samples(at)
    inside = np.isfinite(found) & (theirs > -30)
    assert inside.sum() > 200
    np.testing.assert_allclose(found[inside], theirs[inside], rtol=0, atol=1e-10)


def test_far_points_have_their_gaussian_tail():
    """Where nothing is near, the sum is over what is nearest: no floor, no −∞."""
    x = np.random.default_rng(0).normal(size=(1500, 2))
    at = np.array([[60.0, -80.0]])
    found = estimate(GaussianWindow(), x, 0.5).log_prob(Batch(torch.from_numpy(at)))
    squares = ((at - x) ** 2).sum(1) / 0.25
    by_hand = np.logaddexp.reduce(-squares / 2) - np.log(1500) - np.log(2 * np.pi * 0.25)
    assert float(found[0]) == pytest.approx(by_hand, rel=1e-12)


@pytest.mark.parametrize("kernel", WINDOWS)
@pytest.mark.parametrize("d", [1, 2, 3, 5])
def test_a_window_is_a_density(kernel, d):
    """∫ k = 1 in polar coordinates, and E‖v‖² of its draws is that of the density."""
    window = WINDOWS[kernel]
    surface = 2 * np.pi ** (d / 2) / gamma(d / 2)
    k = lambda r: float(window.log_values(torch.tensor(r * r, dtype=torch.float64), d).exp())
    end = min(window.reach, 12.0)
    assert quad(lambda r: k(r) * surface * r ** (d - 1), 0, end)[0] == pytest.approx(1, abs=1e-8)
    second = quad(lambda r: k(r) * surface * r ** (d + 1), 0, end)[0]
    torch.manual_seed(0)
    v = window.from_normals(torch.randn(40_000, d + window.more, dtype=torch.float64)).square().sum(1)
    assert abs(float(v.mean()) - second) < 4 * float(v.std()) / 200


def test_draws_of_epanechnikov_pass_a_ks_test():
    torch.manual_seed(0)
    v = EpanechnikovWindow().from_normals(torch.randn(5000, 5))[:, 0]
    cdf = lambda t: np.clip(0.5 + 0.75 * (t - t**3 / 3), 0, 1)
    assert stats.kstest(v.numpy(), cdf).pvalue > 1e-3


@pytest.mark.parametrize(("d", "ratio"), [(1, 2.2138), (2, 2.4019), (3, 2.5719), (5, 2.8745), (10, 3.4993)])
def test_epanechnikov_is_wider_by_the_ratio_of_canonical_bandwidths(d, ratio):
    """(R_E/µ_E²/R_G)^{1/(d+4)}, with R and µ of both kernels; figures by quadrature of those integrals."""
    assert EpanechnikovWindow().widening(d) == pytest.approx(ratio, abs=5e-5)


@pytest.mark.parametrize("rule", ["scott", "silverman"])
def test_rules_are_scipys(rule):
    x = np.random.default_rng(0).normal(size=(300, 3)) * [1, 5, 0.2]
    theirs = stats.gaussian_kde(x.T, rule).factor * x.std(0, ddof=1)
    np.testing.assert_allclose(bandwidth_by(rule, torch.from_numpy(x), GaussianWindow()).numpy(), theirs, rtol=1e-10)


def test_left_out_rows_are_judged_by_all_the_others():
    x = np.random.default_rng(0).normal(size=(700, 2))
    g = estimate(GaussianWindow(), x, 0.4)
    found = g.log_prob_of_others()
    torch.testing.assert_close(g.log_prob_of_others(most=130), found[:130], rtol=0, atol=1e-12)
    for i in (0, 350, 699):
        theirs = Theirs(bandwidth=0.4).fit(np.delete(x, i, 0)).score_samples(x[i : i + 1])[0]
        assert float(found[i]) == pytest.approx(theirs, abs=1e-10)


def test_the_likeliest_bandwidth_is_near_silvermans_for_a_normal_law_and_not_for_two_far_modes():
    rng = np.random.default_rng(0)
    torch.manual_seed(0)
    normal = torch.from_numpy(rng.normal(size=(400, 1)))
    modes = normal / 10 + torch.from_numpy(rng.integers(0, 2, (400, 1)) * 10.0)
    bandwidth = lambda rule, x: float(bandwidth_by(rule, x, GaussianWindow())[0])
    assert 0.7 < bandwidth("likelihood", normal) / bandwidth("silverman", normal) < 1.4
    assert bandwidth("likelihood", modes) < 0.1 * bandwidth("silverman", modes)
    copies = normal.repeat(3, 1)  # a copy makes h → 0 the likeliest, unless it counts once
    assert bandwidth("likelihood", copies) > 0.3 * bandwidth("silverman", normal)


def test_a_run_of_kde_says_how_likely_held_out_rows_are(tmp_path):
    x = np.random.default_rng(0).normal(size=(600, 2)).astype(np.float32)
    data = pf.data.load(x)
    run = pf.fit(pf.recipes.kde(data.space, bandwidth=0.4), data, run=tmp_path / "kde", quiet=True, verdict=False)
    train, test = data.train.all().x.double().numpy(), data.test.all().x.double().numpy()
    np.testing.assert_allclose(run.log_prob(test), Theirs(bandwidth=0.4).fit(train).score_samples(test), atol=1e-5)
    assert run.sample(5).shape == (5, 2)
    again = pf.load(run.path)
    np.testing.assert_allclose(again.log_prob(test), run.log_prob(test))


def test_refusals():
    with pytest.raises(Refused, match="bandwidth of KernelDensityFit must be a rule or a positive number, got -1.0"):
        KernelDensityFit(Vector(1), KernelDensity((1,), GaussianWindow()), -1.0)
