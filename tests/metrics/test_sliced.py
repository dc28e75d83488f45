"""Sliced Wasserstein distance: SciPy's assignment, closed forms, its spread."""

import numpy as np
import pytest
import torch
from scipy.optimize import linear_sum_assignment

from pushforward.discrepancies.quantile_pieces import QuantilePieces
from pushforward.metrics import SlicedWasserstein


def draw(rng, n, d, shift=0.0):
    return torch.randn(n, d, generator=rng, dtype=torch.float64) + shift


def test_line_transport_equals_the_assignment(rng):
    a, b = draw(rng, 12, 1)[:, 0], draw(rng, 12, 1)[:, 0]
    costs = (a[:, None] - b).square().numpy()
    value, _, _ = QuantilePieces.of(12, 12).transport(a, b)
    assert value == pytest.approx(costs[linear_sum_assignment(costs)].mean(), rel=1e-12)


def test_unequal_sizes_equal_copies_of_each_row(rng):
    a, b = draw(rng, 4, 1)[:, 0], draw(rng, 6, 1)[:, 0]
    value, _, _ = QuantilePieces.of(4, 6).transport(a, b)
    assert value == pytest.approx(QuantilePieces.of(12, 12).transport(a.repeat(3), b.repeat(2))[0], rel=1e-12)


def test_a_shift_of_all_coordinates(rng):
    # On every line the distance is |uᵀδ|, whose mean square over the sphere is ‖δ‖²/d.
    x = draw(rng, 50, 3)
    u = SlicedWasserstein().directions(3)
    expected = (u @ torch.tensor([1.0, 2.0, 0.0]).double()).square().mean().sqrt().item()
    assert SlicedWasserstein()(x, x + torch.tensor([1.0, 2.0, 0.0]))[0].value == pytest.approx(expected, rel=1e-12)
    assert SlicedWasserstein()(x, x)[0].value == 0.0


def test_spread_is_the_deviation_over_draws(rng):
    scores = [SlicedWasserstein(16)(draw(rng, 150, 2), draw(rng, 100, 2, 0.7))[0] for _ in range(200)]
    deviation = np.std([s.value for s in scores], ddof=1)
    assert np.mean([s.spread for s in scores]) == pytest.approx(deviation, rel=0.25)
