"""Samplers with an encoder, on the linear-Gaussian model, in which everything has a closed form."""

from math import log, pi

import pytest
import torch
from torch import nn

from pushforward.errors import Refused
from pushforward.likelihoods import Bernoulli, Gaussian, SquaredError
from pushforward.networks import MLP
from pushforward.posteriors import Deterministic, DiagonalGaussian
from pushforward.samplers import Coding, Decoder, Density, LatentModel, Normal
from pushforward.spaces import Batch, Image, Vector

X = 1.3


class Says(nn.Module):
    """What an encoder says: (a·x, log s²) with q(z|x) = N(a·x, s²)."""

    def __init__(self, a, variance):
        super().__init__()
        self.a, self.log_variance = nn.Parameter(torch.tensor(a)), nn.Parameter(torch.tensor(variance).log())

    def forward(self, x):
        return torch.cat([self.a * x, self.log_variance.expand(len(x), 1)], 1)


def linear(draws=1, a=0.6, variance=0.36):
    """p(z) = N(0, 1), p(x|z) = N(z, ¼), so that log p(1.3) = −1.7065."""
    decoder = nn.Linear(1, 1)
    nn.init.ones_(decoder.weight)
    nn.init.zeros_(decoder.bias)
    g = LatentModel(Says(a, variance), DiagonalGaussian(1), decoder, Gaussian(0.5), Normal(1), Vector(1))
    g.draws = g.training_draws = draws
    return g


def exact(x=X):
    return -(x**2) / (2 * 1.25) - log(2 * pi * 1.25) / 2


@torch.no_grad()
def bounds(draws, n):
    return linear(draws).log_prob(Batch(torch.full((n, 1), X)))


def test_the_contract():
    g = linear()
    assert isinstance(g, Density)
    assert isinstance(g, Coding)
    assert not g.exact
    plan = MLP((4,))
    encoder, decoder = plan.encoder(Vector(3), 2), plan.generator(2, Vector(3))
    plain = Decoder(encoder, Deterministic(2), decoder, SquaredError(), Normal(2), Vector(3))
    assert not isinstance(plain, Density)
    assert plain(5).x.shape == (5, 3)
    assert plain.codes(Batch(torch.randn(4, 3))).shape == (4, 2)


def test_the_bound_rises_with_the_draws_and_stays_below():
    """K = 1, 5, 50: −1.983, −1.735, −1.708, each within five of its own errors of the integral's value."""
    found = {}
    for draws, n, expected in ((1, 200_000, -1.983), (5, 100_000, -1.735), (50, 20_000, -1.708)):
        nats = bounds(draws, n)
        error = nats.std() / n**0.5
        assert abs(nats.mean() - expected) < 5 * error + 5e-4  # the last digit of what is expected
        found[draws] = nats.mean()
    assert found[1] < found[5] < found[50] < exact()


def test_the_likelihood_is_the_bound_and_the_divergence_from_the_true_posterior():
    """log p = ELBO + KL(q ‖ N(0.8x, 0.2)), all three in closed form but for the draws of the first."""
    m, s2, mean, variance = 0.6 * X, 0.36, 0.8 * X, 0.2
    divergence = ((s2 + (m - mean) ** 2) / variance - 1 - log(s2 / variance)) / 2
    nats = bounds(1, 200_000)
    assert abs(float(nats.mean()) + divergence - exact()) < 5 * float(nats.std()) / len(nats) ** 0.5


def test_with_the_true_posterior_every_draw_gives_the_likelihood():
    g = linear(1, a=0.8, variance=0.2)
    with torch.no_grad():
        nats = g.log_prob(Batch(torch.full((100, 1), X)))
    torch.testing.assert_close(nats, torch.full((100,), exact()), rtol=1e-5, atol=1e-5)


def test_gradients_of_the_bound_have_the_mean_of_the_plain_ones_and_a_smaller_error():
    """Against the derivative by differences of common draws: of the encoder's a and log s², and of the decoder."""
    n, K = 20_000, 20
    x = Batch(torch.full((n, 1), X))

    def gradients(g):
        nats = g.log_prob(x).mean()
        return torch.stack([p.flatten()[0] for p in torch.autograd.grad(nats, parameters(g))])

    def parameters(g):
        return [g.encoder.a, g.encoder.log_variance, g.decoder.weight, g.decoder.bias]

    doubly = torch.stack([gradients(linear(K)) for _ in range(20)])
    plain = linear(K)
    plain.posterior.log_prob = lambda z, h: None  # so that log q of the draws themselves is differentiated
    plain = torch.stack([gradients(plain) for _ in range(20)])
    error = (doubly.var(0) / 20 + plain.var(0) / 20).sqrt()
    assert ((doubly.mean(0) - plain.mean(0)).abs() < 5 * error).all()
    assert (doubly.std(0)[:2] < plain.std(0)[:2] / 2).all()


def test_samples_have_the_law_of_the_model():
    """N(0, 1 + ¼), and means N(0, 1)."""
    g, n = linear(), 100_000
    with torch.no_grad():
        y = g(n).x
        means = g.decode(g.draw_codes(n))
    assert float(y.var()) == pytest.approx(1.25, rel=5 * (2 / n) ** 0.5)
    assert float(means.var()) == pytest.approx(1.0, rel=5 * (2 / n) ** 0.5)


def test_a_sample_is_made_of_noise_alone():
    g = linear()
    torch.manual_seed(1)
    z = g.draw_noise(6)
    torch.manual_seed(1)
    assert torch.equal(g(6).x, g.push(z))
    assert z.shape == (6, 2)


def test_labels_go_to_the_decoder_alone():
    space, plan = Image(1, 8, 8, classes=("a", "b")), MLP((8,))
    encoder = plan.encoder(Image(1, 8, 8), 4)
    g = LatentModel(encoder, DiagonalGaussian(2), plan.generator(2, Bernoulli().output(space)), Bernoulli(), Normal(2),
                    space, classes=2)  # fmt: skip
    x = torch.ones(3, 1, 8, 8)
    label = torch.tensor([0, 1, 0])
    assert g.codes(Batch(x)).shape == (3, 2)
    assert g.log_prob(Batch(x, label)).shape == (3,)
    assert set(g(20).x.unique().tolist()) == {-1.0, 1.0}
    with pytest.raises(Refused, match="the decoder takes the class of each point.*--conditional false"):
        g.log_prob(Batch(x))


def test_what_is_refused():
    plan, space = MLP((4,)), Vector(3)
    with pytest.raises(Refused, match="codes must be of the prior's size, got 2 and 3"):
        LatentModel(plan.encoder(space, 4), DiagonalGaussian(2), plan.generator(3, space), Gaussian(), Normal(3), space)
    labelled = plan.encoder(Vector(3, ("a", "b")), 4)
    with pytest.raises(Refused, match="takes a label"):
        LatentModel(labelled, DiagonalGaussian(2), plan.generator(2, space), Gaussian(), Normal(2), space)


def test_the_encoder_sees_what_is_left_without_the_mean_and_the_decoder_begins_at_it():
    space, plan = Image(1, 8, 8), MLP((8,))
    decoder = plan.generator(2, Bernoulli().output(space))
    g = LatentModel(plan.encoder(space, 4), DiagonalGaussian(2), decoder, Bernoulli(), Normal(2), space)
    x = torch.where(torch.rand(500, 1, 8, 8) < torch.rand(1, 8, 8), 1.0, -1.0)
    g.prepare(Batch(x))
    assert torch.equal(g.said(x), g.encoder(x - x.mean(0)))
    for p in decoder.parameters():
        torch.nn.init.zeros_(p)
    torch.testing.assert_close(g.decode(torch.randn(1, 2))[0], x.mean(0), atol=2e-3, rtol=0)
