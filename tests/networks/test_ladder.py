"""A hierarchy of codes: what is shut is not there, what is open is whole, and the bound is one in every turn."""

from math import log, pi

import pytest
import torch

import pushforward as pf
from pushforward.errors import Refused
from pushforward.likelihoods import Gaussian
from pushforward.networks import MLP, Ladder, Opening, openings
from pushforward.posteriors import InverseAutoregressive
from pushforward.samplers import Normal
from pushforward.samplers.rates import levels, rates
from pushforward.spaces import Batch, Image, Vector
from pushforward.tuning import Adam

SPACE = Image(1, 8, 8, -float("inf"), float("inf"))
PLAN = dict(levels=2, channels=1, width=4)
TOP, ALL = 2, 2 + 16


def at(module, turn):
    for opening in openings(module):
        opening.turns.fill_(turn)
    return module


@pytest.mark.parametrize(
    ("turn", "shares"),
    [(0, (1, 0, 0)), (10, (1, 0, 0)), (15, (1, 0.5, 0)), (20, (1, 1, 0)), (27, (1, 1, 0.7)), (30, (1, 1, 1))],
)
def test_levels_open_one_after_another(turn, shares):
    opening = at(Opening((2, 1, 3), 10), turn)
    torch.testing.assert_close(opening(), torch.tensor(shares, dtype=torch.float32))
    of_numbers = [shares[0]] * 2 + [shares[1]] + [shares[2]] * 3
    torch.testing.assert_close(opening.of_numbers(), torch.tensor(of_numbers, dtype=torch.float32))


def generator(**options):
    torch.manual_seed(0)
    plan = Ladder(**PLAN | options)
    return plan.generator(sum(plan.sizes(SPACE, TOP)), SPACE)


def test_with_its_levels_shut_the_sampler_is_that_of_one_level():
    growing, one = generator(growth=10), generator(levels=1)
    one.load_state_dict({k: v for k, v in growing.state_dict().items() if not k.startswith(("entries", "opening"))})
    z = torch.randn(5, ALL)
    torch.testing.assert_close(growing(z), one(z[:, :TOP]))
    assert not torch.allclose(at(growing, 15)(z), one(z[:, :TOP]))


def test_growth_ends_at_the_full_model():
    growing, full = at(generator(growth=10), 20), generator()
    full.load_state_dict({k: v for k, v in growing.state_dict().items() if "opening" not in k})
    z = torch.randn(5, ALL)
    torch.testing.assert_close(growing(z), full(z))


def test_the_words_of_an_encoder_lie_in_the_order_of_a_code():
    """First means of all numbers, then scales of all, then what is left: of a vector of 2, a picture of 4×4, and 3."""
    e = Ladder(**PLAN).reader(SPACE, 2 * ALL + 3, ALL)
    with torch.no_grad():
        for last, words in ((e.whole, torch.arange(7.0)), (e.of_grids[0], torch.tensor([10.0, 20.0]))):
            last.weight.zero_()
            last.bias.copy_(words)
        said = e(torch.randn(2, 1, 8, 8))[0].tolist()
    assert said == [0, 1, *[10] * 16, 2, 3, *[20] * 16, 4, 5, 6]


def game(recipe, growth=0, **options):
    torch.manual_seed(0)
    given = {"likelihood": Gaussian()} if recipe.__name__ != "ade" else {"layers": 1, "width": 2, "depth": 1}
    made = recipe(Image(1, 8, 8), network=Ladder(**PLAN, growth=growth), latent_dim=TOP, **given | options)
    made.sampler.prepare(Batch(torch.rand(50, 1, 8, 8) * 1.8 - 0.9))
    return made


def latent(sampler):
    return getattr(sampler, "latent", sampler)


RECIPES = [(pf.recipes.vae, {}), (pf.recipes.iwae, {}), (pf.recipes.vae_iaf, {"layers": 2, "widths": (32,)}),
           (pf.recipes.ade, {}), (pf.recipes.ade, {"maps": 2})]  # fmt: skip
EVERY = pytest.mark.parametrize(("recipe", "options"), RECIPES, ids=lambda v: getattr(v, "__name__", str(v)))


@EVERY
def test_every_level_learns_once_it_is_open_and_costs_nothing_before(recipe, options):
    g = latent(game(recipe, 10, **options).sampler)
    x = torch.randn(6, 1, 8, 8)
    entry, said = g.decoder.entries[0], g.encoder.of_grids[0]
    for turn, is_open in ((0, False), (10, False), (11, True), (50, True)):
        at(g, turn).zero_grad()
        loss = -g.log_weights(x, None, 1).mean()
        loss.backward()
        for p in (*entry.parameters(), *said.parameters()):
            assert bool(p.grad.abs().max() > 0) == is_open
        noise = torch.randn(6, ALL)
        coded = g.posterior(g.said(x), noise)
        assert torch.equal(coded.z[:, TOP:], noise[:, TOP:]) != is_open
        divergence = g.posterior.divergence(g.said(x), Normal(ALL))
        if divergence is not None:
            assert bool(divergence[:, TOP:].abs().max() > 0) == is_open


def test_the_divergence_of_each_level_is_that_of_its_numbers():
    """Of N(m, s²) from N(0, 1), by draws: log q − log π of each level; nothing of maps, which have no closed form."""
    g = at(game(pf.recipes.vae, 10), 15).sampler
    x = torch.randn(3, 1, 8, 8)
    assert levels(g) == (TOP, ALL - TOP)
    with torch.no_grad():
        mean, log_variance = g.said(x).chunk(2, 1)
        z = mean + (log_variance / 2).exp() * torch.randn(20_000, 3, ALL)
        ratio = (z.square() - (z - mean).square() / log_variance.exp() - log_variance) / 2
        found = rates(g, x)
    for value, part in zip(found, ratio.split(levels(g), 2), strict=True):
        nats = part.sum(2).mean(1)
        assert abs(float(value - nats.mean())) < 5 * float(nats.std()) / len(nats) ** 0.5
    assert rates(game(pf.recipes.vae_iaf).sampler, x) is None
    assert rates(game(pf.recipes.ade).sampler, x).shape == (2,)


def jacobian_of_the_draw(q, h, noise):
    """That of a code in its noise, by automatic differentiation; log q of the posterior is what follows from it."""
    jacobian = torch.autograd.functional.jacobian(lambda e: q(h[:1], e[None]).z[0], noise[0])
    log_q = -(noise[0].square().sum() + noise.shape[1] * log(2 * pi)) / 2 - torch.linalg.slogdet(jacobian)[1]
    torch.testing.assert_close(q(h[:1], noise[:1]).log_prob[0], log_q)
    return jacobian


def test_maps_of_levels_that_are_open_are_the_plain_ones_and_shut_ones_add_no_density():
    torch.manual_seed(0)
    plain = InverseAutoregressive(5, 2, (16,), 3).double()
    for p in plain.parameters():  # which begin at maps that change little
        torch.nn.init.normal_(p, 0.0, 0.5)
    half = InverseAutoregressive(5, 2, (16,), 3, Opening((2, 3), 4)).double()
    half.load_state_dict(plain.state_dict(), strict=False)
    h, noise = torch.randn(7, 13).double(), torch.randn(7, 5).double()
    expected, found = plain(h, noise), at(half, 8)(h, noise)
    torch.testing.assert_close(found.z, expected.z)
    torch.testing.assert_close(found.log_prob, expected.log_prob)
    at(half, 0)
    h[:, [2, 3, 4, 7, 8, 9]] = 0.0  # as an encoder says of what is shut
    jacobian_of_the_draw(half, h, noise)
    assert torch.equal(half(h, noise).z[:, 2:], noise[:, 2:])
    jacobian = jacobian_of_the_draw(at(half, 6), h, noise)
    assert jacobian[2:, :2].abs().max() > 0, "a level that opens sees those above it"


@pytest.mark.parametrize("turn", [0, 15, 20])
@pytest.mark.parametrize(("recipe", "options"), [RECIPES[0], RECIPES[4]], ids=["vae", "ade"])
def test_the_bound_is_one_while_levels_open(recipe, options, turn):
    """In each point a draw gives less on average than 1,000 do, which are near log p itself."""
    g = at(game(recipe, 10, **options).sampler.eval(), turn)
    x = Batch(torch.rand(4, 1, 8, 8) * 1.8 - 0.9)
    with torch.no_grad():
        few = torch.stack([g.bound(x, 1) for _ in range(100)])
        many = g.bound(x, 1000)
    assert (few.mean(0) < many + 4 * few.std(0) / 10).all()
    assert float(few.mean()) < float(many.mean())


def test_a_run_goes_on_where_its_growth_was(tmp_path):
    data = pf.data.load("digits")
    make = lambda: pf.recipes.vae(data.space, Ladder(**PLAN, growth=2), batch_size=16, conditional=False, tune=Adam())
    said = dict(verdict=False, quiet=True, device="cpu", probe_every=5)
    whole = pf.fit(make(), data, run=tmp_path / "whole", steps=5, **said)
    pf.fit(make(), data, run=tmp_path / "parts", steps=3, **said)
    parts = pf.resume(tmp_path / "parts", steps=5, data=data, quiet=True)
    one, other = (run.sampler(weights="last").state_dict() for run in (whole, parts))
    assert all(torch.equal(a, other[name]) for name, a in one.items())
    assert {int(v) for name, v in one.items() if name.endswith("opening.turns")} == {4}
    assert whole.draw(3).x.shape == (3, 1, 8, 8)


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: pf.recipes.vae(Vector(5), Ladder()), "Ladder makes pictures, got data of shape .5,.; choose another"),
        (lambda: pf.recipes.ade(Vector(5), Ladder()), "Ladder makes pictures, got data of shape .5,.; choose another"),
        (lambda: pf.recipes.ade(Image(1, 16, 16), Ladder(), scales=2), "Ladder .* of ade .* say --scales 1"),
        (
            lambda: pf.recipes.vae(SPACE, Ladder(growth=5), noise=Normal(34, 2.0), latent_dim=2),
            "beside the prior N.0, I.",
        ),
        (lambda: pf.recipes.ae(SPACE, Ladder(growth=5), latent_dim=34), "growth. cost nothing .* take growth 0"),
        (lambda: pf.recipes.ae(SPACE, Ladder()), "pictures of 32 numbers of a code besides its vector, got 8 for"),
    ],
)
def test_refusals_say_what_to_do(make, said):
    with pytest.raises(Refused, match=said):
        make()


def test_other_plans_have_one_level():
    assert MLP().sizes(Vector(3), 7) == (7,)
    assert Ladder(3).sizes(Image(1, 28, 28), 7) == (7, 98, 392)
    assert Ladder(3, channels=1).sizes(Image(3, 64, 64), 7) == (7, 16, 64)
