"""Modes found: the rule at its edges, and the divergence's closed form."""

from math import log
from types import SimpleNamespace

import pytest
import torch

from pushforward.errors import Refused
from pushforward.metrics import modes

FOUR = SimpleNamespace(centers=4.0 * torch.eye(4), std=0.5)


def test_samples_at_every_mode():
    found = modes(FOUR.centers.repeat(5, 1), FOUR)
    assert (found.found, found.total, found.share, found.kl) == (4, 4, 1.0, 0.0)


def test_a_mode_needs_a_quarter_of_its_share():
    # 1/(4K) of 160 samples is 10: nine are too few, ten are enough.
    y = torch.cat([FOUR.centers[:1].expand(141, 4), FOUR.centers[1:2].expand(10, 4), FOUR.centers[2:3].expand(9, 4)])
    assert modes(y, FOUR).found == 2
    assert modes(y, FOUR).histogram == (141, 10, 9, 0)


def test_a_mode_of_its_own_weight_needs_a_quarter_of_that():
    """Of weights 1/2, 1/4, 3/16 and 1/16 a quarter of 640 samples is 80, 40, 30 and 10."""
    known = SimpleNamespace(centers=FOUR.centers, std=0.5, weights=(0.5, 0.25, 0.1875, 0.0625))
    at = lambda *counts: torch.cat([FOUR.centers[i : i + 1].expand(n, 4) for i, n in enumerate(counts)])
    assert modes(at(561, 40, 29, 10), known).found == 3
    assert modes(at(79, 521, 30, 10), known).found == 3
    assert modes(at(320, 160, 120, 40), known).kl == pytest.approx(0.0, abs=1e-15)
    assert modes(at(640, 0, 0, 0), known).kl == pytest.approx(log(2), abs=1e-15)


def test_weights_that_are_none_are_refused():
    with pytest.raises(Refused, match="weights of modes must be 4 positive numbers with the sum 1"):
        modes(FOUR.centers, SimpleNamespace(centers=FOUR.centers, std=0.5, weights=(0.5, 0.25, 0.25, 0.25)))


def test_near_is_three_standard_deviations():
    y = FOUR.centers[:1] + torch.tensor([[0.0, 1.5, 0.0, 0.0], [0.0, 1.5001, 0.0, 0.0]])
    assert modes(y, FOUR).share == 0.5


def test_divergence_from_uniform():
    # Half of the modes, equally often: log 2.
    assert modes(FOUR.centers[:2], FOUR).kl == pytest.approx(log(2), abs=1e-15)


def test_no_sample_near_any_mode():
    found = modes(torch.full((3, 4), 99.0), FOUR)
    assert (found.found, found.share, found.kl) == (0, 0.0, None)


def test_a_deviation_for_each_mode():
    known = SimpleNamespace(centers=torch.tensor([[0.0], [10.0]]), std=torch.tensor([0.1, 5.0]))
    assert modes(torch.tensor([[2.0]]), known).histogram == (0, 1)


def test_refuses_another_width():
    with pytest.raises(Refused, match="coordinates"):
        modes(torch.zeros(3, 2), FOUR)


def test_spread_is_the_deviation_of_the_count(rng):
    """Shares at the threshold of 1/16: whether a mode is found is a coin, more or less."""
    m, share = 400, torch.tensor([0.8, 0.075, 0.065, 0.06])
    draw = lambda: FOUR.centers[torch.multinomial(share, m, replacement=True, generator=rng)]
    known = modes(torch.cat([c.expand(round(float(s) * m), 4) for c, s in zip(FOUR.centers, share, strict=True)]), FOUR)
    counts = torch.tensor([modes(draw(), FOUR).found for _ in range(500)]).double()
    # The error of a deviation over 500 draws is 1/√1000 of it; the counts of modes are correlated by −0.07 or less.
    assert known.spread == pytest.approx(float(counts.std()), rel=4 / 1000**0.5 + 0.07)
    assert modes(FOUR.centers.repeat(100, 1), FOUR).score().spread < 1e-12
