"""Posteriors: log q by other implementations and by the change of variables, divergences by integrals and by draws."""

import pytest
import torch
from torch.autograd.functional import jacobian
from torch.distributions import Independent, Normal, kl_divergence

from pushforward.posteriors import Deterministic, DiagonalGaussian, InverseAutoregressive
from pushforward.samplers import Normal as Prior
from pushforward.samplers import Uniform


def test_the_gaussian_is_torchs():
    q, h = DiagonalGaussian(3), torch.randn(5, 6)
    z, log_q = q(h, q.draw_noise(5))
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
    z, log_q = q(h.expand(n, -1), q.draw_noise(n))
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
    z, log_q = q(h, noise)
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
    z, log_q = q(h, q.draw_noise(4))
    assert z is h
    assert log_q is None
    assert torch.equal(q.mean(h), h)
