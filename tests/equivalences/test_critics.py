"""Methods that are one another, in float64, between forms that were written independently."""

from copy import deepcopy

import pytest
import torch
from torch import nn

from pushforward.critics import Adversarial, GradientPenalty, Scaling
from pushforward.discrepancies import MMD, Biased, Cramer, Energy, MeanDifference, Root
from pushforward.games import Matching
from pushforward.kernels import Gaussian, Linear
from pushforward.samplers import Normal, Pushforward
from pushforward.spaces import Batch, Vector
from pushforward.training import Turn
from pushforward.tuning import SGD


@pytest.fixture(autouse=True)
def _doubles():
    torch.set_default_dtype(torch.float64)
    yield
    torch.set_default_dtype(torch.float32)


def critic(outputs: int = 1) -> nn.Module:
    return nn.Sequential(nn.Linear(3, 6), nn.Tanh(), nn.Linear(6, outputs))


def points(n: int = 7, m: int = 9):
    return torch.randn(n, 3), (torch.randn(m, 3) + 0.5).requires_grad_()


def same(a, b, of, tolerance=1e-12):
    """Values and gradients."""
    torch.testing.assert_close(a, b, rtol=tolerance, atol=tolerance)
    options = {"allow_unused": True, "materialize_grads": True, "retain_graph": True}
    for p, q in zip(torch.autograd.grad(a, of, **options), torch.autograd.grad(b, of, **options), strict=True):
        torch.testing.assert_close(p, q, rtol=tolerance, atol=tolerance)


def test_wgan_with_its_last_layer_solved_is_the_linear_kernel():
    """sup over ‖w‖ ≤ 1 of w·(E φ(x) − E φ(y)) is √MMD² with k = ⟨·,·⟩, at the direction of the difference."""
    phi, (x, y) = critic(5), points()
    last = nn.Linear(5, 1, bias=False)
    gap = (phi(x).mean(0) - phi(y).mean(0)).detach()
    last.weight.data.copy_(gap / gap.norm())
    solved = Adversarial(MeanDifference(), nn.Sequential(phi, last))(x, y)
    kernel = Adversarial(Root(MMD(Linear(), Biased())), phi)(x, y)
    same(solved, kernel, [*phi.parameters(), y])
    for direction in torch.randn(20, 5):
        last.weight.data.copy_(direction / direction.norm())
        assert Adversarial(MeanDifference(), nn.Sequential(phi, last))(x, y) < kernel


def energy(x, y):
    """2·E‖x − y‖ − E‖x − x′‖ − E‖y − y′‖ over all pairs of different rows, in loops."""
    n, m = len(x), len(y)
    across = sum((p - q).square().sum().sqrt() for p in x for q in y) / (n * m)
    within_x = sum((x[i] - x[j]).square().sum().sqrt() for i in range(n) for j in range(n) if i != j) / (n * (n - 1))
    within_y = sum((y[i] - y[j]).square().sum().sqrt() for i in range(m) for j in range(m) if i != j) / (m * (m - 1))
    return 2 * across - within_x - within_y


@pytest.mark.parametrize("surrogate_critic", [False, True])
def test_cramers_sampler_lowers_the_energy_distance(surrogate_critic):
    f, (x, y) = critic(4), points()
    ours = Adversarial(Cramer(surrogate_critic), f).loss(Batch(x), Batch(y))
    same(ours, energy(f(x), f(y)), [y])


def test_cramers_critic_without_the_surrogate_raises_it():
    f, (x, y) = critic(4), points()
    same(Adversarial(Cramer(), f)(x, y), energy(f(x), f(y)), [*f.parameters(), y])


def test_cramers_paired_form_has_the_same_expectation():
    """Over 300 draws: ‖x − y‖ + ‖x − y′‖ − ‖y − y′‖ less E‖x − x′‖, and its gradient in the samples' mean."""
    shift = torch.tensor(0.5, requires_grad=True)
    found, moved = [], []
    for _ in range(300):
        x, y = torch.randn(12, 2), torch.randn(12, 2) + shift
        gap = Cramer(paired=True).surrogate(x, y) - (x - x.roll(1, 0)).norm(dim=1).mean() - Energy()(x, y)
        found.append(gap.detach())
        moved.append(torch.autograd.grad(gap, shift)[0])
    for differences in (torch.stack(found), torch.stack(moved)):
        assert abs(differences.mean()) < 4 * differences.std() / 300**0.5


def test_mmd_gan_with_a_frozen_critic_is_mmd_net():
    """The sampler's trajectory: behind a critic that never steps, and as MMD-net of a kernel on frozen features."""
    f, plan = critic(4), nn.Sequential(nn.Linear(2, 8), nn.Tanh(), nn.Linear(8, 3))
    data, ends = torch.randn(5, 16, 3) + 1.0, []

    def sampler():
        return Pushforward(deepcopy(plan), Normal(2))

    frozen = Matching(Vector(3), sampler(), Adversarial(MMD(Gaussian(1.0), Biased()), f, critic_steps=0), SGD(0.1, 0.0))
    net = Matching(Vector(3), sampler(), MMD(Gaussian(1.0).on(lambda t: f(t)), Biased()), SGD(0.1, 0.0))
    for game in (frozen, net):
        torch.manual_seed(0)
        turn = Turn(dict(game.players()), game.tune)
        for number, x in enumerate(data):
            turn.begin(number, 0.0)
            game.step(lambda x=x: Batch(x), turn)
        ends.append(game.sampler)
    written = deepcopy(plan)
    torch.manual_seed(0)
    for x in data:
        a, b = f(x), f(written(torch.randn(16, 2)))

        def mean(p, q):
            return torch.exp(-(p.unsqueeze(1) - q).square().sum(-1) / 2).mean()

        loss = mean(a, a) + mean(b, b) - 2 * mean(a, b)
        with torch.no_grad():
            for p, g in zip(written.parameters(), torch.autograd.grad(loss, list(written.parameters())), strict=True):
                p -= 0.1 * g
    for end in ends:
        for p, q in zip(end.network.parameters(), written.parameters(), strict=True):
            torch.testing.assert_close(p, q, rtol=1e-12, atol=1e-13)
    assert not torch.allclose(plan[0].weight, written[0].weight), "it has moved"


@pytest.mark.parametrize("ridge", [0.0, 1.0])
def test_scaled_wgan_squared_is_scaled_mmd_of_the_linear_kernel(ridge):
    """One output: (σ·(E f(x) − E f(y)))² = σ²·MMD², σ⁻² = λ + c·(E f² + E‖∇f‖²)."""
    f, (x, y) = critic(1), points()
    wasserstein = Adversarial(MeanDifference(), f, Scaling(ridge, 10.0, 10.0))(x, y)
    kernel = Adversarial(MMD(Linear(), Biased()), f, Scaling(ridge, 10.0, 10.0))(x, y)
    slopes = torch.autograd.functional.jacobian(lambda t: f(t).sum(), x, create_graph=True)
    written = (f(x).mean() - f(y).mean()) / (ridge + 10 * (f(x).square().mean() + slopes.square().sum(1).mean())).sqrt()
    same(wasserstein, written, [*f.parameters(), y])
    same(wasserstein.square(), kernel, [*f.parameters(), y])


@pytest.mark.parametrize("kernel", [Gaussian((0.7, 2.0)), Linear()], ids=repr)
def test_scaled_mmd_tends_to_mmd(kernel):
    """λ·SMMD² → MMD² as λ grows."""
    f, (x, y) = critic(3), points()
    scaled = 1e9 * Adversarial(MMD(kernel), f, Scaling(1e9, 1.0, 1.0))(x, y)
    torch.testing.assert_close(scaled, MMD(kernel)(f(x), f(y)), rtol=1e-6, atol=0)


def test_for_one_output_the_linear_kernels_penalty_is_wgan_gps_up_to_the_difference_of_means():
    """Its witness is f·(E f(x) − E f(y)): with weights such that the difference is 1, both taxes agree."""
    f, (x, y) = critic(1), points(7, 7)
    gap = (f(x).mean() - f(y).mean()).item()
    with torch.no_grad():
        f[2].weight.div_(gap)
        f[2].bias.div_(gap)
    taxes = []
    for D in (MeanDifference(), MMD(Linear(), Biased())):
        torch.manual_seed(0)
        bare, taxed = Adversarial(D, f), Adversarial(D, f, GradientPenalty())
        taxes.append(bare(x, y.detach()) - taxed.objective(Batch(x), Batch(y.detach())))
    torch.testing.assert_close(*taxes, rtol=1e-11, atol=1e-12)
