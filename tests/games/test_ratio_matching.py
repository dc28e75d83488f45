"""One turn of ratio matching, by hand: the ratio is of data over samples, and who goes up and who goes down."""

from contextlib import contextmanager
from dataclasses import dataclass, field

import numpy as np
import pytest
import torch
from torch import nn

from pushforward.games import RatioMatching
from pushforward.kernels import Gaussian
from pushforward.samplers import Normal, Pushforward
from pushforward.spaces import Batch, Vector

RIDGE, POSITIVITY = 0.1, 0.5


@dataclass
class Noted:
    """A turn that steps nobody and writes down what it was asked."""

    number: int = 0
    lowered: dict = field(default_factory=dict)
    raised: dict = field(default_factory=dict)
    terms: dict = field(default_factory=dict)

    def minimize(self, player, loss, **terms):
        self.lowered[id(player)] = loss.item()

    def maximize(self, player, value, **terms):
        self.raised[id(player)], self.terms = value.item(), terms

    def note(self, player, loss, **terms):
        raise AssertionError("nothing here steps without an optimiser")

    @contextmanager
    def together(self):
        yield


class Still(nn.Module):
    """A generator that gives the same samples whatever the noise."""

    def __init__(self, y):
        super().__init__()
        self.y = nn.Parameter(y)

    def forward(self, z):
        return self.y + 0 * z[:, :1]


@pytest.fixture
def xy(rng):
    """As many data as samples; the data lie twice as wide, so that p/q and q/p differ."""
    x = 2 * torch.randn(6, 2, generator=rng, dtype=torch.float64)
    return x, torch.randn(6, 2, generator=rng, dtype=torch.float64) + 0.5


def kernel(u, v):
    return np.exp(-((u[:, None] - v[None]) ** 2).sum(-1) / 2)


@pytest.mark.parametrize("squared", [True, False])
def test_a_turn_by_hand(xy, squared):
    x, y = xy
    f = nn.Linear(2, 3).double()
    game = RatioMatching(
        Vector(2), Pushforward(Still(y), Normal(2)), f, Gaussian(1.0), RIDGE, POSITIVITY, squared, batch_size=6
    )
    turn = Noted()
    game.step(lambda: Batch(x), turn)

    fx, fy = (f(z).detach().numpy() for z in xy)
    r = np.linalg.inv(kernel(fy, fy) + RIDGE * np.eye(6)) @ kernel(fy, fx).sum(1)
    divergence = ((r - 1) ** 2).mean() if squared else r.mean()
    mmd = (kernel(fx, fx) + kernel(fy, fy) - 2 * kernel(fx, fy)).mean()
    assert turn.raised == {id(game.projection): pytest.approx(divergence + POSITIVITY * r.sum(), rel=1e-9)}
    assert turn.terms["ratio"].item() == pytest.approx(r.mean(), rel=1e-9)
    assert turn.lowered == {id(game.sampler): pytest.approx(mmd**0.5, rel=1e-9)}


def test_frozen_features_stand_beside_the_projection(xy):
    """The distance is that of (f(x), e(x)/s), s² the variance of e in the data; e has no weights among the players'."""
    x, y = xy
    f, e = nn.Linear(2, 3).double(), lambda z: z.square()
    game = RatioMatching(Vector(2), Pushforward(Still(y), Normal(2)), f, Gaussian(1.0), batch_size=6, features=e)
    game.double().prepare(Rows(x))
    turn = Noted()
    game.step(lambda: Batch(x), turn)
    s = np.sqrt((x.numpy() ** 2).var(0, ddof=1).sum())
    fx, fy = (np.concatenate([f(z).detach().numpy(), z.numpy() ** 2 / s], 1) for z in xy)
    mmd = (kernel(fx, fx) + kernel(fy, fy) - 2 * kernel(fx, fy)).mean()
    assert turn.lowered == {id(game.sampler): pytest.approx(mmd**0.5, rel=1e-9)}
    assert {name for name, _ in game.players()} == {"sampler", "critic"}
    assert sum(p.numel() for p in game.projection.parameters()) == 9


class Rows:
    """A training part of these rows."""

    def __init__(self, x):
        self.x = x

    def __len__(self):
        return len(self.x)

    def all(self, limit=None):
        return Batch(self.x[:limit])
