"""Probes: who draws, with what noise, and which state is best."""

from dataclasses import replace
from types import SimpleNamespace

import pytest
import torch
from torch import nn

from pushforward.networks import Concatenated
from pushforward.samplers import Normal, Pushforward
from pushforward.spaces import Batch
from pushforward.training import Probing, drawn


def sampler():
    return Pushforward(nn.Linear(3, 2), Normal(3))


def scores(value: float, better: str = "lower"):
    return {"first": {"value": value, "stderr": None, "better": better}, "second": {"value": 0.0, "better": "lower"}}


def probing(**probes) -> Probing:
    return Probing(probes, Batch(torch.randn(7, 2)), seed=3)


def test_torchs_generator_is_left_as_it_was():
    g = sampler()
    torch.manual_seed(0)
    expected = torch.randn(4)
    torch.manual_seed(0)
    drawn(g, 10, seed=5)
    assert torch.equal(torch.randn(4), expected)


def test_the_same_seed_gives_the_same_samples_and_another_others():
    g = sampler()
    a, b, c = (drawn(g, 10, seed).x for seed in (1, 1, 2))
    assert torch.equal(a, b)
    assert not torch.equal(a, c)
    assert not a.requires_grad


@pytest.mark.parametrize("n", [1, 4, 7, 8])
def test_blocks_make_exactly_n_samples(n):
    assert drawn(sampler(), n, seed=0, block=4).x.shape == (n, 2)


def test_labels_go_with_their_rows_through_the_blocks():
    network = Concatenated(nn.Linear(3 + 4, 4), 4)
    with torch.no_grad():  # the sample says which label made it
        network.network.weight.copy_(torch.cat([torch.zeros(4, 3), torch.eye(4)], 1))
        network.network.bias.zero_()
    g = Pushforward(network, Normal(3), classes=4)
    label = torch.tensor([3, 0, 1, 2, 2, 1, 0, 3, 3])
    batch = drawn(g, 9, seed=0, label=label, block=4)
    assert torch.equal(batch.x.argmax(1), label)
    assert torch.equal(batch.label, label)


@pytest.mark.parametrize(("least", "n"), [(3, 7), (20, 20)])
def test_a_probe_sees_validation_rows_and_as_many_samples_or_the_least(least, n):
    seen = []

    def probe(x, y):
        seen.append((x, y))
        return SimpleNamespace(value=1.0, stderr=0.5, better="lower")

    p = replace(probing(probe=probe), least=least)
    assert p(sampler()) == {"probe": {"value": 1.0, "stderr": 0.5, "better": "lower"}}
    x, y = seen[0]
    assert torch.equal(x, p.validation.x)
    assert y.shape == (n, 2)


def test_the_first_probe_chooses_in_its_own_direction():
    p = probing()
    assert p.improves(scores(1.0), None) == 1.0
    assert p.improves(scores(0.5), 1.0) == 0.5
    assert p.improves(scores(1.0), 1.0) is None
    assert p.improves(scores(2.0, "higher"), 1.0) == 2.0
    assert p.improves(scores(0.5, "higher"), 1.0) is None
    assert p.improves({}, None) is None


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -float("inf")])
def test_a_value_that_is_not_finite_is_never_best(value):
    p = probing()
    assert p.improves(scores(value), None) is None
    assert p.improves(scores(value), 1.0) is None
