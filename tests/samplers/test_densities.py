"""Samplers with a density: against other implementations, quadrature and their own samples."""

import pytest
import torch
from scipy.stats import multivariate_normal
from sklearn.decomposition import FactorAnalysis as Theirs
from sklearn.mixture import GaussianMixture as Mixture

from pushforward.samplers import Coding, Density, FactorAnalysis, GaussianMixture, Normal, Pushforward, Sampler
from pushforward.spaces import Batch


def factors(d=4, k=2):
    torch.manual_seed(3)
    g = FactorAnalysis((d,), k)
    with torch.no_grad():
        g.mean.copy_(torch.randn(d))
        g.log_std.copy_(torch.randn(d) / 2)
    return g


def mixture():
    g = GaussianMixture((2,), 3)
    g.weights.copy_(torch.tensor([0.5, 0.3, 0.2]))
    g.means.copy_(torch.tensor([[0.0, 0.0], [4.0, 1.0], [-3.0, 2.0]]))
    g.factors.copy_(torch.tensor([[[1.0, 0], [0.5, 0.7]], [[0.3, 0], [0, 0.4]], [[2.0, 0], [-1, 0.1]]]))
    return g


def test_the_contract():
    for g in (factors(), mixture()):
        assert isinstance(g, Sampler)
        assert isinstance(g, Density)
    assert isinstance(factors(), Coding)
    plain = Pushforward(torch.nn.Linear(2, 2), Normal(2))
    assert not isinstance(plain, Density)
    assert not isinstance(plain, Coding)


def test_factor_analysis_is_the_gaussian_it_says():
    g, x = factors(), torch.randn(7, 4)
    W, mean, variance = g.loadings.detach(), g.mean.detach(), (2 * g.log_std.detach()).exp()
    law = multivariate_normal(mean.double(), (W @ W.T + variance.diag()).double())
    torch.testing.assert_close(
        g.log_prob(Batch(x)).detach().double(), torch.from_numpy(law.logpdf(x)), rtol=1e-4, atol=0
    )


def test_codes_are_what_scikit_learn_finds():
    g, x = factors(), torch.randn(7, 4)
    theirs = Theirs(2)
    theirs.mean_, theirs.components_ = g.mean.detach().numpy(), g.loadings.detach().numpy().T
    theirs.noise_variance_ = (2 * g.log_std.detach()).exp().numpy()
    torch.testing.assert_close(
        g.codes(Batch(x)).detach(), torch.from_numpy(theirs.transform(x.numpy())).float(), rtol=1e-4, atol=1e-5
    )


def test_a_code_is_the_mean_of_its_posterior():
    """E[c | x] by weighing draws of c with the likelihood of x: within five of the estimate's own errors."""
    g = factors(d=2, k=1)
    x, c = torch.tensor([[0.3, -0.2]]), torch.randn(200_000, 1)
    with torch.no_grad():
        residual = (x - g.decode(c)) / g.log_std.exp()
        w = (-residual.square().sum(1, keepdim=True) / 2).exp()
        w = w / w.mean()
        estimate, code = (w * c).mean(), g.codes(Batch(x))
        error = (w * (c - estimate)).std() / len(c) ** 0.5
    assert abs(float(estimate - code)) < 5 * float(error)


def test_the_mixture_is_scikit_learns():
    g, x = mixture(), torch.randn(50, 2, dtype=torch.float64) * 3
    theirs = Mixture(3)
    theirs.weights_, theirs.means_ = g.weights.numpy(), g.means.numpy()
    theirs.precisions_cholesky_ = torch.linalg.inv(g.factors).mT.numpy()
    torch.testing.assert_close(
        g.log_prob(Batch(x)), torch.from_numpy(theirs.score_samples(x.numpy())), rtol=1e-10, atol=1e-10
    )


@pytest.mark.parametrize("make", [factors, mixture])
def test_samples_have_the_density(make):
    """The mean of log q over samples is −H; for the Gaussian known, for the mixture that of scikit-learn's samples."""
    g, n = make(), 40_000
    torch.manual_seed(0)
    with torch.no_grad():
        own = g.log_prob(g(n)).double()
    if make is factors:
        W, variance = g.loadings.detach(), (2 * g.log_std.detach()).exp()
        expected = -float(torch.distributions.MultivariateNormal(g.mean.detach(), W @ W.T + variance.diag()).entropy())
        error = 0.0
    else:
        theirs = Mixture(3, random_state=0)
        theirs.weights_, theirs.means_, theirs.covariances_ = (
            g.weights.numpy(),
            g.means.numpy(),
            (g.factors @ g.factors.mT).numpy(),
        )
        theirs.precisions_cholesky_ = torch.linalg.inv(g.factors).mT.numpy()
        scores = theirs.score_samples(theirs.sample(n)[0])
        expected, error = scores.mean(), scores.std() / n**0.5
    assert abs(float(own.mean()) - expected) < 5 * (float(own.std()) / n**0.5 + error)


def test_the_shape_of_the_space_is_kept():
    assert FactorAnalysis((1, 2, 3), 2)(5).x.shape == (5, 1, 2, 3)
    assert GaussianMixture((1, 2, 3), 2)(5).x.shape == (5, 1, 2, 3)


def test_a_sampler_draws_all_of_its_noise_at_once():
    for g in (factors(), mixture()):
        torch.manual_seed(1)
        z = g.draw_noise(6)
        torch.manual_seed(1)
        assert torch.equal(g(6).x, g.push(z))
