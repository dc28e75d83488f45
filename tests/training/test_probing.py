"""Probes: who draws, with what noise, and which state is best."""

from dataclasses import replace

import pytest
import torch
from torch import nn

from pushforward.networks import Concatenated
from pushforward.samplers import Normal, Pushforward
from pushforward.spaces import Batch
from pushforward.training import Best, Probing, draw_samples


def sampler():
    return Pushforward(nn.Linear(3, 2), Normal(3))


def scores(value: float, better: str = "lower", stderr: float | None = None, spread: float | None = None):
    first = {"value": value, "stderr": stderr, "spread": spread, "better": better}
    return {"first": first, "second": {"value": 0.0, "better": "lower"}}


class Counting:
    """Gives one score, remembers the samples, and says what error was asked of it."""

    def __init__(self, error: float = 0.0):
        self.seen, self.changes, self.of_a_change = [], [], error

    def __call__(self, y):
        self.seen.append(y)
        return scores(1.0), {"mean": y.mean(0)}

    def error(self, new, old):
        self.changes.append((new, old))
        return self.of_a_change


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


def test_the_first_probe_chooses_in_its_own_direction():
    p = probing()
    assert p.new_best(scores(1.0), {}, None) == Best(1.0)
    assert p.new_best(scores(0.5), {}, Best(1.0)) == Best(0.5)
    assert p.new_best(scores(1.0), {}, Best(1.0)) is None
    assert p.new_best(scores(2.0, "higher"), {}, Best(1.0)) == Best(2.0)
    assert p.new_best(scores(0.5, "higher"), {}, Best(1.0)) is None
    assert p.new_best({}, {}, None) is None


@pytest.mark.parametrize("error", ["stderr", "spread"])
def test_a_change_smaller_than_its_error_is_not_best(error):
    """Errors 0.3 and 0.4 make 0.5 of the difference."""
    p, best = probing(), Best(1.0, 0.3)
    assert p.new_best(scores(0.51, **{error: 0.4}), {}, best) is None
    assert p.new_best(scores(0.49, **{error: 0.4}), {}, best) == Best(0.49, 0.4)
    assert p.new_best(scores(1.49, "higher", **{error: 0.4}), {}, best) is None
    assert p.new_best(scores(1.51, "higher", **{error: 0.4}), {}, best) == Best(1.51, 0.4)


def test_where_rows_are_paired_the_error_is_that_of_the_change():
    new, old = {"x": torch.ones(2)}, {"x": torch.zeros(2)}
    for error, better in ((0.01, True), (0.1, False)):
        measure = Counting(error)
        found = probing(measure).new_best(scores(0.95, stderr=10.0), new, Best(1.0, 10.0, old))
        assert (found is not None) == better
        assert measure.changes == [(new, old)]


def test_small_changes_add_up():
    """Each step is below the error, but the tenth is not from where the best state was."""
    p, best, kept = probing(), Best(1.0, 0.1), []
    for step in range(1, 21):
        found = p.new_best(scores(1.0 - 0.02 * step, stderr=0.1), {}, best)
        best, kept = found or best, [*kept, step] if found else kept
    assert kept == [8, 16]  # 0.16 > √0.02 = 0.1414… > 0.14


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -float("inf")])
def test_a_value_that_is_not_finite_is_never_best(value):
    p = probing()
    assert p.new_best(scores(value), {}, None) is None
    assert p.new_best(scores(value), {}, Best(1.0)) is None
