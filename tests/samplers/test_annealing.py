"""Annealed importance sampling against the likelihood of linear models, which is known."""

import pytest
import torch
from torch import nn

from pushforward.errors import Refused
from pushforward.likelihoods import Gaussian, SquaredError
from pushforward.networks import MLP
from pushforward.posteriors import Categorical, Deterministic, Implicit
from pushforward.samplers import Annealing, Decoder, Normal
from pushforward.spaces import Batch, Vector

SPACE = Vector(3)


def linear(posterior):
    """x = Wz + b + e, z ~ N(0, I₂), e ~ N(0, ¼I₃), with an encoder that knows nothing of it."""
    torch.manual_seed(0)
    decoder = nn.Linear(2, 3)
    nn.init.normal_(decoder.weight)
    encoder = MLP((4,)).encoder(SPACE, posterior.size)
    return Decoder(encoder, posterior, decoder, Gaussian(0.5), Normal(2), SPACE).eval()


@pytest.mark.parametrize("kind", [Deterministic, Implicit])
def test_the_estimate_is_the_likelihood(kind):
    """Ten points and their mean within five of their own errors and the log's bias; from the prior, and bad codes."""
    torch.manual_seed(0)  # which the weights of an implicit posterior come from
    g = linear(kind(2) if kind is Deterministic else kind(2, size=4, noise=3, widths=(4,)))
    W, b = g.decoder.weight.detach(), g.decoder.bias.detach()
    law = torch.distributions.MultivariateNormal(b, W @ W.T + torch.eye(3) / 4)
    x = law.sample((10,))
    nats, stderr = Annealing(400, 16, 5)(g, Batch(x))
    gap = nats - law.log_prob(x)
    assert (gap.abs() < 5 * stderr + stderr**2 + 1e-3).all()
    assert abs(float(gap.mean())) < 5 * float(stderr.square().sum().sqrt()) / 10 + float(stderr.square().mean()) + 1e-3
    assert float(stderr.max()) < 0.3


def test_few_temperatures_are_on_average_from_below():
    """Of two temperatures it is importance sampling from r: E log of a mean of weights is below log of their mean."""
    g = linear(Deterministic(2))
    W, b = g.decoder.weight.detach(), g.decoder.bias.detach()
    law = torch.distributions.MultivariateNormal(b, W @ W.T + torch.eye(3) / 4)
    x = law.sample((500,))
    nats, _ = Annealing(2, 2, 1)(g, Batch(x))
    gap = nats - law.log_prob(x)
    assert gap.mean() + 5 * gap.std() / 500**0.5 < 0


def test_what_cannot_be_annealed():
    with pytest.raises(Refused, match="Annealing needs 2 temperatures"):
        Annealing(1)
    g = linear(Deterministic(2))
    g.cost = SquaredError()
    with pytest.raises(Refused, match="a squared error is the likelihood of nothing"):
        Annealing()(g, Batch(torch.zeros(1, 3)))
    choices = Categorical(1, 2)
    g = Decoder(MLP((4,)).encoder(SPACE, 2), choices, nn.Linear(2, 3), Gaussian(0.5), Normal(2), SPACE)
    with pytest.raises(Refused, match="these are choices"):
        Annealing()(g, Batch(torch.zeros(1, 3)))
