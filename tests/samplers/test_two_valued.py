"""Points of two values: laws of the draws, and their log-probability."""

from itertools import product

import pytest
import torch
from torch import nn

from pushforward.errors import Refused
from pushforward.samplers import Normal, TwoValued
from pushforward.spaces import Batch, Image, Vector

SPACE = Image(1, 1, 2, 0.0, 1.0)
P = torch.tensor([0.2, 0.7])


class Always(nn.Module):
    """The same probabilities for every z."""

    def __init__(self, p=P):
        super().__init__()
        self.p = nn.Parameter(p.clone())

    def forward(self, z):
        return self.p.expand(len(z), 2).reshape(len(z), 1, 1, 2)


def test_coordinates_are_independent_coins():
    torch.manual_seed(0)
    n = 20_000
    y = TwoValued(Always(), Normal(3), SPACE)(n).x.flatten(1)
    for values in product((0.0, 1.0), repeat=2):
        expected = torch.where(torch.tensor(values) == 1, P, 1 - P).prod().item()
        found = (y == torch.tensor(values)).all(1).double().mean().item()
        assert abs(found - expected) < 4 * (expected * (1 - expected) / n) ** 0.5


def test_the_log_probability_is_that_of_the_coins():
    torch.manual_seed(0)
    y, log_prob = TwoValued(Always(), Normal(3), SPACE).explored(50, 7)
    assert y.shape == (50, 7, 1, 1, 2)
    assert set(y.unique().tolist()) == {0.0, 1.0}
    expected = torch.distributions.Bernoulli(P).log_prob(y.flatten(2)).sum(2)
    torch.testing.assert_close(log_prob, expected)


def test_it_is_a_function_of_its_noise():
    """As every push-forward: the same noise gives the same points, and u decides between low and high."""
    g = TwoValued(Always(), Normal(3), Image(1, 1, 2, -1.0, 1.0))
    noise = torch.cat([torch.randn(2, 3), torch.tensor([[0.59, 0.86], [0.61, 0.84]])], 1)
    # (0.2 + 1)/2 = 0.6 and (0.7 + 1)/2 = 0.85 are how likely the higher value is
    assert g.push(noise).flatten(1).tolist() == [[1.0, -1.0], [-1.0, 1.0]]


def test_no_gradient_passes_the_points_but_one_passes_their_log_probability():
    g = TwoValued(Always(), Normal(3), SPACE)
    assert not g(4).x.requires_grad
    y, log_prob = g.explored(4, 3)
    assert not y.requires_grad
    (slope,) = torch.autograd.grad(log_prob.sum(), g.network.p)
    hits = y.flatten(2).sum((0, 1))
    torch.testing.assert_close(slope, hits / P - (12 - hits) / (1 - P))


def test_a_space_without_bounds_is_refused():
    with pytest.raises(Refused, match="need a space with bounds"):
        TwoValued(Always(), Normal(3), Vector(2))


def test_what_is_certain_keeps_a_finite_log_probability():
    g = TwoValued(Always(torch.tensor([0.0, 1.0])), Normal(3), SPACE)
    assert isinstance(g(3), Batch)
    assert g.explored(5, 4)[1].isfinite().all()
