"""The loop that follows a field: what the sampler's gradient is, classes apart, units of a field."""

import pytest
import torch
from torch.testing import assert_close

import pushforward as pf
from pushforward.data.parts.stored import TensorPart
from pushforward.discrepancies import MMD
from pushforward.errors import Refused
from pushforward.features import Own, RandomConv
from pushforward.fields import DoubleSoftmax, MMDGradient
from pushforward.games import Drift
from pushforward.games.drift import unit
from pushforward.kernels import Gaussian, Median
from pushforward.metrics import modes
from pushforward.networks import MLP
from pushforward.samplers import Normal, Pushforward
from pushforward.spaces import Batch, Image, Vector
from pushforward.training import Turn
from pushforward.tuning import SGD, Adam

SPACE = Vector(2)
LABELLED = Vector(2, ("left", "right"))


def sampler(space=SPACE):
    torch.manual_seed(0)
    return Pushforward.of(MLP((16,)), Normal(3), space)


def test_a_sampler_follows_the_gradient_of_an_mmd():
    """One step of gradient descent along the MMD's field is one step down the library's MMD, weight by weight."""
    x, before = Batch(torch.randn(32, 2)), sampler()
    game = Drift(SPACE, sampler(), MMDGradient(Gaussian(1.5)), normalised=False, tune=SGD(0.1, 0.0))
    turn = Turn(dict(game.players()), game.tune)
    turn.begin(0, 0.0)
    torch.manual_seed(1)
    game.step(lambda: x, turn)
    torch.manual_seed(1)
    loss = MMD(Gaussian(1.5)).loss(x, before(32))
    slopes = torch.autograd.grad(loss, list(before.parameters()))
    for p, q, slope in zip(game.sampler.parameters(), before.parameters(), slopes, strict=True):
        assert_close(p, q - 0.1 * slope, rtol=1e-4, atol=1e-7)


def test_frozen_features_are_followed_through():
    """Along the field of a kernel of features, one step is one down the MMD of the kernel on the features."""
    seen = torch.nn.Sequential(torch.nn.Linear(2, 5), torch.nn.BatchNorm1d(5), torch.nn.Tanh())
    x, before, kernel = Batch(torch.randn(32, 2)), sampler(), Gaussian(1.5)
    weights = {name: value.clone() for name, value in seen.state_dict().items()}
    game = Drift(SPACE, sampler(), MMDGradient(kernel), False, features=seen, tune=SGD(0.1, 0.0)).train()
    assert dict(game.players()).keys() == {"sampler"}
    turn = Turn(dict(game.players()), game.tune)
    turn.begin(0, 0.0)
    torch.manual_seed(1)
    game.step(lambda: x, turn)
    torch.manual_seed(1)
    slopes = torch.autograd.grad(MMD(kernel.on(seen.eval())).loss(x, before(32)), list(before.parameters()))
    for p, q, slope in zip(game.sampler.parameters(), before.parameters(), slopes, strict=True):
        assert_close(p, q - 0.1 * slope, rtol=1e-4, atol=1e-7)
    assert all(torch.equal(value, weights[name]) for name, value in seen.state_dict().items()), "batch norm too"


def test_the_recipe_matches_in_the_space_of_features_that_it_is_given():
    space, features = Image(1, 8, 8), RandomConv()
    torch.manual_seed(0)
    game = pf.recipes.drifting(space, MLP((8,)), Normal(3), features=features, tune=SGD(0.1, 0.0))
    x = torch.rand(6, 1, 8, 8)
    assert_close(game._seen(x), features.block(x))
    before = [p.clone() for p in game.sampler.parameters()]
    turn = Turn(dict(game.players()), game.tune)
    turn.begin(0, 0.0)
    game.step(lambda: Batch(x), turn)
    assert all((p != q).any() for p, q in zip(game.sampler.parameters(), before, strict=True))


def test_features_that_pass_no_gradient_are_refused():
    blind = Own(lambda x: x.detach().flatten(1))
    game = pf.recipes.drifting(Image(1, 8, 8), MLP((8,)), Normal(3), features=blind)
    turn = Turn(dict(game.players()), game.tune)
    turn.begin(0, 0.0)
    with pytest.raises(Refused, match="features of drifting must pass gradients, which Own does not"):
        game.step(lambda: Batch(torch.rand(6, 1, 8, 8)), turn)


def test_the_log_has_the_fields_size_beside_a_flat_loss():
    """Three components, each of mean square 1: the loss is what they add up to, the size what they were before."""
    x, before = Batch(torch.randn(64, 2)), sampler()
    game = Drift(SPACE, sampler(), DoubleSoftmax())
    turn = Turn(dict(game.players()), game.tune)
    turn.begin(0, 0.0)
    torch.manual_seed(1)
    game.step(lambda: x, turn)
    torch.manual_seed(1)
    V = DoubleSoftmax().components(before(64).x, x.x)
    record = turn.records["sampler"]
    assert record["terms"]["drift"] == pytest.approx(float(V.sum(0).square().mean().sqrt()), rel=1e-4)
    assert record["loss"] == pytest.approx(float(unit(V).sum(0).square().sum(1).mean()), rel=1e-4)


def test_a_unit_field_has_mean_square_one_and_nothing_stays_nothing(rng):
    V = 1e-3 * torch.randn(3, 8, 2, generator=rng, dtype=torch.float64)
    V[1] = 0.0
    assert_close(unit(V).square().mean((1, 2)), torch.tensor([1.0, 0.0, 1.0], dtype=torch.float64))


@pytest.mark.parametrize("size", [1e-19, 1e-22, 1e-30])
def test_a_field_whose_squares_vanish_moves_nothing_far(size, rng):
    V = torch.zeros(1, 8, 2)
    V[0, 0, 0] = size
    assert unit(V).isfinite().all()
    assert float(unit(V).abs().max()) <= 4.01  # √16: that of one coordinate of 16, at most


def test_classes_do_not_see_one_another():
    y, x = torch.randn(12, 2), torch.randn(12, 2)
    label = torch.tensor([2, 0, 0, 2, 1, 0, 2, 2, 0, 1, 0, 2])
    V = Drift(LABELLED, sampler(LABELLED), DoubleSoftmax()).drifts(y, x, label)
    for c in range(3):
        assert_close(V[:, label == c], DoubleSoftmax().components(y[label == c], x[label == c]))


def test_a_class_of_one_stays_where_it_is():
    y, x = torch.randn(5, 2), torch.randn(5, 2)
    V = Drift(LABELLED, sampler(LABELLED), DoubleSoftmax()).drifts(y, x, torch.tensor([0, 0, 1, 0, 0]))
    assert_close(V[:, 2], torch.zeros(3, 2))
    assert V.isfinite().all()


def test_a_conditional_sampler_learns_which_class_is_where():
    def batch():
        label = torch.arange(128) % 2
        return Batch(torch.stack([8.0 * label - 4, 0.0 * label], 1) + 0.1 * torch.randn(128, 2), label)

    game = Drift(LABELLED, sampler(LABELLED), DoubleSoftmax(), tune=Adam(1e-2, (0.9, 0.99)))
    turn = Turn(dict(game.players()), game.tune)
    for i in range(300):
        turn.begin(i, 0.0)
        game.step(batch, turn)
    label = torch.arange(200) % 2
    y = game.sampler(200, label).x.detach()
    assert y[label == 0, 0].max() < 0 < y[label == 1, 0].min(), "not even one sample is on the other class's side"


def test_a_bandwidth_that_waits_is_taken_from_the_data(rng):
    x = torch.randn(50, 2, generator=rng)
    game = Drift(SPACE, sampler(), MMDGradient(Gaussian(Median())))
    game.prepare(TensorPart(x, None))
    assert game.field == MMDGradient(Gaussian(Median().of(x)))


def test_drifting_is_conditional_where_there_are_labels():
    assert pf.recipes.drifting(LABELLED).sampler.classes == 2
    assert pf.recipes.drifting(LABELLED, conditional=False).sampler.classes == 0
    assert pf.recipes.drifting(SPACE).sampler.classes == 0
    plan = pf.networks.Maxout()
    assert not plan.takes_labels
    assert pf.recipes.drifting(LABELLED, network=plan).sampler.classes == 0


def test_drifting_has_the_papers_numbers_where_it_says_so():
    """Deng et al. (2026): τ = 0.02, 0.05 and 0.2 mean distances, each component normalised, then summed."""
    game = pf.recipes.drifting(SPACE)
    assert game.field == DoubleSoftmax((0.02, 0.05, 0.2), floor=0.0)
    assert game.normalised


def collapsed(game):
    """The sampler's samples all at one mode of the ring: the last layer's weights are small, its bias lies there."""
    *_, last, head = game.sampler.network
    with torch.no_grad():
        last.weight.mul_(0.05)
        last.bias.copy_(torch.tensor([2.0, 0.0]))
    return game


def test_the_double_softmax_finds_all_modes_from_a_collapsed_start():
    data = pf.data.load("ring")
    torch.manual_seed(0)
    game = collapsed(Drift(SPACE, Pushforward.of(MLP((128, 128)), Normal(8), SPACE), DoubleSoftmax(),
                           tune=Adam(2e-3, (0.9, 0.99))))  # fmt: skip
    assert modes(game.sampler(2000).x, data.modes).found <= 1
    x = data.train.all().x
    turn = Turn(dict(game.players()), game.tune)
    for i in range(250):
        turn.begin(i, 0.0)
        game.step(lambda: Batch(x[torch.randint(len(x), (128,))]), turn)
    assert modes(game.sampler(10_000).x.detach(), data.modes).found == 8
