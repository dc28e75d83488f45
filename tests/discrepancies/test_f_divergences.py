"""Every row of the table: its conjugate, its best critic, and its value between two Gaussians."""

from math import exp, expm1, log

import pytest
import torch
from scipy.integrate import quad
from scipy.stats import norm

from pushforward import discrepancies
from pushforward.discrepancies import (
    GAN,
    JS,
    Alpha,
    Divergence,
    FDivergence,
    ForwardKL,
    Hinge,
    Jeffreys,
    JensenShannon,
    Neyman,
    Pearson,
    ReverseKL,
    SquaredHellinger,
    TotalVariation,
)
from pushforward.errors import Refused


def jensen_shannon() -> float:
    """2·JS(N(0,1), N(1,1)) = ∫ p log(2p/(p+q)) + q log(2q/(p+q)), by SciPy's quadrature of that formula."""
    p, q = norm(0, 1).pdf, norm(1, 1).pdf

    def integrand(t):
        return p(t) * log(2 * p(t) / (p(t) + q(t))) + q(t) * log(2 * q(t) / (p(t) + q(t)))

    return quad(integrand, -12, 13, epsabs=1e-13)[0]


def alpha(a: float) -> float:
    """(E_q (p/q)^α − 1)/α(α − 1), and E_q (p/q)^α = exp(α(α − 1)/2) for unit Gaussians one apart."""
    return expm1(a * (a - 1) / 2) / (a * (a - 1))


# P = N(0, 1), Q = N(1, 1): closed forms, from log p/q = ½ − t.
BETWEEN_GAUSSIANS = {
    ForwardKL(): 0.5,
    ReverseKL(): 0.5,
    Jeffreys(): 1.0,
    Pearson(): exp(1) - 1,
    Neyman(): exp(1) - 1,
    SquaredHellinger(): 2 - 2 * exp(-1 / 8),
    JS(): jensen_shannon(),
    GAN(): jensen_shannon() - log(4),
    TotalVariation(): 2 * norm.cdf(0.5) - 1,
    Alpha(0.5): alpha(0.5),
    Alpha(0.2): alpha(0.2),
    Alpha(2.0): alpha(2.0),
    Alpha(3.0): alpha(3.0),
}
SMOOTH = [row for row in BETWEEN_GAUSSIANS if row != TotalVariation()]
each = pytest.mark.parametrize("row", BETWEEN_GAUSSIANS, ids=repr)
smooth = pytest.mark.parametrize("row", SMOOTH, ids=repr)


def at_ratio(row: Divergence, l: torch.Tensor) -> torch.Tensor:
    """v with log_ratio(v) = l, by bisection: every activation increases."""
    if row == TotalVariation():
        return 40.0 * l.sign()
    low, high = torch.full_like(l, -1e3), torch.full_like(l, 1e12)
    low = torch.full_like(l, -2.0) if isinstance(row, Pearson) else low
    for _ in range(200):
        middle = (low + high) / 2
        below = row.log_ratio(middle) < l
        low, high = torch.where(below, middle, low), torch.where(below, high, middle)
    return (low + high) / 2


def bound(row: Divergence, shift=None) -> float:
    """E_p g(v) − E_q f*(g(v)) at the best critic (plus a shift), by the trapezoid rule: exact for analytic tails."""
    t = torch.linspace(-9.0, 10.0, 2001, dtype=torch.float64)
    p, q = torch.from_numpy(norm(0, 1).pdf(t)), torch.from_numpy(norm(1, 1).pdf(t))
    v = at_ratio(row, 0.5 - t) + (0 if shift is None else shift(t))
    return torch.trapezoid(p * row.activation(v) - q * row.conjugate(v), t).item()


def test_every_row_of_the_room_is_tested():
    rows = {c for c in vars(discrepancies).values() if isinstance(c, type) and issubclass(c, Divergence)}
    assert rows - {Divergence} == {type(row) for row in BETWEEN_GAUSSIANS}


@each
def test_the_bound_at_the_best_critic_is_the_divergence(row):
    """The rule's own error is e^{−2π²/h²} for smooth integrands; total variation has a kink, of error h²."""
    tolerance = 1e-4 if row == TotalVariation() else 1e-8
    assert bound(row) == pytest.approx(BETWEEN_GAUSSIANS[row], abs=tolerance)


@each
@pytest.mark.parametrize("direction", [torch.sin, torch.ones_like, lambda t: -torch.cos(3 * t)])
def test_any_other_critic_gives_less(row, direction):
    size = 25.0 if row == TotalVariation() else 0.3
    assert bound(row, lambda t: size * direction(t)) < BETWEEN_GAUSSIANS[row] - 1e-4 * size * (row != TotalVariation())


@smooth
def test_the_conjugate_is_fenchels(row):
    """f*(g(v)) = u·g(v) − f(u) at u = p/q read off v: Fenchel's inequality is an equality there."""
    l = torch.linspace(-4.0, 4.0, 41, dtype=torch.float64)
    v, u = at_ratio(row, l), l.exp()
    torch.testing.assert_close(row.log_ratio(v), l, rtol=1e-9, atol=1e-9)
    torch.testing.assert_close(row.conjugate(v), u * row.activation(v) - row.f(u), rtol=1e-9, atol=1e-9)


@smooth
def test_the_activation_at_the_best_critic_is_the_derivative(row):
    l = torch.linspace(-4.0, 4.0, 41, dtype=torch.float64)
    u = l.exp().requires_grad_()
    (slope,) = torch.autograd.grad(row.f(u).sum(), u)
    torch.testing.assert_close(row.activation(at_ratio(row, l)), slope, rtol=1e-9, atol=1e-9)


@each
def test_activations_increase_and_nothing_overflows(row):
    v = torch.linspace(-12.0, 12.0, 97)
    assert (row.activation(v).diff() >= 0).all()
    assert row.activation(v).isfinite().all()
    assert row.conjugate(v).isfinite().all()
    if row != TotalVariation():
        assert row.log_ratio(v).isfinite().all()


@smooth
def test_the_read_out_of_samples_estimates_the_divergence(row, rng):
    """From 20,000 samples of each, within four standard errors of the closed form; D_f(P‖Q) = E_q f(p/q) besides."""
    if isinstance(row, Pearson | Neyman) or (isinstance(row, Alpha) and row.alpha >= 2):
        pytest.skip("the sampled mean has too heavy a tail for a normal standard error")
    x = torch.randn(20_000, 1, generator=rng, dtype=torch.float64)
    y = 1 + torch.randn(20_000, 1, generator=rng, dtype=torch.float64)
    fx, fy = at_ratio(row, 0.5 - x), at_ratio(row, 0.5 - y)
    D = FDivergence(row)
    stderr = (row.activation(fx).var() / len(x) + row.conjugate(fy).var() / len(y)).sqrt().item()
    assert D(fx, fy).item() == pytest.approx(BETWEEN_GAUSSIANS[row], abs=4 * stderr)
    torch.testing.assert_close(D.log_ratio(fx), 0.5 - x.squeeze(1), rtol=1e-9, atol=1e-9)


def test_total_variation_has_no_read_out():
    assert FDivergence(TotalVariation()).log_ratio(torch.zeros(3, 1)) is None


@pytest.mark.parametrize("value", [0.0, 1.0, -1.0])
def test_an_alpha_that_is_a_limit_is_refused(value):
    with pytest.raises(Refused, match="alpha of Alpha must be above 0 and not 1"):
        Alpha(value)


def test_the_bound_of_jeffreys_is_that_of_both_kl(outputs):
    """KL(P‖Q) ≥ E_p v + 1 − E_q e^v and KL(Q‖P) ≥ 1 − E_q v − E_p e^{−v}: both are tight at v = log p/q."""
    x, y = outputs
    both = FDivergence(ForwardKL())(x + 1, y + 1) + FDivergence(ReverseKL())(x, y)
    torch.testing.assert_close(FDivergence(Jeffreys())(x, y), both, rtol=1e-13, atol=1e-13)


@pytest.fixture
def outputs(rng):
    x = torch.randn(9, 1, generator=rng, dtype=torch.float64, requires_grad=True)
    return x, torch.randn(7, 1, generator=rng, dtype=torch.float64, requires_grad=True)


def gradients(loss, *of):
    return torch.autograd.grad(loss, of, allow_unused=True)


def test_the_rows_of_gan_and_js_have_identical_gradients(outputs):
    """They differ by log 4 in value; so do their losses of the sampler, by log 2."""
    x, y = outputs
    gan, js = FDivergence(GAN()), FDivergence(JS())
    assert (js(x, y) - gan(x, y)).item() == pytest.approx(log(4), rel=1e-14)
    for a, b in zip(gradients(gan(x, y), x, y), gradients(js(x, y), x, y), strict=True):
        assert torch.equal(a, b)
    assert torch.equal(gradients(gan.surrogate(x, y), y)[0], gradients(js.surrogate(x, y), y)[0])


@pytest.mark.parametrize("alternate", [False, True])
def test_the_row_of_gan_is_the_original_gan(outputs, alternate):
    """Its alternate loss is the non-saturating one."""
    x, y = outputs
    ours, original = FDivergence(GAN(), alternate), JensenShannon(saturating=not alternate)
    torch.testing.assert_close(ours(x, y), original(x, y), rtol=1e-14, atol=0)
    torch.testing.assert_close(ours.surrogate(x, y), original.surrogate(x, y), rtol=1e-14, atol=0)


def test_alpha_two_is_half_of_pearson(outputs):
    x, y = (10 * o for o in outputs)
    torch.testing.assert_close(FDivergence(Pearson())(2 * x, 2 * y), 2 * FDivergence(Alpha(2.0))(x, y))


@pytest.mark.parametrize(("near", "limit"), [(1 + 1e-7, ForwardKL()), (1e-7, ReverseKL())])
def test_alpha_tends_to_both_kl(near, limit):
    """Values at the same ratios: u = e^l, T = f′(u); f differs from the limit's by a multiple of u − 1."""
    u = torch.linspace(0.2, 5.0, 25, dtype=torch.float64)
    tilt = -1.0 if limit == ForwardKL() else 1.0
    torch.testing.assert_close(Alpha(near).f(u), limit.f(u) + tilt * (u - 1), rtol=1e-5, atol=1e-5)


def test_hinge_by_hand_and_at_its_best_critic():
    """sup_f −E_p relu(1−f) − E_q relu(1+f) = 2·TV − 2, at f = ±1 by the sign of p − q."""
    x, y = torch.tensor([[2.0], [0.0]]), torch.tensor([[-3.0], [1.0], [0.5]])
    assert Hinge()(x, y).item() == pytest.approx(-0.5 - (0 + 2 + 1.5) / 3)
    assert Hinge().surrogate(x, y).item() == pytest.approx(0.5)
    t = torch.linspace(-9.0, 10.0, 19_001, dtype=torch.float64)
    p, q = torch.from_numpy(norm(0, 1).pdf(t)), torch.from_numpy(norm(1, 1).pdf(t))
    best = (p - q).sign()
    value = torch.trapezoid(-p * torch.relu(1 - best) - q * torch.relu(1 + best), t).item()
    assert value == pytest.approx(2 * BETWEEN_GAUSSIANS[TotalVariation()] - 2, abs=1e-3)
