"""The recipes with an encoder: their turns written out once more, and what their defaults promise."""

from copy import deepcopy
from math import log

import numpy as np
import pytest
import torch
from torch.nn.functional import softplus

import pushforward as pf
from pushforward.discrepancies import MMD
from pushforward.errors import Refused
from pushforward.games import Autoencoding, FeatureCost
from pushforward.kernels import Gaussian as Kernel
from pushforward.likelihoods import Bernoulli, Gaussian
from pushforward.networks import MLP
from pushforward.posteriors import DiagonalGaussian
from pushforward.samplers import Density, Mixture, Normal, Sphere, Uniform
from pushforward.spaces import Batch, Image, Vector
from pushforward.training import Turn
from pushforward.tuning import SGD

SPACE = Vector(4)
X = torch.randn(16, 4, generator=torch.Generator().manual_seed(0))


def one_turn(game, seed=3):
    turn = Turn(dict(game.players()), game.tune)
    turn.begin(0, 0.0)
    torch.manual_seed(seed)
    game.step(lambda: Batch(X), turn)
    return turn.records


def lowered(loss, modules, rate):
    weights = [p for m in modules for p in m.parameters()]
    for p, slope in zip(weights, torch.autograd.grad(loss, weights), strict=True):
        p.data -= rate * slope


def test_a_turn_of_adversarial_variational_bayes():
    options = dict(noise_dim=3, posterior_widths=(8,), critic_widths=(8,), likelihood=Gaussian(0.5), critic_steps=1)
    steps = dict(tune=SGD(0.1), critic_tune=SGD(0.2), batch_size=16)
    game = pf.recipes.avb(SPACE, MLP((8,)), 2, adaptive=False, **options, **steps)
    torch.nn.init.normal_(game.discrepancy.f.network[-1].weight)  # else the first critic says nothing of x
    g, f = deepcopy(game.sampler), deepcopy(game.discrepancy.f)
    one_turn(game)

    T = lambda x, z: f.network(torch.cat([x, z], 1))[:, 0] - z.square().sum(1) / 2
    code = lambda: g.posterior.network(torch.cat([g.encoder(X), torch.randn(16, 3)], 1))
    torch.manual_seed(3)
    with torch.no_grad():
        torch.rand(16, 4)  # for steps between values, which these data do not have
        z, c = code(), torch.randn(16, 2)
    lowered(softplus(-T(X, c)).mean() + softplus(T(X, z)).mean(), [f], 0.2)
    torch.rand(16, 4)
    z = code()
    nats = torch.distributions.Normal(g.decoder(z), 0.5).log_prob(X).sum(1)
    lowered(-(nats + T(X, z)).mean(), [g.encoder, g.posterior, g.decoder], 0.1)
    players = [*game.sampler.parameters(), *game.discrepancy.f.parameters()]
    for expected, found in zip([*g.parameters(), *f.parameters()], players, strict=True):
        torch.testing.assert_close(found, expected)


def test_a_turn_with_adaptive_contrast():
    """T of whitened codes against N(0, I), and log r − log π by torch's normal laws, r with the codes' moments."""
    options = dict(noises=2, noise_dim=3, posterior_widths=(8,), critic_widths=(8,), likelihood=Gaussian(0.5))
    steps = dict(critic_steps=1, tune=SGD(0.1), critic_tune=SGD(0.2), batch_size=16)
    game = pf.recipes.avb(SPACE, MLP((8,)), 2, **options, **steps)
    with torch.no_grad():
        game.sampler.encoder[-1].bias += 5  # else codes are standardised by deviations of a thousandth
    torch.nn.init.normal_(game.discrepancy.f.network[-1].weight)
    g, f = deepcopy(game.sampler), deepcopy(game.discrepancy.f)
    one_turn(game)

    T = lambda x, z: f.network(torch.cat([x, z], 1))[:, 0] - z.square().sum(1) / 2

    def code():
        said, noise = g.encoder(X), torch.randn(16, 6)
        first, second = g.posterior.layers
        parts = [torch.nn.functional.elu(noise[:, 3 * i : 3 * i + 3] @ first.weight[i] + first.bias[i])
                 @ second.weight[i] + second.bias[i] for i in range(2)]  # fmt: skip
        a = [(said[:, 2 + 2 * i : 4 + 2 * i] - 5).clamp(min=0) + (said[:, 2 + 2 * i : 4 + 2 * i] - 5).clamp(max=0).exp()
             for i in range(2)]  # fmt: skip
        z = said[:, :2] + a[0] * parts[0] + a[1] * parts[1]
        mean = said[:, :2] + a[0] * parts[0].mean(0) + a[1] * parts[1].mean(0)
        S = sum(
            torch.diag_embed(w) @ part.T.cov(correction=0) @ torch.diag_embed(w)
            for w, part in zip(a, parts, strict=True)
        )
        root = torch.linalg.cholesky(S + 1e-5 * torch.diag_embed(S.diagonal(dim1=1, dim2=2)))
        white = (torch.linalg.inv(root) @ (z - mean)[:, :, None])[:, :, 0]
        return z, torch.distributions.MultivariateNormal(mean, scale_tril=root), white

    torch.manual_seed(3)
    with torch.no_grad():
        torch.rand(16, 4)
        _, _, white = code()
        c = torch.randn(16, 2)
    lowered(softplus(-T(X, c)).mean() + softplus(T(X, white)).mean(), [f], 0.2)
    torch.rand(16, 4)
    z, r, white = code()
    nats = torch.distributions.Normal(g.decoder(z), 0.5).log_prob(X).sum(1)
    prior = torch.distributions.Normal(0.0, 1.0).log_prob(z).sum(1)
    divergence = -T(X, white) + r.log_prob(z) - prior
    lowered((divergence - nats).mean(), [g.encoder, g.posterior, g.decoder], 0.1)
    players = [*game.sampler.parameters(), *game.discrepancy.f.parameters()]
    for expected, found in zip([*g.parameters(), *f.parameters()], players, strict=True):
        torch.testing.assert_close(found, expected)


def test_a_turn_of_the_importance_weighted_autoencoder():
    """By two gradients: of the decoder with weights w̃, of the encoder by codes alone with w̃²."""
    game = pf.recipes.iwae(SPACE, MLP((8,)), 2, likelihood=Gaussian(0.5), draws=5, tune=SGD(0.1), batch_size=16)
    g = deepcopy(game.sampler)
    one_turn(game)

    torch.manual_seed(3)
    torch.rand(16, 4)
    h = g.encoder(X).repeat_interleave(5, 0)
    mean, log_variance = h.chunk(2, 1)
    z = mean + (log_variance / 2).exp() * torch.randn(80, 2)
    held = torch.distributions.Normal(mean.detach(), (log_variance / 2).exp().detach())

    def log_w(code):
        nats = torch.distributions.Normal(g.decoder(code), 0.5).log_prob(X.repeat_interleave(5, 0)).sum(1)
        return (nats + torch.distributions.Normal(0.0, 1.0).log_prob(code).sum(1) - held.log_prob(code).sum(1)).view(
            16, 5
        )

    w = log_w(z).detach().softmax(1)
    of_decoder = torch.autograd.grad(-(w * log_w(z.detach())).sum(1).mean() / 4, list(g.decoder.parameters()))
    of_encoder = torch.autograd.grad(-(w**2 * log_w(z)).sum(1).mean() / 4, list(g.encoder.parameters()))
    for module, slopes in (("encoder", of_encoder), ("decoder", of_decoder)):
        before, after = (getattr(s, module).parameters() for s in (g, game.sampler))
        for p, slope, found in zip(before, slopes, after, strict=True):
            torch.testing.assert_close(found, p - 0.1 * slope)


def test_adversarial_and_wasserstein_autoencoders_have_the_same_gradients():
    """With a deviation of e⁻⁵, a hundredth of what steps change: encoder, decoder and critic step alike by both."""
    options = dict(penalty=0.7, tune=SGD(0.1), critic_tune=SGD(0.2), batch_size=16)
    noisy = pf.recipes.aae(SPACE, MLP((8,)), MLP((8,)), Normal(2), **options)
    sure = pf.recipes.wae_gan(SPACE, MLP((8,)), MLP((8,)), Normal(2), **options)
    wide, narrow = noisy.sampler.encoder[-1], sure.sampler.encoder[-1]
    with torch.no_grad():
        wide.weight[2:], wide.bias[2:] = 0.0, -20.0
        narrow.weight.copy_(wide.weight[:2])
        narrow.bias.copy_(wide.bias[:2])
        before = narrow.weight.clone()
    sure.sampler.encoder[1].load_state_dict(noisy.sampler.encoder[1].state_dict())
    sure.sampler.decoder.load_state_dict(noisy.sampler.decoder.state_dict())
    sure.discrepancy.load_state_dict(noisy.discrepancy.state_dict())
    for game in (noisy, sure):
        turn = Turn(dict(game.players()), game.tune)
        turn.begin(0, 0.0)
        game.sampler.draw_codes = lambda n, law: torch.linspace(-1, 1, 2 * n).view(n, 2)  # the same draws of the prior
        game.step(lambda: Batch(X), turn)
    pairs = [(noisy.sampler.decoder, sure.sampler.decoder), (noisy.discrepancy, sure.discrepancy),
             (noisy.sampler.encoder[1], sure.sampler.encoder[1])]  # fmt: skip
    for one, other in pairs:
        for p, q in zip(one.parameters(), other.parameters(), strict=True):
            torch.testing.assert_close(p, q, atol=5e-4, rtol=0)
    torch.testing.assert_close(wide.weight[:2], narrow.weight, atol=5e-4, rtol=0)
    assert (wide.weight[:2] - before).abs().max() > 5e-3


@pytest.mark.parametrize("margin", [0.35, 0.0, 100.0])
def test_a_turn_of_three_players(margin):
    """By three losses of one batch, and the gates: at first the critic is at log 2, above an equilibrium of 0.68."""
    torch.manual_seed(0)
    options = dict(beta=1.0, weight=0.3, margin=margin, tune=SGD(0.1), critic_tune=SGD(0.2), batch_size=16)
    game = pf.recipes.vae_gan(SPACE, MLP((8, 8)), 2, **options)
    g, f = deepcopy(game.sampler), deepcopy(game.discrepancy.f)
    records = one_turn(game)

    torch.manual_seed(3)
    mean, log_variance = g.encoder(X).chunk(2, 1)
    e, drawn = torch.randn(16, 2), torch.randn(16, 2)
    rebuilt, samples = g.decoder(mean + (log_variance / 2).exp() * e), g.decoder(drawn)
    layer = lambda x: f[:4](x)  # flattened, a layer and its rectifier, and the second layer
    error = (layer(X) - layer(rebuilt)).square().sum(1).mean() / 2
    divergence = (mean**2 + log_variance.exp() - 1 - log_variance).sum(1).mean() / 2
    of_data, of_samples = softplus(-f(X)).mean(), softplus(f(torch.cat([rebuilt, samples]))).mean()
    fooled = softplus(-f(torch.cat([rebuilt, samples]))).mean()
    losses = {"critic": (of_data + of_samples, f, game.discrepancy.f, 0.2),
              "encoder": (divergence + error, g.encoder, game.sampler.encoder, 0.1),
              "decoder": (0.3 * error + fooled, g.decoder, game.sampler.decoder, 0.1)}  # fmt: skip
    waits = {"critic": min(of_data, of_samples) < 0.68 - margin, "decoder": max(of_data, of_samples) > 0.68 + margin}
    stays = {name for name, too_far in waits.items() if too_far and not all(waits.values())}
    assert records.keys() == losses.keys() - stays
    assert (margin == 0.0) == (stays != set() or all(waits.values()))
    slopes = {name: torch.autograd.grad(loss, list(m.parameters()), retain_graph=True)
              for name, (loss, m, _, _) in losses.items()}  # fmt: skip
    for name, (_, before, after, rate) in losses.items():
        rate = 0.0 if name in stays else rate
        for p, slope, found in zip(before.parameters(), slopes[name], after.parameters(), strict=True):
            torch.testing.assert_close(found, p - rate * slope)


def test_what_three_players_need():
    with pytest.raises(Refused, match="layer of FeatureCost must be from 1 to 2, which lie before the critic's last"):
        pf.recipes.vae_gan(SPACE, MLP((8, 8)), layer=3)
    with pytest.raises(Refused, match="weight of FeatureCost must be positive, got 0"):
        pf.recipes.vae_gan(SPACE, weight=0.0)
    with pytest.raises(Refused, match="margin of Gate must be at least 0, got -1"):
        pf.recipes.vae_gan(SPACE, margin=-1.0)
    sampler = pf.recipes.wae_mmd(SPACE).sampler
    with pytest.raises(Refused, match="give a discrepancy with one"):
        Autoencoding(SPACE, sampler, MMD(Kernel(1.0)), 0.0, features=FeatureCost())
    noisy = pf.recipes.vae(SPACE).sampler
    D = pf.recipes.vae_gan(SPACE).discrepancy
    with pytest.raises(Refused, match="an adaptive contrast needs the moments"):
        Autoencoding(SPACE, noisy, D, adaptive=True)
    with pytest.raises(Refused, match="numbers of its own to learn"):
        Autoencoding(SPACE, noisy, D, features=FeatureCost())


def test_the_penalty_of_codes_has_mean_zero_under_the_prior():
    """WAE-MMD's at 100 draws of N(0, I₈), seven scales: over 400 repeats within five of its errors."""
    D = pf.recipes.wae_mmd(SPACE, MLP((8,))).discrepancy
    values = torch.stack([D(torch.randn(100, 8), torch.randn(100, 8)) for _ in range(400)])
    assert abs(values.mean()) < 5 * values.std() / 20


def test_seven_scales_of_codes():
    """Σ C/(C + s) at .1, .2, .5, 1, 2, 5, 10 times C = 16, at a squared distance of 16."""
    k = pf.recipes.wae_mmd(SPACE, MLP((8,))).discrepancy.kernel
    value = float(k(torch.zeros(1, 8), torch.full((1, 8), 2**0.5)))
    assert value == pytest.approx(sum(16 * c / (16 * c + 16) for c in (0.1, 0.2, 0.5, 1, 2, 5, 10)), rel=1e-5)


def test_which_say_how_likely_a_point_is():
    say = {name: isinstance(getattr(pf.recipes, name)(SPACE).sampler, Density) for name in
           ("vae", "iwae", "vae_iaf", "gumbel_vae", "ae", "wae_mmd", "wae_gan", "aae", "avb", "vae_gan")}  # fmt: skip
    assert [name for name, density in say.items() if density] == ["vae", "iwae", "vae_iaf", "gumbel_vae", "avb"]
    assert not isinstance(pf.recipes.avb(SPACE, adaptive=False).sampler, Density)


def test_a_normal_law_in_the_place_of_the_posterior_makes_a_bound():
    """Against the integral over codes of two numbers: the bound stays below, and comes near with many draws."""
    g = pf.recipes.avb(SPACE, MLP((8,)), 2, likelihood=Gaussian(1.0)).sampler.eval()
    with torch.no_grad():
        g.encoder[-1].bias[2:] += 7  # else codes deviate by thousandths
        x, line = Batch(X[:4]), torch.linspace(-7, 7, 281)
        every = torch.cartesian_prod(line, line)
        decoded, log_prior = g.decoded(every), g.prior.log_prob(every) + 2 * (line[1] - line[0]).log()
        exact = torch.stack([(g.cost.log_prob(p.expand(len(every), 4), decoded) + log_prior).logsumexp(0) for p in x.x])
        one = torch.stack([g.bound(x, 1) for _ in range(500)])
        torch.testing.assert_close(g.bound(x, 50_000), exact, atol=0.05, rtol=0)
    assert (one.mean(0) < exact + 5 * one.std(0) / 500**0.5).all()


def test_hard_choices_make_a_bound():
    """Against the sum over all codes, of two choices of three: the bound stays below and comes near with many draws."""
    space = Image(1, 1, 4, 0.0, 1.0)
    g = pf.recipes.gumbel_vae(space, MLP((8,)), 2, 3, Bernoulli()).sampler.eval()
    x = Batch((torch.rand(6, 1, 1, 4) < 0.5).float())
    eye = torch.eye(3)
    every = torch.stack([torch.cat([eye[i], eye[j]]) for i in range(3) for j in range(3)])
    with torch.no_grad():
        decoded = g.decoded(every)
        nats = torch.stack([g.cost.log_prob(p.expand(9, 1, 1, 4), decoded).logsumexp(0) for p in x.x]) - log(9)
        one = torch.stack([g.bound(x, 1) for _ in range(500)])
        torch.testing.assert_close(g.bound(x, 20_000), nats, atol=0.02, rtol=0)
    assert (one.mean(0) < nats + 5 * one.std(0) / 500**0.5).all()


def test_a_prior_of_another_scale_has_a_closed_form_too():
    h = torch.randn(5, 6)
    law = torch.distributions.Normal(h[:, :3], (h[:, 3:] / 2).exp())
    expected = torch.distributions.kl_divergence(law, torch.distributions.Normal(0.0, 2.0))
    torch.testing.assert_close(DiagonalGaussian(3).divergence(h, Normal(3, 2.0)), expected, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("options", [dict(noise=Mixture(2)), dict(prior_layers=2)], ids=str)
@pytest.mark.parametrize("name", ["vae", "iwae", "vae_iaf", "avb"])
def test_rich_priors_take_part(name, options):
    """A turn leaves no weight of the prior where it was; samples decode its draws; the divergence is that of draws."""
    game = getattr(pf.recipes, name)(SPACE, MLP((8,)), 2, likelihood=Gaussian(0.5), tune=SGD(0.1), **options)
    prior = game.sampler.prior
    learnt = [p.detach().clone() for p in prior.parameters()] if isinstance(prior, torch.nn.Module) else []
    assert bool(learnt) == ("prior_layers" in options)
    one_turn(game)
    one_turn(game)  # at first couplings are the identity: their last layers move first
    assert all(not torch.equal(a, b) for a, b in zip(learnt, prior.parameters(), strict=True)) if learnt else True
    assert game.sampler(6).x.shape == (6, 4)
    assert DiagonalGaussian(2).divergence(torch.randn(3, 4), prior) is None


def test_a_learnt_prior_is_a_law():
    """Its density is that of its draws: the mean of e^{log N − log π} over them is one, within five errors."""
    prior = pf.recipes.vae(SPACE, MLP((8,)), 2, prior_layers=3).sampler.prior
    for p in prior.parameters():
        torch.nn.init.normal_(p, 0.0, 0.2)
    with torch.no_grad():
        z = prior.draw(100_000)
        w = (Normal(2, 0.7).log_prob(z) - prior.log_prob(z)).exp()
    assert abs(w.mean() - 1) < 5 * w.std() / 100_000**0.5


def test_codes_on_a_sphere_and_in_a_cube():
    """WAE-MMD's kernels scale by the expected squared distance of two draws: 2, and 2·d/3."""
    for noise, far in ((Sphere(8), 2.0), (Uniform(6), 4.0)):
        game = pf.recipes.wae_mmd(SPACE, MLP((8,)), noise)
        assert game.discrepancy.kernel.bandwidth[3] == pytest.approx(far**0.5)
        z, other = noise.draw(40_000), noise.draw(40_000)
        assert float((z - other).square().sum(1).mean()) == pytest.approx(far, rel=0.02)
    with pytest.raises(Refused, match="codes with a normal law lie where Sphere has no density"):
        pf.recipes.vae(SPACE, MLP((8,)), 3, Sphere(3))
    with pytest.raises(Refused, match="noise of codes must have the 3 coordinates of a code, got 2"):
        pf.recipes.vae(SPACE, MLP((8,)), 3, Normal(2))
    with pytest.raises(Refused, match="a critic that knows the prior needs its density at every code"):
        pf.recipes.wae_gan(SPACE, MLP((8,)), MLP((8,)), Uniform(2), known_prior=True)


def test_the_critic_that_knows_the_prior_pairs_every_code_with_its_own():
    """f(z) = n(z) − ‖z‖²/2, one number a code; with n = 0 and codes N(m, I) only the codes' half is left to learn."""
    game = pf.recipes.wae_gan(SPACE, MLP((8,)), MLP((8,)), Normal(3), known_prior=True)
    f, z = game.discrepancy.f, torch.randn(7, 3)
    torch.testing.assert_close(f(z), f.network(z) - z.square().sum(1, keepdim=True) / 2)
    one_turn(game)


def test_other_penalties_of_codes():
    """WGAN-GP's critic ascends E f(c) − E f(e(x)) less its tax, and sliced transport needs no critic."""
    D, tax = pf.discrepancies.MeanDifference(), pf.critics.GradientPenalty(10.0)
    game = pf.recipes.wae_gan(SPACE, MLP((8,)), MLP((8,)), Normal(2), discrepancy=D, constraint=tax)
    records = one_turn(game)
    assert records.keys() == {"critic", "sampler"}
    assert game.discrepancy.constraints == (tax,)
    sliced = pf.recipes.wae_mmd(SPACE, MLP((8,)), Normal(2), discrepancy=pf.discrepancies.SlicedWasserstein(20))
    assert one_turn(sliced).keys() == {"sampler"}


@pytest.mark.parametrize("recipe", ["vae", "vae_iaf", "gumbel_vae", "avb"])
def test_what_raises_a_bound_hands_over_the_state_of_the_best_bound(recipe):
    assert getattr(pf.recipes, recipe)(SPACE).by_likelihood


def test_where_nothing_draws_codes_to_the_prior_the_state_is_the_one_that_rebuilds_best(tmp_path):
    """Of a sine, by codes of one number; the score is the mean of squares between points and what codes stand for."""
    t = np.random.default_rng(0).uniform(0, 6, 400)
    data = pf.data.load(np.stack([np.sin(t), np.cos(t), np.sin(t) + 2], 1).astype("f4"))
    assert pf.recipes.vae(SPACE, beta=0.0).by_rebuilding
    game = pf.recipes.ae(data.space, MLP((8,)), 1)
    run = pf.fit(game, data, steps=60, run=tmp_path / "r", probe_every=20, verdict=False, quiet=True)
    kept = run.kept
    assert (kept["chosen_by"], kept["better"]) == ("reconstruction-error", "lower")
    unseen = data.validation.all()
    back = data.codec.encode(run.reconstruct(data.codec.decode(unseen))).x
    assert kept["value"] == pytest.approx(float((back - unseen.x).square().mean()), rel=1e-4)


@pytest.mark.parametrize(
    ("recipe", "options"),
    [("aae", {}), ("avb", {"adaptive": False}), ("wae_mmd", {}), ("wae_gan", {}), ("vae_gan", {})],
)
def test_what_has_no_bound_hands_over_a_state_by_its_samples(recipe, options):
    game = getattr(pf.recipes, recipe)(SPACE, **options)
    assert not game.by_likelihood
    assert not game.by_rebuilding
