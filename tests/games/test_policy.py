"""The policy gradient of discrete boundary seeking."""

from contextlib import nullcontext
from itertools import product

import pytest
import torch
from torch import nn

import pushforward as pf
from pushforward.critics import Adversarial
from pushforward.data.parts.stored import TensorPart
from pushforward.discrepancies import JensenShannon, MeanDifference
from pushforward.errors import Refused
from pushforward.games import BoundarySeekingPolicy
from pushforward.networks import MLP
from pushforward.samplers import Normal, TwoValued
from pushforward.spaces import Batch, Image
from pushforward.training import Turn

SPACE = Image(1, 1, 2, 0.0, 1.0)
DATA = torch.tensor([[0.1, 0.2], [0.3, 0.4]])  # P(y) for y in {0, 1}²


class Coins(nn.Module):
    """Two coins that do not look at z."""

    def __init__(self):
        super().__init__()
        self.logits = nn.Parameter(torch.tensor([0.5, -1.0]))

    def forward(self, z):
        return self.logits.sigmoid().expand(len(z), 2).reshape(len(z), 1, 1, 2)


class Exact(nn.Module):
    """log p/q of the table above and two coins."""

    def __init__(self, coins):
        super().__init__()
        self.coins, self.unused = [coins], nn.Parameter(torch.zeros(()))

    def forward(self, x):
        i, j = x.flatten(1).long().T
        p = self.coins[0].logits.sigmoid()
        return (DATA[i, j] / torch.where(x.flatten(1) == 1, p, 1 - p).prod(1))[:, None].log() + 0 * self.unused


class Caught:
    """A turn that keeps what is to be lowered."""

    number = 0

    def minimize(self, players, loss, **terms):
        self.loss = loss

    def maximize(self, players, value, **terms):
        raise AssertionError("this critic is exact and takes no steps")

    def note(self, player, loss, **terms):
        raise AssertionError("nothing here steps without an optimiser")

    def together(self):
        return nullcontext()


def test_with_the_exact_ratio_and_many_draws_it_is_the_gradient_of_maximum_likelihood():
    """w̃ turns draws from g(·|z) into draws from P, where z decides nothing: the loss tends to −E_P log g(y)."""
    torch.manual_seed(0)
    coins, turn = Coins(), Caught()
    game = BoundarySeekingPolicy(
        SPACE, TwoValued(coins, Normal(1), SPACE), Adversarial(JensenShannon(), Exact(coins), critic_steps=0), 20_000
    )
    slopes = []
    for _ in range(40):
        game.step(lambda: Batch(torch.zeros(2, 1, 1, 2)), turn)
        slopes.append(torch.autograd.grad(turn.loss, coins.logits)[0])
    found, p = torch.stack(slopes), coins.logits.sigmoid()
    log_g = sum(DATA[y] * torch.where(torch.tensor(y) == 1, p, 1 - p).log().sum() for y in product((0, 1), repeat=2))
    (expected,) = torch.autograd.grad(-log_g, coins.logits)
    error = found.std(0) / len(found) ** 0.5
    assert ((found.mean(0) - expected).abs() < 4 * error + 1e-4).all()  # normalising over draws biases by about 1/draws
    assert (error < 0.01 * expected.abs()).all()


def test_it_learns_a_law_of_two_pixels():
    """Pixels that always agree: independent coins cannot, coins that look at z can."""
    torch.manual_seed(0)
    game = pf.recipes.discrete_bgan(SPACE, MLP((32,)), noise=Normal(4), tune=pf.tuning.Adam(1e-2))
    turn = Turn(dict(game.players()), game.tune)

    def batch():
        return Batch((torch.rand(64, 1, 1, 1) < 0.3).float().expand(-1, 1, 1, 2))

    for number in range(300):
        turn.begin(number, 0.0)
        game.step(batch, turn)
    y = game.sampler(4000).x.flatten(1)
    assert (y[:, 0] == y[:, 1]).float().mean() > 0.95
    assert 0.2 < y[:, 0].mean() < 0.4


def test_grey_data_are_refused():
    game = pf.recipes.discrete_bgan(SPACE, MLP((4,)))
    with pytest.raises(Refused, match="--threshold 0.5"):
        game.prepare(TensorPart(torch.rand(4, 1, 1, 2)))


def test_too_few_draws_and_a_critic_without_a_ratio_are_refused():
    coins = Coins()
    sampler, f = TwoValued(coins, Normal(1), SPACE), Exact(coins)
    with pytest.raises(Refused, match="at least 2, got 1"):
        BoundarySeekingPolicy(SPACE, sampler, Adversarial(JensenShannon(), f), 1)
    with pytest.raises(Refused, match="reads off log p/q"):
        BoundarySeekingPolicy(SPACE, sampler, Adversarial(MeanDifference(), f))
