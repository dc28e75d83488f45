"""The gallery's closed forms against the library's own discrepancies and constraints."""

import importlib.util
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from scipy import stats

GALLERY = Path(__file__).parents[2] / "docs" / "gallery"


def script(name):
    """A program of the gallery as a module."""
    if not (GALLERY / f"{name}.py").is_file():
        pytest.skip("this copy of the project came without its docs")
    spec = importlib.util.spec_from_file_location(f"gallery_{name}", GALLERY / f"{name}.py")
    sys.modules[spec.name] = module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


dirac = script("dirac")
POINTS = np.random.default_rng(1).uniform(-2, 2, (6, 2))
# Errors of what stands in for an expectation: 4,000 quantiles of the noise are off by about their spacing in the tails;
# everything else is a handful of roundings of numbers of order one.
TOLERANCES = {"GAN + instance noise 0.7": 1e-3}


@pytest.mark.parametrize("method", [m for m in dirac.METHODS if m.title != "MMD GAN-GP"], ids=lambda m: m.title)
def test_the_dirac_fields(method):
    assert dirac.worst(method, POINTS) < TOLERANCES.get(method.title, 1e-13)


def test_the_dirac_field_of_the_penalised_witness():
    """Its tax is an expectation over random places: the mean of many fields, against its own standard error."""
    (method,) = (m for m in dirac.METHODS if m.title == "MMD GAN-GP")
    torch.manual_seed(0)
    for theta, psi in ((1.0, 1.2), (-0.7, 1.8)):
        found = np.array([method.velocity(theta, psi)[1] for _ in range(30)])
        expected = method.closed(torch.tensor(theta).double(), torch.tensor(psi).double())[1].item()
        assert abs(found.mean() - expected) < 4 * found.std(ddof=1) / 30**0.5


def test_who_converges():
    """Mescheder et al. (2018): zero-centred penalties and noise converge, clipping and WGAN-GP circle for ever."""
    by_title = {m.title: dirac.trajectory(m, 1) for m in dirac.METHODS}
    for title in ("GAN + R1, γ = 0.3", "GAN + R1, γ = 1", "GAN + instance noise 0.7"):
        assert np.abs(by_title[title][-1]).max() < 1e-3
    for title in ("GAN, minimax", "WGAN, clipped at 1", "WGAN-GP"):
        assert np.abs(by_title[title][-100:, 0]).max() > 0.5
    # a scaled or gradient-constrained distance stays smooth as the critic grows, so a far critic does not freeze it
    for title in ("Scaled MMD, λ = 1", "Gradient-constrained MMD, λ = 1"):
        (method,) = (m for m in dirac.METHODS if m.title == title)
        assert abs(dirac.trajectory(method, 5)[-1, 0]) < 1e-3
    (plain,) = (m for m in dirac.METHODS if m.title == "MMD GAN, Gaussian")
    assert abs(dirac.trajectory(plain, 5)[-1, 0]) > 1


def test_only_the_best_critic_of_a_batch_biases_the_gradient():
    rows = script("gradient_bias").measured(repeats=300, sizes=(5,))
    for row in rows:
        assert abs(row.mean - row.expected) <= 4 * row.stderr + 1e-12  # one method's gradient does not vary at all
        biased = row.truth - row.mean > 5 * row.stderr
        assert biased == (row.critic != "fixed")


def test_few_rows_bias_the_frechet_distance_and_not_the_kernel_distance():
    for row in script("fid_bias").measured(repeats=20, sizes=(1000,)):
        stderr = row.spread / 20**0.5
        # of FID the closed form is the first term in 1/n, and the next one is smaller by about d/n
        rest = 3 * 32 / row.n * (row.expected - row.truth)
        assert abs(row.mean - row.expected) <= 4 * stderr + rest
        assert (row.mean - row.truth > 5 * stderr) == (row.score == "FID")


pushforwards = script("pushforwards")


@pytest.mark.parametrize("g", pushforwards.PUSHFORWARDS, ids=lambda g: g.name)
def test_pushforwards_of_the_uniform_have_the_density_that_is_drawn(g):
    """Draws pass a KS test against the CDF, and the density is the CDF's slope."""
    assert stats.kstest(pushforwards.draws(g), g.cdf).pvalue > 1e-3
    y, h = np.linspace(0.05, 0.45, 9), 1e-5
    np.testing.assert_allclose((g.cdf(y + h) - g.cdf(y - h)) / (2 * h), g.density(y), rtol=1e-7)


def test_the_line_is_a_density():
    law, y = pushforwards.Line(), torch.linspace(-9, 9, 20_001, dtype=torch.float64)
    assert float(torch.trapezoid(law.log_prob(y[:, None]).exp(), y)) == pytest.approx(1, abs=1e-9)
