"""The triangular map of pictures: masses that sum to 1, draws that have them, pixels that see earlier ones alone."""

from itertools import product

import numpy as np
import pytest
import torch
from scipy.stats import chisquare, logistic

import pushforward as pf
from pushforward.errors import Refused
from pushforward.likelihoods import GreyLevels
from pushforward.samplers import GridCDF
from pushforward.spaces import Batch, Image, Vector


def stirred(g, size=0.5):
    torch.manual_seed(0)
    with torch.no_grad():
        for p in g.parameters():
            p.add_(size * torch.randn_like(p))
    return g


def small(space, levels=4, floor=0.01):
    g = stirred(GridCDF(space, GreyLevels(2, floor), 4, 1, (8,)))
    g.grain.fill_(2 / (levels - 1))
    return g


def test_masses_are_differences_of_a_mixture_of_logistic_cdfs():
    """By SciPy's logistic law, with both tails in the end levels, and a share of the uniform law."""
    law, L = GreyLevels(3, 0.02), 16
    p = torch.from_numpy(np.random.default_rng(0).normal(size=9))
    w, m, rate = (part.numpy() for part in law._parts(p))
    F = lambda v: (w[:, None] * logistic.cdf(v, m[:, None], 1 / rate[:, None])).sum(0)
    cdf = np.concatenate([[0.0], F(np.arange(1, L) / L), [1.0]])
    expected = 0.02 / L + 0.98 * np.diff(cdf)
    found = law.log_mass(torch.arange(L, dtype=torch.float64), p.expand(L, -1), L).exp()
    np.testing.assert_allclose(found.numpy(), expected, rtol=1e-9)
    u = torch.rand(1000, dtype=torch.float64)
    k = law.quantile(u, p.expand(1000, -1), L)
    assert np.array_equal(k.numpy(), np.searchsorted(cdf, u.numpy(), side="right") - 1)


@pytest.mark.parametrize("space", [Image(1, 1, 3), Image(3, 1, 1), Image(1, 2, 2)], ids=str)
def test_masses_of_all_pictures_sum_to_one(space):
    g = small(space, levels=3)
    every = torch.tensor(list(product([-1.0, 0.0, 1.0], repeat=space.dim))).view(-1, *space.shape)
    with torch.no_grad():
        assert float(g.log_prob(Batch(every)).double().exp().sum()) == pytest.approx(
            1, abs=1e-4
        )  # extent of a level: 1


def test_draws_have_the_masses():
    """Of pictures of two pixels and four levels, by a χ² test; without the floor, which samples leave out."""
    g = small(Image(1, 1, 2), floor=0.0)
    every = torch.tensor(list(product([-1, -1 / 3, 1 / 3, 1], repeat=2))).view(-1, 1, 1, 2)
    torch.manual_seed(1)
    with torch.no_grad():
        masses = g.log_prob(Batch(every)).double().exp() * (2 / 3) ** 2
        drawn = ((g(50_000).x + 1) / (2 / 3)).round().flatten(1)
    counts = torch.bincount((4 * drawn[:, 0] + drawn[:, 1]).long(), minlength=16)
    seen = masses * 50_000 > 5
    expected = masses[seen] / masses[seen].sum() * counts[seen].sum()
    assert chisquare(counts[seen].numpy(), expected.numpy()).pvalue > 1e-3


def test_it_is_a_triangular_map():
    """In the order in which pixels are drawn, the mass of what is drawn so far feels no later pixel: two levels of
    grids, two channels. Changing the last-drawn pixels changes no parameter of the earlier ones."""
    g = small(Image(3, 14, 14), levels=256)
    x = (torch.randint(0, 256, (1, 3, 14, 14)) / 127.5 - 1).float()
    late = x.clone()
    late[:, :, ::2, 1::2] = 1.0  # the last phase
    late[:, :, 1::2, ::2] = -1.0
    seen = []
    hooks = [m.register_forward_hook(lambda m, i, o: seen.append(o.detach())) for m in (g.coarse, *g.fine)]
    with torch.no_grad():
        g.log_prob(Batch(x))
        first = seen[:]
        seen.clear()
        g.log_prob(Batch(late))
    for hook in hooks:
        hook.remove()
    assert len(first) == len(seen) == 1 + 2 * 3
    for one, other in zip(first[:5], seen[:5], strict=True):  # coarse, the diagonal's channels, the last phase's first
        assert torch.equal(one, other)
    assert not torch.equal(first[6], seen[6])


@pytest.mark.parametrize("space", [Image(1, 8, 8), Image(3, 28, 14), Image(1, 9, 30), Image(1, 56, 28)], ids=str)
def test_pictures_of_any_sides(space):
    g = pf.recipes.grid_cdf(space, width=4, widths=(8,)).sampler.eval()
    x = g(2).x.detach()
    assert x.shape == (2, *space.shape)
    assert ((x + 1) * 127.5 - ((x + 1) * 127.5).round()).abs().max() < 1e-3
    assert g.log_prob(Batch(x)).isfinite().all()


def test_levels_are_those_of_the_data():
    g = pf.recipes.grid_cdf(Image(1, 8, 8), width=4, widths=(8,)).sampler
    torch.manual_seed(0)
    g.prepare(Batch((torch.randint(0, 17, (500, 1, 8, 8)) / 8 - 1).float()))
    assert g.levels == 17
    assert set(((g(20).x.detach() + 1) * 8).round().unique().tolist()) <= set(range(17))


def test_pictures_without_levels_are_refused():
    g = pf.recipes.grid_cdf(Image(1, 8, 8)).sampler
    with pytest.raises(Refused, match="grid-cdf needs pictures of grey levels"):
        g.prepare(Batch(torch.rand(100, 1, 8, 8)))
    with pytest.raises(Refused, match="grid-cdf is for pictures, got rows of numbers; for these there is triangular"):
        pf.recipes.grid_cdf(Vector(4))


def test_masses_keep_their_digits_where_networks_run_in_bfloat16():
    """Parameters rounded to eight bits make masses of sharp laws negative; networks are rounded, CDFs are not."""
    g = stirred(pf.recipes.grid_cdf(Image(1, 28, 28), width=8, widths=(32,)).sampler, 0.2)
    g.grain.fill_(2 / 255)
    x = (torch.randint(0, 256, (64, 1, 28, 28)) / 127.5 - 1).float()
    x[..., :14] = 1.0  # the last level, whose mass is 1 less a sum
    with torch.no_grad():
        exact = g.log_prob(Batch(x))
        with torch.autocast("cpu", torch.bfloat16):
            rounded = g.log_prob(Batch(x))
    assert rounded.dtype == torch.float32
    assert ((rounded - exact).abs() < 0.1 * exact.abs()).all()
