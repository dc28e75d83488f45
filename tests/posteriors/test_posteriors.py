"""Posteriors: log q by other implementations and by the change of variables, divergences by integrals and by draws."""

import pytest
import torch
from torch.autograd.functional import jacobian
from torch.distributions import Independent, MultivariateNormal, Normal, kl_divergence

from pushforward.posteriors import (
    Categorical,
    Deterministic,
    DiagonalGaussian,
    Implicit,
    InverseAutoregressive,
    UniformChoices,
    Universal,
)
from pushforward.samplers import Normal as Prior
from pushforward.samplers import Uniform


def test_the_gaussian_is_torchs():
    q, h = DiagonalGaussian(3), torch.randn(5, 6)
    z, log_q, _ = q(h, q.draw_noise(5))
    law = Independent(Normal(h[:, :3], (h[:, 3:] / 2).exp()), 1)
    torch.testing.assert_close(log_q, law.log_prob(z), rtol=1e-4, atol=1e-5)
    torch.testing.assert_close(q.log_prob(z, h), law.log_prob(z), rtol=1e-4, atol=1e-5)
    assert torch.equal(q.mean(h), h[:, :3])
    standard = Independent(Normal(torch.zeros(5, 3), torch.ones(5, 3)), 1)
    torch.testing.assert_close(q.divergence(h, Prior(3)).sum(1), kl_divergence(law, standard), rtol=1e-4, atol=1e-5)
    assert q.divergence(h, Uniform(3)) is None


def test_both_forms_of_the_divergence_agree():
    """log q − log π at 200,000 draws, within five of their own errors."""
    q, h = DiagonalGaussian(2), torch.tensor([[0.5, -1.0, -0.7, 0.4]])
    n = 200_000
    z, log_q, _ = q(h.expand(n, -1), q.draw_noise(n))
    draws = log_q - Prior(2).log_prob(z)
    assert abs(draws.mean() - q.divergence(h, Prior(2)).sum()) < 5 * draws.std() / n**0.5


def stirred(q):
    for p in q.parameters():
        torch.nn.init.normal_(p, 0.0, 0.5)
    return q.double()


@pytest.mark.parametrize("layers", [1, 2, 3])
def test_the_autoregressive_posterior_changes_variables(layers):
    """log q(z) = log N(ε) − log |det ∂z/∂ε|, by the whole Jacobian; and each map is triangular."""
    q = stirred(InverseAutoregressive(4, layers, (16,), context=3))
    h, noise = torch.randn(1, q.size).double(), torch.randn(1, 4).double()
    z, log_q, _ = q(h, noise)
    J = jacobian(lambda e: q(h, e[None]).z[0], noise[0])
    expected = Prior(4).log_prob(noise) - torch.linalg.slogdet(J)[1]
    torch.testing.assert_close(log_q, expected)
    if layers == 1:
        assert torch.equal(J, J.tril())
        assert J.tril(-1).abs().max() > 0.01
    of_context = jacobian(lambda s: q(torch.cat([h[0, :8], s])[None], noise).z[0], h[0, 8:])
    assert (of_context.abs() > 1e-6).all()


def test_where_the_autoregressive_posterior_begins():
    """Gates of σ(2) and no shift: near the Gaussian that it is made from."""
    q = InverseAutoregressive(3, 2, (16,), context=2)
    h = torch.randn(4, q.size)
    gate = torch.tensor(2.0).sigmoid()
    torch.testing.assert_close(q.mean(h), gate**2 * h[:, :3])


def test_a_sure_encoder_has_no_density():
    q, h = Deterministic(3), torch.randn(4, 3)
    z, log_q, _ = q(h, q.draw_noise(4))
    assert z is h
    assert log_q is None
    assert torch.equal(q.mean(h), h)


def test_choices_are_drawn_by_their_probabilities():
    """Logits 0, 1, 2, −1 and hard choices: .087, .237, .644, .032, each within five of its errors."""
    q, n = Categorical(1, 4).eval(), 200_000
    h = torch.tensor([[0.0, 1.0, 2.0, -1.0]])
    z, log_q, _ = q(h.expand(n, -1), q.draw_noise(n))
    p = h[0].softmax(0)
    torch.testing.assert_close(p, torch.tensor([0.087, 0.237, 0.644, 0.032]), atol=5e-4, rtol=0)
    assert ((z.mean(0) - p).abs() < 5 * (p * (1 - p) / n).sqrt()).all()
    torch.testing.assert_close(log_q, (z * p.log()).sum(1))


def test_relaxed_choices_go_to_hard_ones_and_to_the_middle():
    h, noise = torch.randn(50, 12), Categorical(4, 3).draw_noise(50)
    hard = Categorical(4, 3).eval()(h, noise).z
    cold, hot = (Categorical(4, 3, temperature=t, rate=1e9) for t in (1e-3, 1e3))
    for q in (cold, hot):
        q.batches.fill_(1)
    torch.testing.assert_close(cold(h, noise).z, hard, atol=1e-3, rtol=0)
    torch.testing.assert_close(hot(h, noise).z, torch.full((50, 12), 1 / 3), atol=0.02, rtol=0)
    through = Categorical(4, 3, straight_through=True)
    logits = h.clone().requires_grad_()
    z = through(logits, noise).z
    torch.testing.assert_close(z.detach(), hard)
    weights = torch.randn(50, 12)
    (slope,) = torch.autograd.grad((z * weights).sum(), logits)
    relaxed = (h + noise).requires_grad_()
    (expected,) = torch.autograd.grad((relaxed.unflatten(1, (4, 3)).softmax(2).flatten(1) * weights).sum(), relaxed)
    torch.testing.assert_close(slope, expected)  # at τ = 1, where it begins


def test_relaxed_choices_have_the_concrete_density():
    """Of two levels: y = σ((h₁ − h₂ + logistic)/τ), whose density integrates to one and gives the mean of draws."""
    q, tau = Categorical(1, 2, temperature=0.7, rate=1e9), 0.7
    q.batches.fill_(1)
    pi = torch.tensor([0.3, 0.7]).double()
    y = torch.linspace(0, 1, 400_001, dtype=torch.float64)[1:-1]
    both = torch.stack([y, 1 - y])
    log_density = torch.log(torch.tensor(tau)) - 2 * (pi[:, None] * both**-tau).sum(0).log()
    density = (log_density + (pi[:, None].log() - (tau + 1) * both.log()).sum(0)).exp()
    assert float(torch.trapezoid(density, y)) == pytest.approx(1.0, abs=1e-3)
    n = 200_000
    z = q(pi.log().float().expand(n, 2), q.draw_noise(n)).z[:, 0].double()
    assert abs(float(z.mean() - torch.trapezoid(density * y, y))) < 5 * float(z.std()) / n**0.5 + 1e-3


def test_the_divergence_from_uniform_choices():
    q, h = Categorical(2, 3), torch.randn(5, 6)
    law = torch.distributions.Categorical(logits=h.view(5, 2, 3))
    even = torch.distributions.Categorical(logits=torch.zeros(5, 2, 3))
    torch.testing.assert_close(q.divergence(h, UniformChoices(2, 3)), kl_divergence(law, even))
    assert q.divergence(h, Prior(6)) is None
    drawn = UniformChoices(2, 3).draw(1000)
    assert (drawn.view(1000, 2, 3).sum(2) == 1).all()
    assert (drawn.mean(0) - 1 / 3).abs().max() < 5 * (2 / 9 / 1000) ** 0.5


def test_temperatures_fall_with_the_batches_that_are_learnt_from():
    q, h = Categorical(1, 3, temperature=0.5, rate=0.1), torch.zeros(2, 3)
    assert q.temperature == 1.0
    for _ in range(3):
        q(h, q.draw_noise(2))
    assert q.temperature == pytest.approx(0.7408, abs=1e-4)  # e^{−0.3}
    q.eval()(h, q.draw_noise(2))
    assert int(q.batches) == 3
    q.batches.fill_(1000)
    assert q.temperature == 0.5


def test_an_implicit_posterior_stands_for_a_point_by_its_mean_code():
    q, h = Implicit(2, size=3, noise=4, widths=(8,), draws=20_000), torch.randn(2, 3)
    z, log_q, _ = q(h.repeat_interleave(20_000, 0), q.draw_noise(40_000))
    assert log_q is None
    means = z.view(2, 20_000, 2)
    assert ((means.mean(1) - q.mean(h)).abs() < 5 * (2 / 20_000) ** 0.5 * means.std(1)).all()


def test_a_sum_of_functions_of_noise_knows_its_moments():
    """Against mean and covariance of 40,000 draws for each of two points, which are of no normal law's form."""
    q, h, n = Universal(2, 3, 4, (8,), draws=20_000), torch.tensor([5.0, 6.0]).repeat(2, 4) + torch.randn(2, 8), 40_000
    for point in h:
        z, log_q, (mean, root) = q(point.expand(n, -1), q.draw_noise(n))
        assert log_q is None
        covariance = root @ root.mT
        scale = covariance.diagonal(dim1=1, dim2=2).sqrt()
        assert ((z.mean(0) - mean[0]).abs() < 5 * scale[0] / n**0.5).all()
        fourth = (z - z.mean(0)).pow(4).mean(0)
        assert ((z.var(0) - scale[0] ** 2).abs() < 10 * (fourth / n).sqrt()).all()
        product = (z - z.mean(0)).prod(1)
        assert abs(product.mean() - covariance[0, 0, 1]) < 10 * product.std() / n**0.5
        assert ((q.mean(point[None])[0] - mean[0]).abs() < 5 * scale[0] / (n / 3) ** 0.5).all()


def test_codes_beside_the_normal_law_with_their_moments():
    q = Universal(2, 3, 4, (8,))
    coded = q(torch.randn(5, 8) + 5, q.draw_noise(5))
    mean, root = coded.moments
    law = MultivariateNormal(mean, scale_tril=root)
    torch.testing.assert_close(coded.log_normal(), law.log_prob(coded.z))
    torch.testing.assert_close((root @ coded.standardised()[:, :, None])[:, :, 0] + mean, coded.z)


def test_the_normal_law_in_the_place_of_a_posterior_has_its_moments_and_says_its_density():
    """20,000 draws have mean and covariance within five errors, and log q is torch's."""
    q, n = Universal(2, 3, 4, (8,)), 20_000
    point = torch.tensor([5.0, 6.0]).repeat(1, 4) + torch.randn(1, 8)
    law, (mean, root) = q.with_density(), q.moments(point)
    z, log_q, _ = law(point.expand(n, -1), law.draw_noise(n))
    torch.testing.assert_close(log_q, MultivariateNormal(mean, scale_tril=root).log_prob(z))
    covariance = (root @ root.mT)[0]
    assert ((z.mean(0) - mean[0]).abs() < 5 * (covariance.diagonal() / n).sqrt()).all()
    assert ((z.T.cov() - covariance).abs() < 5 * (2 / n) ** 0.5 * covariance.diagonal().max()).all()
    assert torch.equal(law.mean(point), q.mean(point))
    own = DiagonalGaussian(3)
    assert own.with_density() is own


def test_a_code_moves_its_own_normal_law_with_it():
    """Its log-density there has no gradient by where the law lies, and −1/scale by the log of all weights at once."""
    q, h = Universal(2, 3, 4, (8,)), (torch.randn(50, 8) + 5).requires_grad_()
    coded = q(h, q.draw_noise(50))
    (by_code,) = torch.autograd.grad(coded.log_normal().sum(), h, retain_graph=True)
    torch.testing.assert_close(by_code[:, :2], torch.zeros(50, 2))
    weights = q._split(h)[1]
    (by_weights,) = torch.autograd.grad(coded.log_normal().sum(), h)
    slope = torch.where(h[:, 2:] < 5, weights.flatten(1).detach(), torch.ones(50, 6))  # of 1 + elu(· − 5)
    scaled = (by_weights[:, 2:] / slope).view(50, 3, 2).mul(weights.detach()).sum(1)  # d/dt of log N at weights·eᵗ
    torch.testing.assert_close(scaled, -torch.ones(50, 2), rtol=1e-4, atol=1e-4)
