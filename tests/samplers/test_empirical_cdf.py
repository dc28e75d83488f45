"""The inverse of the empirical CDF against NumPy's and SciPy's quantiles, and its density against that CDF."""

import numpy as np
import pytest
import torch
from scipy import stats

import pushforward as pf
from pushforward.errors import Refused
from pushforward.samplers import Coding, Density, EmpiricalCDF
from pushforward.spaces import Batch

RNG = np.random.default_rng(0)


def of(x):
    g = EmpiricalCDF(x.shape[1:])
    g.put(torch.from_numpy(x))
    return g


@pytest.mark.parametrize("n", [2, 3, 100])
def test_its_inverse_is_the_quantile_of_numpy_and_scipy(n):
    x, u = RNG.normal(size=(n, 2)), RNG.random((50, 2))
    y = of(x).push(torch.from_numpy(u)).numpy()
    for j in range(2):
        np.testing.assert_allclose(y[:, j], np.quantile(x[:, j], u[:, j]), rtol=0, atol=1e-12)
        theirs = stats.mstats.mquantiles(x[:, j], u[:, j], alphap=1, betap=1)
        np.testing.assert_allclose(y[:, j], theirs, rtol=0, atol=1e-12)


def test_codes_are_the_uniform_numbers():
    g, u = of(RNG.normal(size=(40, 3))), torch.rand(200, 3, dtype=torch.float64)
    assert isinstance(g, Coding)
    torch.testing.assert_close(g.codes(Batch(g.push(u))), u, rtol=0, atol=1e-9)
    torch.testing.assert_close(g.codes(Batch(g.rows)), torch.linspace(0, 1, 40).double()[:, None].expand(40, 3))


def test_the_density_is_the_slope_of_the_cdf():
    g, x = of(RNG.normal(size=(30, 1))), torch.linspace(-1.5, 1.5, 400, dtype=torch.float64)[:, None]
    x.requires_grad_(True)
    (slope,) = torch.autograd.grad(g.codes(Batch(x)).sum(), x)
    assert isinstance(g, Density)
    torch.testing.assert_close(g.log_prob(Batch(x)).detach().exp(), slope[:, 0], rtol=1e-9, atol=1e-9)


def test_it_integrates_to_one_and_ends_with_the_data():
    g = of(RNG.normal(size=(20, 1)))
    ends = g.rows[:, 0].numpy()
    middles = torch.from_numpy((ends[1:] + ends[:-1]) / 2)[:, None]
    mass = g.log_prob(Batch(middles)).exp().numpy() * np.diff(ends)
    np.testing.assert_allclose(mass, 1 / 19, rtol=1e-12)
    beyond = torch.tensor([[ends[0] - 1e-9], [ends[-1] + 1e-9]])
    assert (g.log_prob(Batch(beyond)) == -torch.inf).all()
    assert g.codes(Batch(beyond))[:, 0].tolist() == [0.0, 1.0]
    assert g.log_prob(Batch(g.rows[[0, -1]])).isfinite().all()


def test_values_that_come_twice_have_finite_neighbours():
    x = np.array([[0.0], [1.0], [1.0], [3.0], [3.0]])
    g = of(x)
    found = g.log_prob(Batch(torch.tensor([[0.5], [1.0], [2.0], [3.0]]))).exp().numpy()
    np.testing.assert_allclose(found, [1 / 4, 1 / 8, 1 / 8, 1 / 8], rtol=1e-12)
    np.testing.assert_allclose(g.push(torch.tensor([[0.25], [0.4], [0.5]])).numpy()[:, 0], [1.0, 1.0, 1.0])


def test_a_run_of_one_column_has_its_quantiles(tmp_path):
    x = RNG.gamma(2.0, size=(2000, 1))
    run = pf.fit(pf.recipes.empirical_cdf((data := pf.data.load(x)).space), data, run=tmp_path / "run", quiet=True)
    train = data.codec.decode(data.train.all())
    again = pf.load(tmp_path / "run")
    y = again.sample(20_000, seed=1)
    assert stats.ks_2samp(np.asarray(train)[:, 0], y[:, 0]).pvalue > 1e-3
    u = again.encode(x[:5])
    assert u == pytest.approx(run.encode(x[:5]))
    held_out = run.verdict["scores"]["log-likelihood"]["value"]
    assert np.isfinite(held_out) or held_out == -np.inf


def test_whole_numbers_are_filled_and_come_back(tmp_path):
    x = RNG.integers(0, 6, size=(1000, 1))
    data = pf.data.load(x)
    run = pf.fit(pf.recipes.empirical_cdf(data.space), data, run=tmp_path / "run", quiet=True, verdict=False)
    y = run.sample(5000, seed=0)
    assert set(np.unique(y)) <= {0.0, 1.0, 2.0, 3.0, 4.0, 5.0}


def test_a_single_row_is_refused():
    from pushforward.data.parts.stored import TensorPart

    game = pf.recipes.empirical_cdf(pf.spaces.Vector(1))
    with pytest.raises(Refused, match="empirical-cdf needs two training rows or more, got 1"):
        game.prepare(TensorPart(torch.zeros(1, 1)))
