"""Learnt noise within grey levels: its density against its Jacobian, and the bound that it gives."""

from math import log

import pytest
import torch

import pushforward as pf
from pushforward.errors import Refused
from pushforward.samplers import Density, FilledLevels, LevelNoise
from pushforward.spaces import Batch, Image, Vector
from pushforward.verbs.held_out import held_out_likelihood


def stirred(module, size=0.2):
    torch.manual_seed(0)
    with torch.no_grad():
        for p in module.parameters():
            p.add_(size * torch.randn_like(p))
    return module


def small(noise_layers=2):
    """A flow of pictures of four pixels, which has no scales, with its noise, in float64."""
    g = pf.recipes.real_nvp(Image(1, 2, 2), widths=(8,), layers=2, width=4, noise_layers=noise_layers).sampler
    g.grain.fill_(1.0)  # three levels, −1, 0 and 1
    return stirred(g).double().eval()


@pytest.mark.parametrize("layers", [1, 2, 3])
@pytest.mark.parametrize("classes", [0, 2])
def test_the_density_of_the_noise_is_that_of_its_jacobian(layers, classes):
    noise = stirred(LevelNoise(2, layers, 4, 1, classes).double())
    e, x = torch.rand(1, 2, 2, 2, dtype=torch.float64), torch.randn(1, 2, 2, 2, dtype=torch.float64)
    label = torch.tensor([1]) if classes else None
    u, log_r = noise(e, x, label)
    jacobian = torch.autograd.functional.jacobian(lambda e: noise(e, x, label)[0], e).reshape(8, 8)
    torch.testing.assert_close(log_r[0], -torch.linalg.slogdet(jacobian)[1], rtol=0, atol=1e-10)
    assert ((u > 0) & (u < 1)).all()


def test_it_begins_as_uniform_noise():
    noise = LevelNoise(1, 3, 4, 1).double()
    e = torch.rand(5, 1, 4, 4, dtype=torch.float64)
    u, log_r = noise(e, torch.randn(5, 1, 4, 4, dtype=torch.float64))
    torch.testing.assert_close(u, e, rtol=0, atol=1e-12)
    torch.testing.assert_close(log_r, torch.zeros(5, dtype=torch.float64), rtol=0, atol=1e-10)


def test_it_bounds_the_mass_of_a_level_from_below():
    """By importance: E exp(bound) is the mass of the cell over its volume, and the mean bound is below its logarithm.

    The mass is another mean, of the density over uniform points of the cell, which knows nothing of r.
    """
    g, n = small(), 40_000
    x = torch.tensor([[-1.0, 0.0], [0.0, 1.0]], dtype=torch.float64).expand(n, 1, 2, 2)
    with torch.no_grad():
        bounds = g.log_prob(Batch(x))
        masses = g.flow.log_prob(Batch(x + torch.rand(x.shape, dtype=torch.float64) - 0.5)).exp()
    weights = bounds.exp()
    error = (weights.var() / n + masses.var() / n) ** 0.5
    assert abs(weights.mean() - masses.mean()) < 4 * error
    assert bounds.mean() < masses.mean().log()


def test_training_tightens_the_bound():
    """Of pictures of one level a flow that is held fast leaves r alone to learn: the bound rises towards the mass."""
    g = small()
    g.flow.requires_grad_(False)
    x = Batch(torch.tensor([[-1.0, 0.0], [0.0, 1.0]], dtype=torch.float64).expand(256, 1, 2, 2))
    with torch.no_grad():
        before = float(torch.cat([g.log_prob(x) for _ in range(20)]).mean())
        u = torch.rand(20_000, 1, 2, 2, dtype=torch.float64) - 0.5
        mass = float(g.flow.log_prob(Batch(x.x[:1] + u)).exp().mean().log())
    adam = torch.optim.Adam(g.noise.parameters(), 0.02)
    for _ in range(150):
        loss = -g.log_prob(x).mean()
        adam.zero_grad()
        loss.backward()
        adam.step()
    with torch.no_grad():
        after = float(torch.cat([g.log_prob(x) for _ in range(20)]).mean())
    assert before < after < mass + 0.02
    assert mass - after < (mass - before) / 2


def test_noise_in_a_level_changes_nothing_that_it_says():
    g = small()
    x = torch.tensor([[-1.0, 0.0], [0.0, 1.0]], dtype=torch.float64).expand(8, 1, 2, 2)
    said = []
    for shift in (0.0, 0.4):
        torch.manual_seed(3)
        said.append(g.log_prob(Batch(x + shift)))
    torch.testing.assert_close(said[0], said[1], rtol=0, atol=0)


def test_the_verdict_says_that_it_is_a_bound(tmp_path):
    data = pf.data.load("digits", labels=None)
    game = pf.recipes.glow(data.space, layers=1, width=4, noise_layers=1)
    assert isinstance(game.sampler, FilledLevels)
    assert isinstance(game.sampler, Density)
    run = pf.fit(game, data, steps=3, run=tmp_path / "run", quiet=True)
    found = held_out_likelihood(run, data.test.all())
    assert "of a lower bound of the density" in found.score.note
    nats = run.density(data.test.all())
    assert found.score.value == pytest.approx(float(-nats.mean()) / (64 * log(2)), abs=1e-4)
    assert run.verdict["scores"]["bits-per-dimension"]["value"] == pytest.approx(found.score.value, abs=1e-6)
    again = pf.load(tmp_path / "run").density(data.test.all())
    torch.testing.assert_close(nats, again, rtol=0, atol=0)


@pytest.mark.parametrize("recipe", ["real_nvp", "glow"])
def test_it_is_for_pictures_of_even_sides(recipe):
    make = getattr(pf.recipes, recipe)
    with pytest.raises(Refused, match=r"noise_layers of .* must be 0, or positive for .* got 2 for rows of numbers"):
        make(Vector(3), noise_layers=2)
    with pytest.raises(Refused, match=r"pictures of even sides, got 1 for pictures of 7 × 8"):
        make(Image(1, 7, 8), noise_layers=1)


def test_pictures_between_levels_are_refused():
    g = pf.recipes.real_nvp(Image(1, 8, 8), noise_layers=1).sampler
    with pytest.raises(Refused, match="noise_layers needs pictures of grey levels"):
        g.prepare(Batch(torch.rand(10, 1, 8, 8)))
