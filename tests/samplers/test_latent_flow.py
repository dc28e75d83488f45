"""The law of samples that are decoded to features: its bound, change of variables, and which gradients reach what."""

from math import log, pi

import pytest
import torch
from torch import nn

import pushforward as pf
from pushforward.bijectors import ActNorm, Bijector, Chain, Couplings, Interleaved
from pushforward.critics import Adversarial
from pushforward.data.parts.stored import TensorPart
from pushforward.discrepancies import LogRatio
from pushforward.games import Hybrid
from pushforward.likelihoods import Gaussian
from pushforward.monotone import Affine
from pushforward.networks import MLP, Dense
from pushforward.posteriors import DiagonalGaussian
from pushforward.samplers import LatentFlow, LatentModel, Normal
from pushforward.spaces import Batch, Image, Vector
from pushforward.training import Turn
from pushforward.tuning import SGD


@pytest.fixture
def in_float64():
    """Draws of noise in float64 too."""
    torch.set_default_dtype(torch.float64)
    yield
    torch.set_default_dtype(torch.float32)


class Scaled(Bijector):
    """y = a·x."""

    def __init__(self, factor):
        super().__init__()
        self.factor = nn.Parameter(torch.tensor(factor))

    def forward(self, x, label=None):
        return self.factor * x, (x.shape[1] * self.factor.log()).expand(len(x))

    def inverse(self, y, label=None):
        return y / self.factor


class Of(nn.Module):
    """The linear map v ↦ v W, as an encoder or a decoder."""

    def __init__(self, weight):
        super().__init__()
        self.weight = nn.Parameter(torch.tensor(weight))

    def forward(self, v):
        return v @ self.weight


def linear(factor=2.0, q=0.36, slope=0.6):
    """y | z ~ N(z, ½²), z ~ N(0, 1), y = 2x, and q(z|y) = N(0.6 y, 0.36), which is not the posterior's N(.8 y, .2)."""
    encoder = Of([[slope, 0.0]])
    latent = LatentModel(
        nn.Sequential(encoder, Shifted(log(q))), DiagonalGaussian(1), Of([[1.0]]), Gaussian(0.5), Normal(1), Vector(1)
    )
    return LatentFlow(Scaled(factor), latent, (1,)).double()


class Shifted(nn.Module):
    """(m, s) ↦ (m, s + b)."""

    def __init__(self, by):
        super().__init__()
        self.by = by

    def forward(self, h):
        return h + torch.tensor([0.0, self.by], dtype=h.dtype)


@pytest.mark.parametrize(("draws", "of_features"), [(1, -1.983), (5, -1.735), (50, -1.708)])
def test_the_bound_of_a_linear_model(draws, of_features):
    """log p(y) = −1.7065 at y = 1.3 and the bounds of features are known; a point has log 2 more, y being 2x."""
    g = linear()
    torch.manual_seed(0)
    found = g.bound(Batch(torch.full((40_000, 1), 0.65).double()), draws).detach()
    error = float(found.std()) / 200
    assert float(found.mean()) == pytest.approx(of_features + log(2), abs=0.002 + 4 * error)
    assert float(found.mean()) < -1.7065 + log(2) + 4 * error


def test_it_bounds_the_likelihood_by_importance():
    """In each point K draws give less on average than 5,000, which are near log p itself."""
    torch.manual_seed(0)
    g = pf.recipes.ade(Vector(2), widths=(8,), layers=2, network=MLP((8,))).sampler
    x = torch.randn(20, 2)
    g.prepare(Batch(torch.randn(500, 2)))
    g.eval()
    with torch.no_grad():
        few = torch.stack([g.bound(Batch(x), 1) for _ in range(400)])
        many = g.bound(Batch(x), 5000)
    assert (few.mean(0) < many + 4 * few.std(0) / 20).all()
    assert float(few.mean()) < float(many.mean()) - 0.01


def couplings(d):
    a, b = (d + 1) // 2, d // 2
    networks = [Dense(n, 2 * m, (8,), 0) for n, m in ((a, b), (b, a), (a, b))]
    f = Chain([ActNorm(d), Couplings(Interleaved(), Affine(), (a, b), networks)])
    for p in f.parameters():
        nn.init.normal_(p, 0.0, 0.3)
    return f


def model(d=3, **options):
    torch.manual_seed(0)
    latent = LatentModel(
        MLP((8,)).encoder(Vector(d), 4), DiagonalGaussian(2), MLP((8,)).generator(2, Vector(d)), Gaussian(),
        Normal(2), Vector(d),
    )  # fmt: skip
    return LatentFlow(couplings(d), latent, (d,), **options)


def test_the_change_of_variables_is_the_jacobians():
    """log q(x) − L(f(x)) of the same draws is log |det ∂f/∂x| by automatic differentiation, in float64."""
    g, x = model().double(), torch.randn(5, 3).double()
    torch.manual_seed(3)
    whole = g.bound(Batch(x), 7)
    torch.manual_seed(3)
    of_features = g.latent.bound(Batch(g.bijector(x)[0]), 7)
    jacobians = torch.stack([torch.autograd.functional.jacobian(lambda v: g.bijector(v[None])[0][0], p) for p in x])
    torch.testing.assert_close(whole - of_features, torch.linalg.slogdet(jacobians).logabsdet, rtol=1e-9, atol=1e-9)


def test_samples_of_features_come_back():
    g = model().double()
    z = g.draw_noise(6).double()
    x = g.push(z)
    torch.testing.assert_close(g.bijector(x)[0], g.latent.push(z), rtol=1e-8, atol=1e-8)
    codes = torch.randn(6, 2).double()
    torch.testing.assert_close(g.bijector(g.decode(codes))[0], g.latent.decode(codes), rtol=1e-8, atol=1e-8)


def hybrid(**options):
    critic = MLP((8,)).critic(Vector(3), 1)
    weights = {name: options.pop(name) for name in ("likelihood", "adversarial") if name in options}
    D = Adversarial(LogRatio(), critic, critic_steps=0)
    return Hybrid(Vector(3), model(**options), D, **weights, tune=SGD(1.0, momentum=0.0)).double()


def stepped(game, x):
    """Return the gradient of every weight of the sampler in one turn."""
    turn = Turn(dict(game.players()), game.tune)
    turn.begin(0, 0.0)
    game.step(lambda: Batch(x), turn)
    return {name: p.grad for name, p in game.sampler.named_parameters()}


@pytest.mark.usefixtures("in_float64")
@pytest.mark.parametrize("moves", [False, True])
def test_the_gradients_of_both_terms_are_those_of_a_step_by_hand(moves):
    """In float64: −λ·mean(log p(f(x)|z) + log N(z) − log q(z|f(x)) + log|det|)/3 − α·mean V(f⁻¹(d(c)))."""
    game, x = hybrid(likelihood=2.0, adversarial=3.0, features_by_critic=moves), torch.randn(16, 3).double()
    game.prepare(TensorPart(torch.randn(500, 3).double()))
    g, V = game.sampler, game.discrepancy.f
    torch.manual_seed(5)
    torch.rand(16, 3)  # the noise that would fill steps, of which these data have none
    y, log_det = g.bijector(x)
    mean, log_variance = g.latent.encoder(y - g.latent.centre).chunk(2, 1)
    e = torch.randn(16, 2)
    z = mean + (log_variance / 2).exp() * e
    d, s = g.latent.decoder(z), g.latent.free
    log_p = -((y - d) ** 2 / (2 * (2 * s).exp()) + s + log(2 * pi) / 2).sum(1)
    log_prior = -(z**2 + log(2 * pi)).sum(1) / 2
    log_q = -(e**2 + log_variance + log(2 * pi)).sum(1) / 2
    bound = 2 * -(log_p + log_prior - log_q + log_det).mean() / 3
    torch.rand(16, 3)
    c = torch.randn(16, 2)
    means = g.bijector.inverse(g.latent.decoder(c))
    names, weights = zip(*g.named_parameters(), strict=True)
    of_bound = torch.autograd.grad(bound, weights, allow_unused=True)
    of_critic = torch.autograd.grad(-3 * V(means).mean(), weights, allow_unused=True)
    torch.manual_seed(5)
    found = stepped(game, x)
    for name, a, b in zip(names, of_bound, of_critic, strict=True):
        kept = b if moves or not name.startswith("bijector") else None
        expected = sum(v for v in (a, kept) if v is not None)
        torch.testing.assert_close(found[name], expected, rtol=1e-6, atol=1e-9)
    assert of_critic[names.index("bijector.parts.0.shift")].abs().max() > 0  # there was something to hold back


@pytest.mark.usefixtures("in_float64")
def test_which_terms_reach_the_features():
    x = torch.randn(16, 3).double()
    rows = TensorPart(torch.randn(500, 3).double())

    def reached(**options):
        game = hybrid(**options)
        game.prepare(rows)
        return any(grad is not None and bool(grad.any()) for name, grad in stepped(game, x).items() if "bij" in name)

    assert reached(adversarial=0.0)
    assert not reached(likelihood=0.0)
    assert reached(likelihood=0.0, features_by_critic=True)
    assert not reached(features_by_likelihood=False)


def test_a_critic_sees_means_unless_draws_are_asked_for():
    """With noise of features of 20, samples are far from the means, which are within what the decoder gives."""
    g = model()
    with torch.no_grad():
        g.latent.free.fill_(3.0)
    torch.manual_seed(1)
    shown = g.bijector(g.for_critic(500).x)[0]
    assert shown.std() < 3
    drawn = model(means=False)
    with torch.no_grad():
        drawn.latent.free.fill_(3.0)
    assert drawn.bijector(drawn.for_critic(500).x)[0].std() > 10


def test_encoder_and_features_are_averaged_and_kept():
    game = pf.recipes.ade(Vector(2), widths=(8,), layers=2, network=MLP((8,)))
    names = {name.split(".")[0] for name, _ in nn.ModuleDict(game.kept)["sampler"].named_parameters()}
    assert names == {"bijector", "latent"}
    assert game.coding() is game.sampler
    assert any(name.startswith("latent.encoder") for name, _ in game.kept["sampler"].named_parameters())


def test_no_adversary_is_v_ade():
    game = pf.recipes.ade(Vector(2), widths=(8,), layers=2, network=MLP((8,)), adversarial=0.0)
    game.prepare(TensorPart(torch.randn(100, 2)))
    turn = Turn(dict(game.players()), game.tune)
    turn.begin(5000, 0.0)
    game.step(lambda: Batch(torch.randn(16, 2)), turn)
    assert set(turn.records) == {"sampler"}


@pytest.mark.parametrize("scales", [1, 2])
def test_pictures_with_classes(scales):
    space = Image(1, 16, 16, classes=("a", "b"))
    game = pf.recipes.ade(space, scales=scales, layers=2, width=4, depth=1)
    x, label = torch.rand(8, 1, 16, 16) * 1.8 - 0.9, torch.arange(8) % 2
    game.prepare(TensorPart(x))
    g = game.sampler.eval()
    assert g.log_prob(Batch(x, label)).shape == (8,)
    assert g.for_critic(4).label.shape == (4,)
    back = g.bijector.inverse(g.bijector(x)[0]).view_as(x)
    torch.testing.assert_close(back, x, rtol=1e-3, atol=1e-3)
