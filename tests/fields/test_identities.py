"""Fields against gradients of losses, scores and transport costs that are written down here in other forms."""

from dataclasses import dataclass

import pytest
import torch
from torch.testing import assert_close

from pushforward.discrepancies import MMD, Energy
from pushforward.fields import DoubleSoftmax, MMDGradient, ScoreDifference, Sinkhorn
from pushforward.kernels import Distance, Gaussian, Kernel, Laplacian, Linear, Polynomial, RationalQuadratic

EXACT = {"rtol": 1e-12, "atol": 1e-12}


@pytest.fixture
def clouds(rng):
    """Nine samples, fourteen data, eleven other samples in three dimensions."""
    draw = lambda n, mean: mean + torch.randn(n, 3, generator=rng, dtype=torch.float64)
    return draw(9, 0.7), draw(14, 0.0), draw(11, 0.3)


def gradient(loss, y):
    y = y.clone().requires_grad_()
    return torch.autograd.grad(loss(y), y)[0]


def differences(y, c):
    """c_j − y_i and their lengths."""
    d = c[None] - y[:, None]
    return d, d.square().sum(2).sqrt()


def mean_distance(y, x):
    """Of samples to data and to one another, a sample to itself left out."""
    return torch.cat([differences(y, x)[1].flatten(), *(differences(y[:i], y[i:][:1])[1].repeat(2, 1).flatten()
                                                        for i in range(1, len(y)))]).mean()  # fmt: skip


KERNELS = (Gaussian((0.5, 2.0)), Laplacian(1.3), Linear(), Polynomial(3), Distance(), 2 * RationalQuadratic())


@pytest.mark.parametrize("kernel", KERNELS, ids=repr)
def test_the_mmds_field_is_the_gradient_of_the_librarys_mmd(clouds, kernel):
    y, x, _ = clouds
    assert_close(MMDGradient(kernel)(y, x), -len(y) / 2 * gradient(lambda v: MMD(kernel)(x, v), y), **EXACT)


@pytest.mark.parametrize(
    ("V", "D"),
    [(MMDGradient(Gaussian(0.8)), MMD(Gaussian(0.8))), (MMDGradient(Distance()), 0.5 * Energy())],
    ids=repr,
)
def test_the_loss_of_a_sampler_that_follows_it_has_the_mmds_gradient(clouds, V, D):
    """mean ‖y − sg(y + V)‖², as `Drift` has it; the energy distance is twice the MMD² of the distance kernel."""
    y, x, _ = clouds
    goal = y + V(y, x)
    loss = lambda v: (v - goal).square().sum(1).mean()
    assert_close(gradient(loss, y), gradient(lambda v: D(x, v), y), **EXACT)


def shift(y, c, weight, apart=False):
    """mean_j w(‖c_j − y_i‖)·(c_j − y_i), over j ≠ i if the c are the y."""
    d, r = differences(y, c)
    return (weight(r)[..., None] * d).sum(1) / (len(c) - apart)


def test_with_the_gaussian_kernel_it_is_the_difference_of_weighted_shifts(clouds):
    y, x, other = clouds
    weight = lambda r: torch.exp(-(r**2) / (2 * 0.8**2))
    V = MMDGradient(Gaussian(0.8))
    assert_close(V(y, x), (shift(y, x, weight) - shift(y, y, weight, True)) / 0.8**2, **EXACT)
    assert_close(V(y, x, other), (shift(y, x, weight) - shift(y, other, weight)) / 0.8**2, **EXACT)


@dataclass(frozen=True)
class Matern(Kernel):
    """τ²·(1 + r/τ)·exp(−r/τ), of smoothness 3/2; its gradient in x is exp(−r/τ)·(y − x)."""

    scale: float = 1.0

    def __call__(self, x, y):
        d = (x[:, None] - y).square().sum(2)
        r = torch.where(d > 0, d, 1.0).sqrt() * (d > 0) / self.scale
        return self.scale**2 * (1 + r) * torch.exp(-r)


def test_the_laplace_weight_without_normalisation_is_the_mmd_of_a_matern_kernel(clouds):
    y, x, _ = clouds
    weight = lambda r: torch.exp(-r / 0.9)
    assert_close(MMDGradient(Matern(0.9))(y, x), shift(y, x, weight) - shift(y, y, weight, True), **EXACT)


def test_the_score_difference_is_that_of_kernel_density_estimates(clouds):
    y, x, other = clouds
    d = torch.cat([differences(y, x)[1], differences(y, other)[1]], 1)
    sigma = 0.4 * d.mean()

    def log_density(v, c):
        return torch.logsumexp(-(v[:, None] - c).square().sum(2) / (2 * sigma**2), 1).sum()

    scores = [gradient(lambda v, c=c: log_density(v, c), y) for c in (x, other)]
    assert_close(ScoreDifference(0.4)(y, x, other), sigma**2 * (scores[0] - scores[1]), **EXACT)


def test_each_sample_is_left_out_of_its_own_score(clouds):
    y, x, _ = clouds
    sigma = 0.3 * mean_distance(y, x)
    for i in range(len(y)):
        others = torch.cat([y[:i], y[i + 1 :]])
        means = []
        for c in (x, others):
            weight = torch.exp(-(c - y[i]).square().sum(1) / (2 * sigma**2))
            means.append((weight[:, None] * c).sum(0) / weight.sum())
        assert_close(ScoreDifference(0.3)(y, x)[i], means[0] - means[1], **EXACT)


def paper(y, x, other, temperature, floor=0.0):
    """Algorithm A1 with loops: V = Σ_j W⁺_ij x_j − Σ_j W⁻_ij y′_j, W^± = A^± · (row sum of A^∓)."""
    columns = torch.cat([x, y if other is None else other])
    r = differences(y, columns)[1]
    scale = mean_distance(y, x) if other is None else r.mean()
    k = torch.exp(-r / scale / temperature)
    if other is None:
        k[range(len(y)), range(len(x), len(columns))] = 0.0
    A = (k / k.sum(1, keepdim=True) * (k / k.sum(0))).clamp_min(floor**2).sqrt()
    V = torch.zeros_like(y)
    for i in range(len(y)):
        to_data, to_samples = A[i, : len(x)], A[i, len(x) :]
        V[i] = (to_data * to_samples.sum()) @ columns[: len(x)] - (to_samples * to_data.sum()) @ columns[len(x) :]
    return V


@pytest.mark.parametrize("floor", [0.0, 1e-3])
@pytest.mark.parametrize("temperature", [0.05, 0.2, 1.0])
def test_the_drifting_field_is_the_papers_algorithm(clouds, temperature, floor):
    y, x, other = clouds
    V = DoubleSoftmax(temperature, floor)
    assert_close(V(y, x), paper(y, x, None, temperature, floor), **EXACT)
    assert_close(V(y, x, other), paper(y, x, other, temperature, floor), **EXACT)


def test_it_factorises_into_sums_and_means_of_affinities(clouds):
    y, x, other = clouds
    r = differences(y, torch.cat([x, other]))[1]
    l = -r / r.mean() / 0.2
    A = (l.softmax(1) * l.softmax(0)).sqrt()
    near, far = A[:, : len(x)], A[:, len(x) :]
    means = near @ x / near.sum(1, keepdim=True) - far @ other / far.sum(1, keepdim=True)
    assert_close(DoubleSoftmax(0.2)(y, x, other), near.sum(1, keepdim=True) * far.sum(1, keepdim=True) * means, **EXACT)


@pytest.mark.parametrize("V", [DoubleSoftmax(), ScoreDifference(), Sinkhorn()], ids=repr)
def test_units_and_origin_do_not_matter(clouds, V):
    """V(a·y + b; a·x + b) = a·V(y; x): temperatures are shares of the mean distance."""
    y, x, other = clouds
    moved = [8.0 * c + 5.0 for c in (y, x, other)]
    assert_close(V(*moved[:2]), 8.0 * V(y, x))
    assert_close(V(*moved), 8.0 * V(y, x, other))


def dual(y, x, epsilon, sweeps=1000):
    """The entropic cost min_π ⟨π, ‖y − x‖²/2⟩ + ε·KL(π ‖ uniform ⊗ uniform) of points of equal weight, by its dual."""
    cost = (y[:, None] - x).square().sum(2) / 2
    a, b = (torch.full((len(v),), 1 / len(v), dtype=torch.float64).log() for v in (y, x))
    f, g = torch.zeros(len(y), dtype=torch.float64), torch.zeros(len(x), dtype=torch.float64)
    with torch.no_grad():
        for _ in range(sweeps):
            f = -epsilon * torch.logsumexp(b + (g - cost) / epsilon, 1)
            g = -epsilon * torch.logsumexp(a[:, None] + (f[:, None] - cost) / epsilon, 0)
    plan = (a[:, None] + b + (f[:, None] + g - cost) / epsilon).exp().sum()
    return f.mean() + g.mean() - epsilon * (plan - 1)  # whose gradient in the cost is the plan, by the envelope theorem


def test_the_sinkhorn_field_is_the_gradient_of_the_sinkhorn_divergence(clouds):
    y, x, _ = clouds
    scale = mean_distance(y, x)
    epsilon = (0.4 * scale) ** 2
    divergence = lambda v: dual(v, x, epsilon) - dual(v, v, epsilon) / 2
    expected = -len(y) * gradient(divergence, y)
    assert_close(Sinkhorn(0.4, iterations=1000)(y, x), expected, rtol=1e-9, atol=1e-9)


def test_sinkhorns_plan_has_its_marginals(clouds):
    y, x, _ = clouds
    logits = -differences(y, x)[1].square()
    plan = Sinkhorn(iterations=2000)._plan(logits)
    assert_close(plan.sum(1), torch.ones(len(y), dtype=torch.float64), **EXACT)
    assert_close(plan.sum(0), torch.full((len(x),), len(y) / len(x), dtype=torch.float64), rtol=1e-9, atol=0)


def test_a_small_temperature_transports_a_shift_exactly(rng):
    """Data that are the samples moved by b: the best plan moves each by b, and the field is b everywhere."""
    y = torch.randn(6, 2, generator=rng, dtype=torch.float64)
    b = torch.tensor([0.05, -0.02], dtype=torch.float64)
    assert_close(Sinkhorn(0.02, iterations=500)(y, y + b), b.expand(6, 2), rtol=0, atol=1e-6)
