"""Turns of the critic-based recipes against their papers' algorithms, written out once more, in float64."""

from copy import deepcopy

import pytest
import torch
from torch.nn.functional import softplus as sp

import pushforward as pf
from pushforward.discrepancies import Pearson
from pushforward.networks import MLP
from pushforward.samplers import Normal
from pushforward.spaces import Batch, Vector
from pushforward.training import Turn
from pushforward.tuning import SGD, Steps

N, TURNS, RATE = 6, 3, 0.05
NETS = {"network": MLP((5,), slope=0.2), "noise": Normal(3), "tune": SGD(RATE, 0.0)}


@pytest.fixture(autouse=True)
def _doubles():
    torch.set_default_dtype(torch.float64)
    yield
    torch.set_default_dtype(torch.float32)


def grad(loss, network):
    return torch.autograd.grad(loss, list(network.parameters()), allow_unused=True, materialize_grads=True)


@torch.no_grad()
def descend(network, gradients):
    for p, g in zip(network.parameters(), gradients, strict=True):
        p -= RATE * g


def compared(game, value, lowered, critic_steps=1, before=lambda f: None, together=False):
    """Plays both; `value(f, x, y)` is what the critic raises, `lowered(f, x, y)` what the sampler lowers."""
    f, g = deepcopy(game.discrepancy.f), deepcopy(game.sampler.network)
    begun = deepcopy(g)
    data = torch.randn(60, N, 2)

    def source():
        rows = iter(data)
        return lambda: Batch(next(rows))

    turn, batch = Turn(dict(game.players()), game.tune), source()
    torch.manual_seed(1)
    for number in range(TURNS):
        turn.begin(number, 0.0)
        game.step(batch, turn)
    torch.manual_seed(1)
    batch = source()
    for _ in range(TURNS):
        if together:
            x, y = batch().x, g(torch.randn(N, 3))
            up, down = grad(-value(f, x, y.detach()), f), grad(lowered(f, x, y), g)
            descend(f, up)
            descend(g, down)
            continue
        for _ in range(critic_steps):
            x, y = batch().x, g(torch.randn(N, 3)).detach()
            before(f)
            descend(f, grad(-value(f, x, y), f))
        x = batch().x
        descend(g, grad(lowered(f, x, g(torch.randn(N, 3))), g))
    for ours, theirs in ((game.discrepancy.f, f), (game.sampler.network, g)):
        for p, q in zip(ours.parameters(), theirs.parameters(), strict=True):
            torch.testing.assert_close(p, q, rtol=0, atol=1e-10)
    assert any(not torch.allclose(p, q) for p, q in zip(g.parameters(), begun.parameters(), strict=True))


def length(w, t):
    """‖∇w‖ at each point, the points being the only thing that is differentiated."""
    t = t.detach().requires_grad_()
    (s,) = torch.autograd.grad(w(t).sum(), t, create_graph=True)
    return s.norm(dim=1)


def penalty(w, x, y):
    u = torch.rand(N, 1)
    return ((length(w, u * x + (1 - u) * y) - 1) ** 2).mean()


def mean_gap(f, x, y):
    return f(x).mean() - f(y).mean()


def test_wgan():
    """Arjovsky et al. (2017), Algorithm 1."""

    @torch.no_grad()
    def clip(f):
        for p in f.parameters():
            p.clamp_(-0.1, 0.1)

    game = pf.recipes.wgan(Vector(2), **NETS, bound=0.1, critic_steps=Steps(2, burst=2, first=0, every=0))
    compared(game, mean_gap, lambda f, x, y: -f(y).mean(), 2, clip)


def test_wgan_gp():
    """Gulrajani et al. (2017), Algorithm 1."""
    game = pf.recipes.wgan_gp(Vector(2), **NETS, critic_steps=2)
    compared(
        game, lambda f, x, y: mean_gap(f, x, y) - 10 * penalty(f, x, y), lambda f, x, y: -f(y).mean(), critic_steps=2
    )


@pytest.mark.parametrize("loss", ["single", "alternate", "two steps"])
def test_f_gan(loss):
    """Nowozin et al. (2016), Algorithm 1 for Pearson's χ², with T = v and f*(t) = t²/4 + t where t > −2."""
    alternate, single = loss == "alternate", loss != "two steps"
    game = pf.recipes.f_gan(
        Vector(2), **NETS, divergence=Pearson(), alternate=alternate, single_step=single, critic_steps=2
    )

    def lowered(f, x, y):
        return -(f(y) if alternate else f(y) ** 2 / 4 + f(y)).mean()

    compared(game, lambda f, x, y: f(x).mean() - (f(y) ** 2 / 4 + f(y)).mean(), lowered, 2, together=single)


def pairs(k, a, b, different=False):
    values = torch.stack([torch.stack([k(p, q) for q in b]) for p in a])
    return (values.sum() - values.diagonal().sum()) / (len(a) * (len(a) - 1)) if different else values.mean()


def mmd(k, a, b):
    return pairs(k, a, a, True) + pairs(k, b, b, True) - 2 * pairs(k, a, b)


def gauss(p, q):
    return torch.exp(-((p - q) ** 2).sum() / 2)


def rq(p, q):
    s = ((p - q) ** 2).sum()
    return sum((1 + s / (2 * a)) ** -a for a in (0.2, 0.5, 1.0, 2.0, 5.0)) + p @ q


@pytest.mark.parametrize("recipe", ["mmd_gan_gp", "linear_mmd_gan"])
def test_mmd_gan_gp(recipe):
    """Bińkowski et al. (2018), with the penalty on the witness and, for rq*, the activations' mean squares."""
    k = rq if recipe == "mmd_gan_gp" else torch.dot
    game = getattr(pf.recipes, recipe)(Vector(2), **NETS, outputs=3, critic_steps=1)

    def value(f, x, y):
        def witness(t):
            return torch.stack(
                [
                    torch.stack([k(p, q) for q in f(x)]).mean() - torch.stack([k(p, q) for q in f(y)]).mean()
                    for p in f(t)
                ]
            )

        layers = sum((f[:2](h) ** 2).mean() + (f(h) ** 2).mean() for h in (x, y)) if k is rq else 0.0
        return mmd(k, f(x), f(y)) - penalty(witness, x, y) - layers

    compared(game, value, lambda f, x, y: mmd(k, f(x), f(y)))


def test_repulsive_mmd_gan():
    """Wang et al. (2019), equation 5, and its normalised weights taken as they come."""
    game = pf.recipes.repulsive_mmd_gan(Vector(2), **NETS, outputs=3)

    def value(f, x, y):
        a, b = f(x), f(y)
        return pairs(gauss, b, b, True) - pairs(gauss, a, a, True)

    compared(game, value, lambda f, x, y: mmd(gauss, f(x), f(y)))


@pytest.mark.parametrize("hinge", [True, False])
def test_sn_gan(hinge):
    """Miyato et al. (2018): hinge and non-saturating loss; the power iteration has tests of its own."""
    loss = {} if hinge else {"loss": pf.discrepancies.JensenShannon()}
    game = pf.recipes.sn_gan(Vector(2), **NETS, **loss, critic_steps=2)

    def value(f, x, y):
        if hinge:
            return -torch.relu(1 - f(x)).mean() - torch.relu(1 + f(y)).mean()
        return torch.sigmoid(f(x)).log().mean() + (1 - torch.sigmoid(f(y))).log().mean()

    compared(game, value, lambda f, x, y: -f(y).mean() if hinge else -torch.sigmoid(f(y)).log().mean(), 2)


@pytest.mark.parametrize("cross_entropy", [False, True])
def test_bgan(cross_entropy):
    """Hjelm et al. (2018) for continuous data, log Z running."""
    log_z = [0.0]
    game = pf.recipes.bgan(Vector(2), **NETS, cross_entropy=cross_entropy, rate=0.3)

    def lowered(f, x, y):
        if cross_entropy:
            return (sp(-f(y)) + f(y) / 2).mean()
        log_z[0] = 0.7 * log_z[0] + 0.3 * f(y).exp().mean().log().item()
        return ((f(y) - log_z[0]) ** 2).mean()

    compared(game, lambda f, x, y: -sp(-f(x)).mean() - sp(f(y)).mean(), lowered)


def test_cramer_gan():
    """Bellemare et al. (2017) with every other sample of the batch as y′."""

    def norm(p, q):
        return (p - q).square().sum().clamp(min=1e-300).sqrt()

    game = pf.recipes.cramer_gan(Vector(2), **NETS, outputs=4, critic_steps=1)

    def value(f, x, y):
        def witness(t):
            return torch.stack([torch.stack([norm(p, q) for q in f(y)]).mean() - p.norm() for p in f(t)])

        a, b = f(x), f(y)
        raised = pairs(norm, a, b) - a.norm(dim=1).mean() - pairs(norm, b, b, True) + b.norm(dim=1).mean()
        return raised - 10 * penalty(witness, x, y)

    def lowered(f, x, y):
        a, b = f(x), f(y)
        return 2 * pairs(norm, a, b) - pairs(norm, a, a, True) - pairs(norm, b, b, True)

    compared(game, value, lowered)


def jacobian(f, x):
    rows = [torch.autograd.functional.jacobian(lambda t: f(t.unsqueeze(0))[0], t, create_graph=True) for t in x]
    return torch.stack([(row**2).sum() for row in rows]).mean()


@pytest.mark.parametrize("recipe", ["smmd", "sn_smmd"])
@pytest.mark.parametrize("outputs", [1, 3])
def test_smmd(recipe, outputs):
    """Arbel et al. (2018): MMD²_u/(1 + 10·E‖∇f‖_F²) for a Gaussian of bandwidth 1."""
    game = getattr(pf.recipes, recipe)(Vector(2), **NETS, outputs=outputs, critic_steps=1)
    if recipe == "sn_smmd":
        game.discrepancy.f.eval()  # the reference runs f more often, and each forward in training moves u

    def scaled(f, x, y):
        return mmd(gauss, f(x), f(y)) / (1 + 10 * jacobian(f, x))

    compared(game, scaled, scaled)


def test_swgan():
    """Arbel et al. (2018), released code: (E f(x) − E f(y))/√(1 + 10·(E f(x)² + E‖∇f(x)‖²))."""
    game = pf.recipes.swgan(Vector(2), **NETS, critic_steps=1)

    def scale(f, x):
        return (1 + 10 * ((f(x) ** 2).mean() + jacobian(f, x))).rsqrt()

    compared(game, lambda f, x, y: mean_gap(f, x, y) * scale(f, x), lambda f, x, y: -f(y).mean() * scale(f, x))


def test_r3gan():
    """Huang et al. (2024): softplus of paired differences, R1 + R2 with γ/2."""
    game = pf.recipes.r3gan(Vector(2), **NETS, penalty=0.4)

    def value(f, x, y):
        taxes = (length(f, x) ** 2).mean() + (length(f, y) ** 2).mean()
        return -sp(-(f(x) - f(y))).mean() - 0.2 * taxes

    compared(game, value, lambda f, x, y: sp(-(f(y) - f(x))).mean())
