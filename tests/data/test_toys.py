import math

import numpy as np
import pytest
import torch
from scipy.integrate import quad

from pushforward import data as pfd
from pushforward.data.toy_data import TOYS
from pushforward.errors import Refused

LAWS = [pytest.param(law, id=name) for name, law in TOYS.items()]


def lattice(law, spacing=0.5):
    """A lattice whose spacing is half the smallest width, six widths beyond the samples' centres, and its cell."""
    width = {"ring-3d": 0.15, "ring-unequal": 0.1}.get(law.name) or law.std
    draws = law.draw(2000, torch.Generator().manual_seed(1)).double()
    low, high = draws.min(0).values - 6 * width, draws.max(0).values + 6 * width
    axes = [
        torch.arange(float(a), float(b), spacing * width, dtype=torch.float64) for a, b in zip(low, high, strict=True)
    ]
    return torch.cartesian_prod(*axes), (spacing * width) ** law.dim


@pytest.mark.parametrize("law", LAWS)
def test_densities_integrate_to_one(law):
    # The rectangle rule errs by exp(−2π² width²/spacing²) for Gaussians, 1e-34 here and 1e-15 for the tilted ring.
    x, cell = lattice(law)
    assert law.log_prob(x).exp().sum() * cell == pytest.approx(1, abs=1e-7)


@pytest.mark.parametrize("law", LAWS)
def test_draws_have_the_entropy_of_the_density(law, rng):
    # E log p(x) over draws = ∫ p log p by quadrature, within four standard errors.
    x, cell = lattice(law)
    log_p = law.log_prob(x)
    found = law.log_prob(law.draw(4000, rng))
    assert abs(found.mean() - (log_p.exp() * log_p).sum() * cell) < 4 * found.std() / math.sqrt(4000)


@pytest.mark.parametrize("law", LAWS)
def test_draws_have_the_moments_of_the_density(law, rng):
    x, cell = lattice(law)
    p = law.log_prob(x).exp() * cell
    draws = law.draw(20_000, rng).double()
    for power in (1, 2):
        error = draws.pow(power).std(0) / math.sqrt(len(draws))
        assert (abs(draws.pow(power).mean(0) - p @ x.pow(power)) < 4.5 * error).all()


@pytest.mark.parametrize("law", LAWS)
def test_draws_come_from_the_generator(law):
    one, same, other = (law.draw(50, torch.Generator().manual_seed(seed)) for seed in (3, 3, 4))
    assert torch.equal(one, same)
    assert not torch.equal(one, other)
    assert one.dtype == torch.float32
    assert one.shape == (50, law.dim)


@pytest.mark.parametrize("law", [pfd.SwissRoll(), pfd.TwoMoons()])
@pytest.mark.parametrize("point", [(0.3, 0.1), (1.0, -0.7), (-0.5, 0.72)])
def test_curves_against_adaptive_quadrature(law, point):
    # p(x) = ∫₀¹ N(x; γ(t), std² I) dt; the midpoint rule with 4096 nodes errs by O(1/4096²) at the ends.
    def integrand(t):
        at = law.at(torch.tensor([t], dtype=torch.float64))[0].numpy()
        return np.exp(-((at - point) ** 2).sum() / (2 * law.std**2)) / (2 * math.pi * law.std**2)

    exact = quad(integrand, 0, 0.5, epsabs=1e-12, limit=500)[0] + quad(integrand, 0.5, 1, epsabs=1e-12, limit=500)[0]
    found = law.log_prob(torch.tensor([point], dtype=torch.float64)).exp()
    assert float(found) == pytest.approx(exact, rel=1e-4)


def test_ring_has_the_modes_of_the_paper():
    modes = pfd.Ring().modes
    assert modes.centers.shape == (8, 2)
    assert torch.allclose(modes.centers.norm(dim=1), torch.full((8,), 2.0, dtype=torch.float64))
    assert modes.std == 0.2


def test_share_of_the_ring_within_three_deviations(rng):
    # P(|N(0, I₂)| < 3) = 1 − exp(−9/2); four standard errors of a share.
    x, modes, share = pfd.Ring().draw(50_000, rng), pfd.Ring().modes, 1 - math.exp(-4.5)
    near = torch.cdist(x.double(), modes.centers).min(1).values < 3 * modes.std
    assert abs(near.double().mean() - share) < 4 * math.sqrt(share * (1 - share) / 50_000)


def test_weights_of_the_unequal_ring_fall_by_its_ratio(rng):
    law = pfd.UnequalRing(pfd.Ring(4), ratio=0.5)
    assert law.modes.weights.tolist() == pytest.approx([8 / 15, 4 / 15, 2 / 15, 1 / 15])
    nearest = torch.cdist(law.draw(20_000, rng).double(), law.modes.centers).argmin(1)
    shares = torch.bincount(nearest, minlength=4) / 20_000
    # Gaussians of 0.2 at distances of 2.8 overlap by less than 1e-11; four standard errors of a share.
    assert ((shares - law.modes.weights).abs() < 4 * (law.modes.weights / 20_000).sqrt()).all()
    equal, ring = pfd.UnequalRing(pfd.Ring(4), ratio=1.0), pfd.Ring(4)
    x = ring.draw(10, rng)
    assert torch.allclose(equal.log_prob(x), ring.log_prob(x))
    with pytest.raises(Refused, match="ratio of UnequalRing must be in"):
        pfd.UnequalRing(ratio=0.0)


def test_grid_is_centred_with_25_modes():
    centers = pfd.Grid().modes.centers
    assert {tuple(c) for c in centers.tolist()} == {(a, b) for a in range(-2, 3) for b in range(-2, 3)}


def test_tilted_ring_lies_in_a_plane_turned_by_a_third_of_pi(rng):
    # Across the plane, whose normal is (0, −sin π/3, cos π/3), the deviation is 0.1.
    across = pfd.TiltedRing().draw(20_000, rng) @ torch.tensor([0, -math.sin(math.pi / 3), math.cos(math.pi / 3)])
    assert float(across.std()) == pytest.approx(0.1, rel=4 / math.sqrt(2 * 20_000))


@pytest.mark.parametrize("name", TOYS)
def test_toys_load_with_density_and_sixty_thousand_training_points(name):
    data = pfd.load(name, seed=2)
    assert (len(data.train), len(data.validation), len(data.test)) == (60_000, 10_000, 10_000)
    assert data.space == pfd.load(name).codec.space
    assert (data.modes is None) == (name in ("swiss-roll", "two-moons"))
    x = data.test.all(100).x
    assert torch.equal(data.log_prob(x), TOYS[name].log_prob(x))
    assert np.array_equal(data.codec.decode(data.test.all(100)), x.numpy())  # toys keep their units


def test_other_sizes_of_a_toy_are_objects():
    data = pfd.load(pfd.Ring(count=3))
    assert len(data.modes.centers) == 3
    assert not data.reloadable
