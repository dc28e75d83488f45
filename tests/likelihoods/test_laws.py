"""Likelihoods: they sum to one, are summed over coordinates, and draw and mean are those of their own masses."""

from itertools import product
from math import log

import pytest
import torch
from torch.distributions import Normal

from pushforward.errors import Refused
from pushforward.likelihoods import Bernoulli, Blocks, Decoded, DiscretisedLogistic, Gaussian, SquaredError
from pushforward.likelihoods.two_values import TwoValueNats
from pushforward.spaces import Columns, Image, OneOf, Vector

PIXEL, LEVELS = Image(1, 1, 1), 17
GREY = [DiscretisedLogistic(1, 0.0), DiscretisedLogistic(1, 0.01), DiscretisedLogistic(3)]


def decoded(cost, space, n, levels=LEVELS, spread=1.0):
    v = spread * torch.randn(n, *cost.output(space).shape, dtype=torch.float64)
    step = 2 / (levels - 1) if space.range else 0.0
    return Decoded(v, space, torch.randn(cost.free(space), dtype=torch.float64), torch.tensor(step).double())


def repeated(given, n):
    return given._replace(v=given.v.expand(n, *given.v.shape[1:]))


@pytest.mark.parametrize("cost", GREY, ids=repr)
@pytest.mark.parametrize("spread", [1.0, 5.0])
def test_masses_of_grey_levels_sum_to_one_and_give_mean_and_draws(cost, spread):
    values = torch.linspace(-1, 1, LEVELS).double().view(-1, 1, 1, 1)
    u = (torch.arange(20_000).double() + 0.5).view(-1, 1, 1, 1) / 20_000
    for _ in range(5):
        given = decoded(cost, PIXEL, 1, spread=spread)
        step = float(given.grain)
        mass = cost.log_prob(values, repeated(given, LEVELS)).exp() * step
        assert float(mass.sum()) == pytest.approx(1.0, abs=1e-9)
        drawn = cost.draw(u, repeated(given, len(u)))
        shares = torch.stack([(drawn - v).abs().lt(1e-9).double().mean() for v in values.flatten()])
        law = (mass - cost.floor / LEVELS) / (1 - cost.floor)  # samples leave the uniform share out
        torch.testing.assert_close(shares, law, atol=1e-4, rtol=0)
        mean = (law * values.flatten()).sum()
        assert abs(float(cost.mean(given) - mean)) <= step / 2 + 1e-9


def test_two_values_have_all_of_the_probability():
    space, cost = Image(1, 1, 3, 0.0, 1.0), Bernoulli()
    given = decoded(cost, space, 1)
    points = torch.tensor(list(product([0.0, 1.0], repeat=3))).double().view(8, 1, 1, 3)
    p = cost.log_prob(points, repeated(given, 8)).exp()
    assert float(p.sum()) == pytest.approx(1.0, abs=1e-12)
    torch.testing.assert_close((p[:, None] * points.flatten(1)).sum(0), cost.mean(given).flatten())


def test_nats_of_two_values_are_the_formula_written_out_and_so_are_both_derivatives(monkeypatch):
    """Sum of b·log σ(v) + (1 − b)·log σ(−v), of three rows of logits a point, in blocks that do not come out even."""
    monkeypatch.setattr("pushforward.likelihoods.two_values.AT_ONCE", 40)
    space, n, draws = Image(1, 2, 3, 0.0, 2.0), 5, 3
    b = torch.randint(2, (n, 1, 2, 3)).double()
    v = 30 * torch.randn(n * draws, 1, 2, 3, dtype=torch.float64)
    v.requires_grad_()
    found = Bernoulli().losses(2 * b, Decoded(v, space, torch.empty(0), torch.zeros(())), draws)
    each, log_sigmoid = b.repeat_interleave(draws, 0), torch.nn.functional.logsigmoid
    written = -(each * log_sigmoid(v) + (1 - each) * log_sigmoid(-v)).flatten(1).sum(1)
    torch.testing.assert_close(found, written, rtol=1e-14, atol=1e-14)
    weights = torch.rand(n * draws, dtype=torch.float64)
    (slope,) = torch.autograd.grad(found @ weights, v, retain_graph=True)
    (expected,) = torch.autograd.grad(written @ weights, v)
    torch.testing.assert_close(slope, expected, rtol=1e-14, atol=1e-14)
    free = [torch.randn(shape, dtype=torch.float64, requires_grad=True) for shape in ((2, 4), (2, 3, 4))]
    assert torch.autograd.gradcheck(TwoValueNats.apply, free)
    assert torch.autograd.gradgradcheck(TwoValueNats.apply, free)


@pytest.mark.parametrize("cost", [Bernoulli(), Gaussian(), DiscretisedLogistic(), SquaredError()], ids=repr)
def test_draws_of_one_point_stand_one_after_the_other(cost):
    space = Image(1, 2, 2)
    x, given = torch.randint(2, (3, 1, 2, 2)).double() * 2 - 1, decoded(cost, space, 6)
    twice = torch.stack([x, x], 1).flatten(0, 1)
    torch.testing.assert_close(cost.losses(x, given, 2), cost.loss(twice, given))


def test_the_higher_value_is_drawn_as_often_as_the_logit_says():
    space, cost = Image(1, 1, 1), Bernoulli()
    given = decoded(cost, space, 1)
    u = (torch.arange(10_000).double() + 0.5).view(-1, 1, 1, 1) / 10_000
    y = cost.draw(u, repeated(given, len(u)))
    assert set(y.unique().tolist()) == {-1.0, 1.0}
    assert float((y > 0).double().mean()) == pytest.approx(float(given.v.sigmoid()), abs=1e-4)


@pytest.mark.parametrize("cost", [Gaussian(), Gaussian(0.5), Gaussian(own=True)], ids=repr)
@pytest.mark.parametrize("space", [Vector(3), Image(2, 2, 3)], ids=["vector", "picture"])
def test_the_normal_law_is_torchs(cost, space):
    given = decoded(cost, space, 4)
    if cost.own:
        mean, log_scale = (part.reshape(-1, *space.shape) for part in given.v.chunk(2, 1))
    else:
        mean, log_scale = given.v, torch.tensor(log(0.5)) if cost.scale else given.free.view(1, *space.shape)
    law, x = Normal(mean, log_scale.exp()), torch.randn(4, *space.shape, dtype=torch.float64)
    torch.testing.assert_close(cost.log_prob(x, given), law.log_prob(x).flatten(1).sum(1))
    torch.testing.assert_close(cost.mean(given), mean)
    u = torch.rand(4, *space.shape, dtype=torch.float64)
    torch.testing.assert_close(cost.draw(u, given), law.icdf(u))


def test_a_scale_that_is_learnt_is_at_best_the_root_mean_square_of_what_is_left():
    """Differentiated in σ: the mean of (x − v)²/σ² is 1 there."""
    cost, space = Gaussian(), Vector(2)
    x, v = torch.randn(50, 2).double() * torch.tensor([0.3, 2.0]), torch.zeros(50, 2).double()
    free = x.square().mean(0).log().div(2).requires_grad_()
    cost.loss(x, Decoded(v, space, free, torch.zeros(()))).mean().backward()
    assert free.grad.abs().max() < 1e-12


@pytest.mark.parametrize("cost", [Bernoulli(), Gaussian(), DiscretisedLogistic()], ids=repr)
def test_sums_are_over_coordinates(cost):
    """A picture of equal pixels costs as many times what one does."""
    one, many = decoded(cost, PIXEL, 1), Image(1, 3, 5)
    given = Decoded(one.v.expand(1, one.v.shape[1], 3, 5), many, one.free.expand(cost.free(many)), one.grain)
    x = torch.ones(1, 1, 1, 1).double()
    torch.testing.assert_close(cost.log_prob(x.expand(1, 1, 3, 5), given), 15 * cost.log_prob(x, one))
    assert cost.loss(x, one) == -cost.log_prob(x, one)


def test_the_squared_error_is_a_mean_over_coordinates():
    x, v = torch.randn(4, 3), torch.randn(4, 3)
    loss = SquaredError().loss(x, Decoded(v, Vector(3), torch.empty(0), torch.zeros(())))
    torch.testing.assert_close(loss, ((x - v) ** 2).sum(1) / 3)


def test_grey_values_are_the_probability_of_white_when_they_are_drawn_anew():
    space, cost = Image(1, 2, 2), Bernoulli(binarise=True)
    x = torch.tensor([[[[-1.0, 1.0], [0.0, 0.5]]]])
    drawn = torch.cat([cost.seen(x, space) for _ in range(4000)])
    assert set(drawn.unique().tolist()) == {-1.0, 1.0}
    expected = torch.tensor([[0.0, 1.0], [0.5, 0.75]])
    error = (expected * (1 - expected) / 4000).sqrt()
    assert ((drawn > 0).float().mean(0)[0] - expected).abs().le(5 * error).all()


def test_what_is_refused():
    grey = torch.tensor([[[[0.0]]], [[[0.3]]]])
    with pytest.raises(
        Refused, match="--threshold 0.5.*--binarise true.*--likelihood.binarise true.*--likelihood DiscretisedLogistic"
    ):
        Bernoulli().demand(grey, PIXEL, torch.tensor(0.0))
    Bernoulli(binarise=True).demand(grey, PIXEL, torch.tensor(0.0))
    with pytest.raises(Refused, match="between two bounds"):
        Bernoulli().demand(grey, Vector(1), torch.tensor(0.0))
    with pytest.raises(Refused, match="multiples of no step"):
        DiscretisedLogistic().demand(grey, PIXEL, torch.tensor(0.0))
    with pytest.raises(Refused, match="grey levels between two bounds"):
        DiscretisedLogistic().demand(grey, Vector(1), torch.tensor(0.1))
    with pytest.raises(Refused, match="scale of Gaussian must be positive, and absent with own, got -1"):
        Gaussian(-1.0)
    with pytest.raises(Refused, match="absent with own"):
        Gaussian(1.0, own=True)


def test_rows_of_numbers_and_levels():
    """Levels have all of the probability, numbers the normal law; draws and the middle are rows of the table."""
    space, cost = Columns(("a", OneOf("metal", ("gold", "lead", "tin")), "b")), Blocks()
    given = decoded(cost, space, 1)
    levels = torch.eye(3, dtype=torch.float64)
    rows = torch.cat([torch.full((3, 1), 0.2).double(), levels, torch.full((3, 1), -0.7).double()], 1)
    numbers = Decoded(given.v[:, [0, 4]], Vector(2), given.free, given.grain)
    density = Gaussian().log_prob(torch.tensor([[0.2, -0.7]]).double(), numbers).exp()
    found = cost.log_prob(rows, repeated(given, 3)).exp()
    torch.testing.assert_close(found.sum(), density[0])
    torch.testing.assert_close(found / density, given.v[0, 1:4].softmax(0))
    u = torch.rand(20_000, 5, dtype=torch.float64)
    u[:, 1] = (torch.arange(20_000) + 0.5) / 20_000
    drawn = cost.draw(u, repeated(given, len(u)))
    torch.testing.assert_close(drawn[:, 1:4].mean(0), given.v[0, 1:4].softmax(0), atol=1e-4, rtol=0)
    assert set(cost.mean(given)[0, 1:4].tolist()) == {0.0, 1.0}
    with pytest.raises(Refused, match="take --likelihood Blocks"):
        Gaussian().output(space)


@pytest.mark.parametrize("cost", [Bernoulli(), DiscretisedLogistic(), DiscretisedLogistic(3)], ids=repr)
def test_before_it_has_learnt_a_decoder_says_the_mean_of_the_data(cost):
    """Exactly for two values; to a twentieth of the range for grey levels, whose law has a width."""
    space, mean = Image(3, 2, 2), torch.linspace(-0.3, 0.3, 12).view(3, 2, 2)
    v = cost.first(mean, space)
    assert v.shape == cost.output(space).shape
    said = cost.mean(Decoded(v[None], space, torch.empty(0), torch.tensor(2 / 255)))[0]
    torch.testing.assert_close(said, mean, atol=1e-5 if cost.discrete else 0.1, rtol=0)
