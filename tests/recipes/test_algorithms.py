"""Each recipe's turn against its paper's algorithm, written out once more: same weights, data and noise, in float64."""

from copy import deepcopy

import pytest
import torch

import pushforward as pf
from pushforward.kernels import Gaussian
from pushforward.networks import MLP
from pushforward.samplers import Normal, Uniform
from pushforward.spaces import Batch, Vector
from pushforward.training import Turn
from pushforward.tuning import SGD, Steps

N, TURNS = 7, 3


@pytest.fixture(autouse=True)
def _doubles():
    torch.set_default_dtype(torch.float64)
    yield
    torch.set_default_dtype(torch.float32)


@pytest.fixture
def data():
    """Batches in a fixed order, and a way to begin it again."""
    all_ = torch.randn(40, N, 2)

    class Source:
        at = 0

        def __call__(self) -> Batch:
            self.at += 1
            return Batch(all_[self.at - 1])

    return Source


def played(game, source, turns: int = TURNS):
    """The game after some turns; noise from seed 1."""
    turn = Turn(dict(game.players()), game.tune)
    torch.manual_seed(1)
    for number in range(turns):
        turn.begin(number, 0.0)
        game.step(source, turn)
    return turn


class Adam:
    """θ ← θ − lr·m̂/(√v̂ + ε), Kingma and Ba's algorithm 1."""

    def __init__(self, lr: float, b1: float, b2: float):
        self.lr, self.b1, self.b2, self.t, self.m, self.v = lr, b1, b2, 0, {}, {}

    @torch.no_grad()
    def step(self, parameters, gradients):
        self.t += 1
        for i, (p, g) in enumerate(zip(parameters, gradients, strict=True)):
            self.m[i] = self.b1 * self.m.get(i, 0) + (1 - self.b1) * g
            self.v[i] = self.b2 * self.v.get(i, 0) + (1 - self.b2) * g**2
            m, v = self.m[i] / (1 - self.b1**self.t), self.v[i] / (1 - self.b2**self.t)
            p -= self.lr * m / (v.sqrt() + 1e-8)


class RMSprop:
    """v ← α·v + (1 − α)·g², θ ← θ − lr·g/(√v + ε)."""

    def __init__(self, lr: float, alpha: float = 0.99):
        self.lr, self.alpha, self.v = lr, alpha, {}

    @torch.no_grad()
    def step(self, parameters, gradients):
        for i, (p, g) in enumerate(zip(parameters, gradients, strict=True)):
            self.v[i] = self.alpha * self.v.get(i, 0) + (1 - self.alpha) * g**2
            p -= self.lr * g / (self.v[i].sqrt() + 1e-8)


def gradients(loss, network, **options):
    return torch.autograd.grad(loss, list(network.parameters()), **options)


def assert_same(network, expected):
    """Adam's quotient multiplies rounding by at most 1/ε·|g| of gradients that vanish; none does here."""
    for p, q in zip(network.parameters(), expected.parameters(), strict=True):
        torch.testing.assert_close(p, q, rtol=0, atol=1e-10)


@pytest.mark.parametrize("k", [1, 2])
@pytest.mark.parametrize("saturating", [False, True])
def test_gan(saturating, k, data):
    """Goodfellow et al. (2014), Algorithm 1: k ascents of the discriminator, one descent of the generator."""
    game = pf.recipes.gan(Vector(2), MLP((5,)), noise=Uniform(3), saturating=saturating, critic_steps=k, paper=True)
    f, g = deepcopy(game.discrepancy.f), deepcopy(game.sampler.network)
    played(game, data())
    source, descent, ascent = data(), Adam(2e-4, 0.5, 0.999), Adam(2e-4, 0.5, 0.999)
    torch.manual_seed(1)
    for _ in range(TURNS):
        for _ in range(k):
            x, z = source().x, torch.rand(N, 3) * 2 - 1
            V = torch.log(torch.sigmoid(f(x))).mean() + torch.log(1 - torch.sigmoid(f(g(z)))).mean()
            ascent.step(f.parameters(), [-d for d in gradients(V, f)])
        source()
        D = torch.sigmoid(f(g(torch.rand(N, 3) * 2 - 1)))
        loss = torch.log(1 - D).mean() if saturating else -torch.log(D).mean()
        descent.step(g.parameters(), gradients(loss, g))
    assert_same(game.discrepancy.f, f)
    assert_same(game.sampler.network, g)


def mean_kernel(a, b, sigmas):
    s = (a.unsqueeze(1) - b.unsqueeze(0)).pow(2).sum(-1)
    return sum(torch.exp(-s / (2 * sigma**2)) for sigma in sigmas).sum() / (len(a) * len(b))


def root_mmd(x, y, sigmas):
    square = mean_kernel(x, x, sigmas) + mean_kernel(y, y, sigmas) - 2 * mean_kernel(x, y, sigmas)
    return square.clamp(min=0).sqrt()


def test_mmd_net(data):
    """Li et al. (2015), Algorithm 1 with the square root of its §4."""
    sigmas = (0.5, 2.0)
    game = pf.recipes.mmd_net(Vector(2), MLP((5,)), Uniform(3), Gaussian(sigmas))
    g = deepcopy(game.sampler.network)
    played(game, data())
    source, descent = data(), Adam(1e-3, 0.9, 0.999)
    torch.manual_seed(1)
    for _ in range(TURNS):
        loss = root_mmd(source().x, g(torch.rand(N, 3) * 2 - 1), sigmas)
        descent.step(g.parameters(), gradients(loss, g))
    assert_same(game.sampler.network, g)


def test_mmd_gan(data):
    """Li et al. (2017), Algorithm 1 and released code."""
    sigmas, steps = (1.0, 2.0, 4.0, 8.0, 16.0), Steps(1, burst=3, first=1, every=2)
    game = pf.recipes.mmd_gan(Vector(2), 3, MLP((5,)), bound=0.05, critic_steps=steps, paper=True)
    f, g = deepcopy(game.discrepancy.f), deepcopy(game.sampler.network)
    played(game, data())
    source, descent, ascent = data(), RMSprop(5e-5), RMSprop(5e-5)
    torch.manual_seed(1)

    def compared(x, y):
        ex, ey = f.encoder(x), f.encoder(y)
        return root_mmd(ex, ey, sigmas) - 16 * torch.relu(ey.mean(0) - ex.mean(0)).mean()

    for critic_steps in (3, 1, 3):  # turn 0 is the first, turn 2 is divided by two
        for _ in range(critic_steps):
            x, z = source().x, torch.randn(N, 3)
            with torch.no_grad():
                for p in f.encoder.parameters():
                    p.clamp_(-0.05, 0.05)
                y = g(z)
            rebuilt = sum((f.decoder(f.encoder(h)) - h).pow(2).mean() for h in (x, y))
            ascent.step(f.parameters(), [-d for d in gradients(compared(x, y) - 8 * rebuilt, f)])
        descent.step(g.parameters(), gradients(compared(source().x, g(torch.randn(N, 3))), g))
    assert_same(game.discrepancy.f, f)
    assert_same(game.sampler.network, g)


def ratio(fx, fy, sigmas, ridge):
    """(n_y/n_x)·(K_yy + εI)⁻¹·K_yx·1 by an explicit inverse, averaged over the scales."""
    found = []
    for sigma in sigmas:
        kyy = torch.exp(-(fy.unsqueeze(1) - fy).pow(2).sum(-1) / (2 * sigma**2))
        kyx = torch.exp(-(fy.unsqueeze(1) - fx).pow(2).sum(-1) / (2 * sigma**2))
        inverse = torch.linalg.inv(kyy + ridge * torch.eye(len(fy)))
        found.append(len(fy) / len(fx) * inverse @ kyx.sum(1))
    return sum(found) / len(found)


@pytest.mark.parametrize("squared", [True, False])
@pytest.mark.parametrize("sigmas", [(1.0,), (0.5, 1.0, 3.0)])
def test_gram(sigmas, squared, data):
    """Srivastava et al. (2020), Algorithm 1: both gradients from one Gram matrix, then both steps."""
    ridge, weight = 0.1, 0.5
    tune = SGD(0.01, 0.0)
    game = pf.recipes.gram(
        Vector(2), MLP((5,)), noise=Normal(3), outputs=4, kernel=Gaussian(sigmas), ridge=ridge, positivity=weight,
        squared=squared, tune=tune,
    )  # fmt: skip
    f, g = deepcopy(game.projection), deepcopy(game.sampler.network)
    turn = played(game, data())
    source = data()
    torch.manual_seed(1)
    for _ in range(TURNS):
        fx, fy = f(source().x), f(g(torch.randn(N, 3)))
        r = ratio(fx, fy, sigmas, ridge)
        divergence = (r - 1).pow(2).mean() if squared else r.mean()
        lowered_by_f = -divergence - weight * r.sum()
        lowered_by_g = root_mmd(fx, fy, sigmas)
        of_f, of_g = gradients(lowered_by_f, f, retain_graph=True), gradients(lowered_by_g, g)
        with torch.no_grad():
            for p, d in zip([*f.parameters(), *g.parameters()], [*of_f, *of_g], strict=True):
                p -= 0.01 * d
    assert_same(game.projection, f)
    assert_same(game.sampler.network, g)
    assert turn.records["critic"]["loss"] == pytest.approx(-lowered_by_f.item(), rel=1e-9)
    assert turn.records["critic"]["terms"] == {"ratio": pytest.approx(r.mean().item(), rel=1e-9)}
    assert turn.records["sampler"]["loss"] == pytest.approx(lowered_by_g.item(), rel=1e-9)
