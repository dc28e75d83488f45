"""Flows and triangular maps: densities that integrate, codes that are the noise, draws that have the density."""

import math

import numpy as np
import pytest
import torch
from scipy import stats

import pushforward as pf
from pushforward.bijectors import Autoregressive, Chain, Inverted, Logit
from pushforward.errors import Refused
from pushforward.monotone import LogisticMixture
from pushforward.samplers import Coding, Density, Flow, Normal, Uniform, dequantised, grain
from pushforward.spaces import Batch, Columns, Image, Vector

RECIPES = ("triangular", "real_nvp", "glow", "maf")


def stirred(g, size=0.3):
    torch.manual_seed(0)
    with torch.no_grad():
        for p in g.parameters():
            p.add_(size * torch.randn_like(p))
    return g


def triangle():
    """A triangular map of two coordinates, in float64."""
    f = Chain([Autoregressive(LogisticMixture(3), (0, 1), (8,)), Inverted(Logit(0.0, 1.0, 0.0))])
    return stirred(Flow(f, Uniform(2, 0.0, 1.0), (2,))).double()


def test_the_contract():
    g = triangle()
    assert isinstance(g, Density)
    assert isinstance(g, Coding)
    assert g.exact


@pytest.mark.parametrize("name", RECIPES)
def test_a_density_integrates_to_the_share_of_draws(name):
    """Over a square of the plane, by the midpoint rule in float64: ∫ q is the share of draws that lie in it."""
    g = stirred(getattr(pf.recipes, name)(Vector(2)).sampler.double(), 0.1)
    axis = torch.linspace(-8, 8, 801, dtype=torch.float64)
    middles = (axis[1:] + axis[:-1]) / 2
    with torch.no_grad():
        parts = torch.cartesian_prod(middles, middles).split(100_000)
        total = sum(float(g.log_prob(Batch(part)).exp().sum()) for part in parts) * 0.02**2
        z = g.noise.draw(20_000).double()
        share = float((g.push(z).abs() < 8).all(1).double().mean())
    assert share > 0.5
    assert total == pytest.approx(share, abs=0.002 + 4 * (share * (1 - share) / 20_000) ** 0.5)


def test_draws_have_the_density():
    """Each half-plane below a quantile of the first coordinate: shares of draws are those of the marginal CDF."""
    g = triangle()
    torch.manual_seed(1)
    with torch.no_grad():
        x = g.push(torch.rand(20_000, 2, dtype=torch.float64))
        u = g.codes(Batch(x))
    assert stats.kstest(u[:, 0].numpy(), "uniform").pvalue > 1e-3
    assert stats.kstest(u[:, 1].numpy(), "uniform").pvalue > 1e-3
    assert abs(float(torch.corrcoef(u.T)[0, 1])) < 4 / math.sqrt(20_000)


def test_a_code_is_the_noise_that_a_point_is_made_of():
    g, u = triangle(), torch.rand(50, 2, dtype=torch.float64)
    with torch.no_grad():
        torch.testing.assert_close(g.codes(Batch(g.push(u))), u, rtol=0, atol=1e-9)
        torch.testing.assert_close(g.decode(u), g.push(u), rtol=0, atol=0)


def test_in_one_dimension_it_is_the_inverse_cdf():
    """A triangular map of one coordinate pushes u to the quantile of the mixture, found by bisection of its CDF."""
    T = LogisticMixture(3)
    g = stirred(pf.recipes.triangular(Vector(1), cdf=T).sampler.double())
    u = torch.linspace(0.05, 0.95, 7, dtype=torch.float64)[:, None]
    with torch.no_grad():
        log_w, m, log_s = T.parts(g.bijector.parts[1].network(torch.zeros(1, 1, dtype=torch.float64))[0, 0])
        F = lambda x: float((log_w.exp() * torch.sigmoid((x - m) / log_s.exp())).sum())
        x = g.bijector.parts[0](g.push(u))[0][:, 0]  # standardised
    np.testing.assert_allclose([F(v) for v in x], u[:, 0].numpy(), atol=1e-9)


@pytest.mark.parametrize("name", RECIPES)
@pytest.mark.parametrize("space", [Vector(3), Columns(("a", "b")), Image(1, 8, 8), Image(3, 12, 8)], ids=str)
def test_points_come_back_from_their_codes(name, space):
    g = stirred(getattr(pf.recipes, name)(space, conditional=False).sampler, 0.05).eval()
    torch.manual_seed(2)
    x = torch.rand(4, *space.shape) * 1.6 - 0.8
    with torch.no_grad():
        torch.testing.assert_close(g.decode(g.codes(Batch(x))), x, rtol=1e-3, atol=1e-3)
        assert g.log_prob(Batch(x)).shape == (4,)


@pytest.mark.parametrize("name", [*RECIPES, "grid_cdf"])
def test_labels_change_the_density_and_can_be_turned_off(name):
    space = Image(1, 8, 8, classes=("a", "b"))
    told, not_told = (getattr(pf.recipes, name)(space, conditional=c).sampler for c in (True, False))
    assert (told.classes, not_told.classes) == (2, 0)
    stirred(told, 0.05)
    x = Batch(torch.zeros(2, 1, 8, 8), torch.tensor([0, 1]))
    with torch.no_grad():
        assert told.log_prob(x)[0] != told.log_prob(x)[1]


def test_the_noise_must_have_a_coordinate_for_each():
    with pytest.raises(Refused, match="noise of Flow must have the 3 coordinates of a point, got 2"):
        Flow(Chain([]), Normal(2), (3,))


def test_couplings_refuse_a_single_coordinate():
    with pytest.raises(Refused, match="real-nvp needs two coordinates or more.* triangular takes one"):
        pf.recipes.real_nvp(Vector(1))


def test_first_columns_come_first():
    g = pf.recipes.triangular(Columns(("a", "b", "c")), first=("c",)).sampler
    assert g.groups == (1, 2, 0)


@pytest.mark.parametrize(
    ("values", "step"),
    [
        (lambda rng: rng.integers(0, 50, 400), 1.0),
        (lambda rng: rng.integers(0, 50, 400) / 4, 0.25),
        (lambda rng: rng.integers(0, 2, 400), 1.0),
        (lambda rng: (rng.integers(0, 90, 400) - 37.3) / 12.7, 1 / 12.7),
        (lambda rng: np.round(rng.normal(size=400), 2), 0.01),
        (lambda rng: rng.normal(size=400), 0.0),
        (lambda rng: np.full(400, 3.0), 0.0),
        (lambda rng: np.where(rng.random(400) < 0.5, 0, rng.normal(size=400)), 0.0),
    ],
)
def test_steps_between_values_are_found(values, step):
    """Whole numbers in any unit have one; continuous ones, constants and atoms among continuous ones have none."""
    x = torch.from_numpy(values(np.random.default_rng(0)).astype(np.float32))
    assert float(grain(x[:, None])[0]) == pytest.approx(step, rel=1e-3)


def test_noise_fills_a_step_and_rounding_undoes_it():
    torch.manual_seed(0)
    x = torch.randint(0, 5, (10_000, 1)).float()
    filled = dequantised(x, torch.tensor([1.0]))
    assert torch.equal(filled.round(), x)
    assert stats.kstest((filled - x + 0.5).numpy()[:, 0], "uniform").pvalue > 1e-3
