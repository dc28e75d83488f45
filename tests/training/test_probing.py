"""Probes: who draws, and with what noise."""

from dataclasses import replace

import pytest
import torch
from torch import nn

from pushforward.networks import Concatenated
from pushforward.samplers import Normal, Pushforward
from pushforward.spaces import Batch
from pushforward.training import Probing, Standing, draw_samples


def sampler():
    return Pushforward(nn.Linear(3, 2), Normal(3))


def scores(value: float, better: str = "lower", stderr: float | None = None, spread: float | None = None):
    first = {"value": value, "stderr": stderr, "spread": spread, "better": better}
    return {"first": first, "second": {"value": 0.0, "better": "lower"}}


class Counting:
    """Gives one score, and remembers the samples."""

    def __init__(self):
        self.seen = []

    def __call__(self, y):
        self.seen.append(y)
        return scores(1.0), {"mean": y.mean(0)}

    def error(self, new, old):
        return 0.0


def probing(measure=None) -> Probing:
    return Probing(measure or Counting(), Batch(torch.randn(7, 2)), seed=3)


def test_torchs_generator_is_left_as_it_was():
    g = sampler()
    torch.manual_seed(0)
    expected = torch.randn(4)
    torch.manual_seed(0)
    draw_samples(g, 10, seed=5)
    assert torch.equal(torch.randn(4), expected)


def test_the_same_seed_gives_the_same_samples_and_another_others():
    g = sampler()
    a, b, c = (draw_samples(g, 10, seed).x for seed in (1, 1, 2))
    assert torch.equal(a, b)
    assert not torch.equal(a, c)
    assert not a.requires_grad


@pytest.mark.parametrize("n", [1, 4, 7, 8])
def test_blocks_make_exactly_n_samples(n):
    assert draw_samples(sampler(), n, seed=0, block=4).x.shape == (n, 2)


def test_labels_go_with_their_rows_through_the_blocks():
    network = Concatenated(nn.Linear(3 + 4, 4), 4)
    with torch.no_grad():  # the sample says which label made it
        network.network.weight.copy_(torch.cat([torch.zeros(4, 3), torch.eye(4)], 1))
        network.network.bias.zero_()
    g = Pushforward(network, Normal(3), classes=4)
    label = torch.tensor([3, 0, 1, 2, 2, 1, 0, 3, 3])
    batch = draw_samples(g, 9, seed=0, label=label, block=4)
    assert torch.equal(batch.x.argmax(1), label)
    assert torch.equal(batch.label, label)


@pytest.mark.parametrize(("least", "n"), [(3, 7), (20, 20)])
def test_a_probe_sees_as_many_samples_as_validation_rows_or_the_least(least, n):
    measure = Counting()
    p = replace(probing(measure), least=least)
    g = sampler()
    found, trace = p(g)
    assert found == scores(1.0)
    assert measure.seen[0].shape == (n, 2)
    p(g)
    assert torch.equal(*measure.seen), "the same noise at every probe"
    assert torch.equal(trace["mean"], measure.seen[0].mean(0))
    assert not torch.equal(p.samples(g, 4), measure.seen[0])


def test_a_standing_is_that_of_evaluation_mode_and_leaves_mode_and_generator_as_they_were():
    g = Pushforward(nn.Sequential(nn.Linear(3, 2), nn.Dropout(0.5)), Normal(3)).train()
    p = probing()
    expected = p.samples(g.eval(), 3)
    g.train()
    torch.manual_seed(0)
    before = torch.get_rng_state()
    assert p.standing(g, 7) == Standing(7, "first", 1.0)
    assert torch.equal(p.measure.seen[-1], expected)
    assert g.training
    assert torch.equal(torch.get_rng_state(), before)
