"""The matching of samples where frozen features see them: by closed forms."""

import pytest
import torch
from torch import nn

from pushforward.critics import Adversarial
from pushforward.data.parts.stored import TensorPart
from pushforward.discrepancies import Frechet, MeanDifference
from pushforward.errors import Refused
from pushforward.games import FeatureMatching
from pushforward.networks import MLP
from pushforward.recipes.feature_matching import whitened
from pushforward.samplers import Normal, Pushforward
from pushforward.spaces import Batch, Vector
from pushforward.training import Turn
from pushforward.tuning import Adam

N = 400


class Given(nn.Module):
    """A generator that gives these rows, whatever the noise."""

    def __init__(self, rows):
        super().__init__()
        self.rows = nn.Parameter(rows)

    def forward(self, z):
        return self.rows[: len(z)]


def data(classes=0):
    torch.manual_seed(0)
    label = torch.randint(classes, (N,)) if classes else None
    return TensorPart(torch.randn(N, 2) @ torch.tensor([[2.0, 1.0], [0.0, 0.5]]) + 3, label)


def matching(rows, features=lambda x: x, **more):
    sampler = Pushforward(Given(rows), Normal(2))
    return FeatureMatching(Vector(2), sampler, Frechet(), features, whitened(64), batch_size=N, **more)


def value(game, part):
    game.prepare(part)
    y = game.sampler(N)
    return game.discrepancy.loss(Batch(game._rows), Batch(game.seen(y))).item()


def test_what_is_seen_of_the_data_has_no_mean_and_unit_covariance():
    game = matching(torch.zeros(N, 2))
    game.prepare(data())
    seen = game.seen(data().all())
    torch.testing.assert_close(seen.mean(0), torch.zeros(2), atol=1e-5, rtol=0)
    torch.testing.assert_close(seen.T.cov(), torch.eye(2), atol=1e-4, rtol=0)


def test_a_shift_costs_the_square_of_its_mahalanobis_length():
    x, shift = data().all().x, torch.tensor([0.5, -1.0])
    expected = shift @ torch.linalg.inv(x.T.cov()) @ shift
    assert value(matching(x + shift), data()) == pytest.approx(expected.item(), rel=1e-4)


def test_features_are_seen_in_place_of_points():
    """Of the first coordinate alone, a shift of the second costs nothing."""
    x = data().all().x
    assert value(matching(x + torch.tensor([0.0, 5.0]), lambda x: x[:, :1]), data()) == pytest.approx(0, abs=1e-5)
    assert value(matching(x + torch.tensor([5.0, 0.0]), lambda x: x[:, :1]), data()) > 1


def test_a_linear_sampler_takes_the_moments_of_the_data():
    part = data()
    x = part.all().x
    torch.manual_seed(1)
    sampler = Pushforward(nn.Linear(2, 2), Normal(2))
    game = FeatureMatching(
        Vector(2), sampler, Frechet(), lambda x: x, whitened(2), tune=Adam(0.05, (0.5, 0.999)), batch_size=N
    )
    game.prepare(part)
    turn = Turn(dict(game.players()), game.tune)
    for number in range(400):
        turn.begin(number, number / 400)
        game.step(part.all, turn)
    weight, bias = sampler.network.weight.detach(), sampler.network.bias.detach()
    torch.testing.assert_close(bias, x.mean(0), atol=0.2, rtol=0)
    torch.testing.assert_close(weight @ weight.T, x.T.cov(), atol=0.5, rtol=0)


def test_classes_stand_beside_the_components():
    part = data(classes=3)
    space = Vector(2, classes=("a", "b", "c"))
    sampler = Pushforward.of(MLP((4,)), Normal(2), space)
    game = FeatureMatching(space, sampler, Frechet(), lambda x: x, whitened(2))
    game.prepare(part)
    seen = game.seen(part.all())
    assert seen.shape == (N, 5)
    assert seen[:, 2:].argmax(1).equal(part.all().label)
    assert seen[:, 2:].sum(1).unique().tolist() == pytest.approx([3**0.5])


def test_a_critic_is_refused():
    critic = Adversarial(MeanDifference(), nn.Linear(2, 1))
    with pytest.raises(Refused, match="must have no critic"):
        FeatureMatching(Vector(2), Pushforward(nn.Linear(2, 2), Normal(2)), critic, lambda x: x, whitened(2))
