"""One step along paths of noising: the map, its levels, its loss, and a law whose paths are known."""

from math import erf, log, sqrt

import numpy as np
import pytest
import torch

import pushforward as pf
from pushforward.errors import Refused
from pushforward.games import ConsistencyTraining
from pushforward.networks import MLP
from pushforward.samplers import ConsistencyMap
from pushforward.spaces import Batch, Columns, Image, OneOf, Vector
from pushforward.training import Turn
from pushforward.tuning import Adam, Cosine


def made(space=Vector(3), deviation=1.0, **options):
    return ConsistencyTraining(space, ConsistencyMap(MLP((32, 32)).field(space), space, deviation), **options)


def test_a_path_begins_at_the_data():
    """f(x, σ_min) = x, whatever the weights."""
    f, x = made().sampler, torch.randn(6, 3)
    assert torch.equal(f.origin(x, torch.full((6,), f.low)), x)


def test_the_map_by_hand():
    f = made(deviation=0.5).sampler
    x, sigma = torch.randn(4, 3), torch.tensor([0.002, 0.1, 2.0, 80.0])
    for i in range(4):
        s = float(sigma[i])
        time = torch.tensor([(log(s) - log(0.002)) / (log(80) - log(0.002))])
        inner = f.field(x[i : i + 1] / sqrt(s**2 + 0.25), time)
        expected = 0.25 / ((s - 0.002) ** 2 + 0.25) * x[i : i + 1] + 0.5 * (s - 0.002) / sqrt(s**2 + 0.25) * inner
        torch.testing.assert_close(f.origin(x, sigma)[i : i + 1], expected, rtol=1e-4, atol=1e-5)


def test_samples_are_in_the_space():
    picture = made(Image(1, 4, 4)).sampler
    y = picture.push(1e3 * torch.randn(50, 16))
    assert y.shape == (50, 1, 4, 4)
    assert y.abs().max() <= 1
    table = made(Columns(("a", OneOf("b", ("x", "y", "z"))))).sampler(50).x
    assert ((table[:, 1:] == 0) | (table[:, 1:] == 1)).all()
    assert (table[:, 1:].sum(1) == 1).all()


@pytest.mark.parametrize(
    ("turn", "intervals"), [(0, 10), (499, 10), (500, 20), (1700, 80), (4000, 1280), (10**9, 1280)]
)
def test_levels_double(turn, intervals):
    game = made(doubling=500)
    levels = game.levels(turn)
    assert len(levels) == intervals + 1
    assert levels[[0, -1]].tolist() == pytest.approx([0.002, 80.0], rel=1e-4)
    i = intervals // 3
    expected = (0.002 ** (1 / 7) + i / intervals * (80 ** (1 / 7) - 0.002 ** (1 / 7))) ** 7
    assert float(levels[i]) == pytest.approx(expected, rel=1e-4)


@pytest.mark.parametrize("deviation", [0.5, 2.0])
def test_levels_are_drawn_as_the_logarithm_is_normal(deviation):
    game = made(deviation=deviation)
    levels = game.levels(0)
    below = [0.5 * (1 + erf((log(float(v)) + 1.1 - log(2 * deviation)) / (2 * sqrt(2)))) for v in levels]
    assert game.weights(levels).tolist() == pytest.approx(np.diff(below), rel=1e-3, abs=1e-7)


def test_the_loss_by_hand():
    """Pseudo-Huber of the difference at neighbouring levels, over their distance; the target has no gradient."""
    torch.manual_seed(0)
    game, x = made(tune=Adam(1e-12)), torch.randn(5, 3)
    turn = Turn(dict(game.players()), game.tune)
    turn.begin(0, 0.0)
    torch.manual_seed(1)
    i = torch.multinomial(game.weights(game.levels(0)), 5, replacement=True)
    z = torch.randn(5, 3)
    low, high = game.levels(0)[i], game.levels(0)[i + 1]
    f = game.sampler.origin
    apart = (f(x + high[:, None] * z, high) - f(x + low[:, None] * z, low).detach()).square().sum(1)
    expected = ((apart + 0.00054**2 * 3).sqrt() - 0.00054 * sqrt(3)) / (high - low)
    slopes = torch.autograd.grad(expected.mean(), list(game.parameters()))
    torch.manual_seed(1)
    game.step(lambda: Batch(x), turn)
    assert turn.records["sampler"]["loss"] == pytest.approx(expected.mean().item(), rel=1e-4)
    for p, slope in zip(game.parameters(), slopes, strict=True):
        torch.testing.assert_close(p.grad, slope, rtol=1e-3, atol=1e-5)


def test_paths_of_a_normal_law_are_learnt():
    """Data N(m, s²I): the flow's path through x at σ begins at m + (x − m)·√((s² + σ_min²)/(s² + σ²)).

    A map that knew the mean alone would be off by s, root mean square.
    """
    torch.manual_seed(0)
    m, s, space = torch.tensor([1.0, -1.0]), 0.5, Vector(2)
    f = ConsistencyMap(MLP((64, 64)).field(space), space, 1.0, 0.02, 5.0)
    game = ConsistencyTraining(space, f, 5, 40, 150, Adam(5e-3, (0.9, 0.99), decay=Cosine()))
    turn = Turn(dict(game.players()), game.tune)
    for number in range(600):
        turn.begin(number, number / 600)
        game.step(lambda: Batch(m + s * torch.randn(256, 2)), turn)
    z = torch.randn(2000, 2)
    begins = m + (5 * z - m) * sqrt((s**2 + 0.02**2) / (s**2 + 5**2))
    with torch.no_grad():
        assert (f.push(z) - begins).square().mean().sqrt() < s / 4


def test_a_run_is_kept_and_opened_again(tmp_path):
    data = pf.data.load(torch.randn(200, 2))
    game = pf.recipes.consistency(data.space, MLP((16,)), doubling=3, batch_size=32)
    run = pf.fit(game, data, run=tmp_path / "run", steps=10, verdict=False, quiet=True, device="cpu")
    y = run.sample(7, seed=1)
    assert y.shape == (7, 2)
    assert (pf.load(tmp_path / "run").sample(7, seed=1) == y).all()


def test_what_is_refused():
    with pytest.raises(Refused, match=r"field of ConsistencyMap must take x and `time` alone, got \[\] beside x"):
        ConsistencyMap(MLP((4,)).critic(Vector(2), 2), Vector(2))
    with pytest.raises(Refused, match="needs 0 < low < high and deviation > 0, got 0.002, 80.0 and 0.0"):
        ConsistencyMap(MLP((4,)).field(Vector(2)), Vector(2), 0.0)
    with pytest.raises(Refused, match="levels of ConsistencyTraining must be from 2 on"):
        pf.recipes.consistency(Vector(2), first=20, most=10)
    with pytest.raises(Refused, match="DCGAN has no field of vectors; choose a network that has, such as MLP"):
        pf.recipes.consistency(Image(1, 32, 32), pf.networks.DCGAN())
