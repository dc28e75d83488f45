"""The ratio of densities by trees, and the gain that other rows see in it: of laws whose divergence is known."""

import numpy as np
import pytest

from pushforward.metrics import BoostedRatio, HeldOutGain
from pushforward.metrics.numerics.cells import Column

SHIFT = 0.8


def normal(n, mean, seed):
    draw = np.random.default_rng(seed)
    return [Column("x", draw.normal(mean, size=n)), Column("u", draw.integers(0, 3, n).astype(float), ("a", "b", "c"))]


def truth(z):
    """The log-ratio of N(SHIFT, 1) to N(0, 1)."""
    return SHIFT * z[0].cells - SHIFT**2 / 2


def test_the_gain_of_the_true_ratio_is_the_divergence():
    gain = HeldOutGain.of(truth(normal(20_000, SHIFT, 0)), truth(normal(20_000, 0, 1)))
    assert gain.value == pytest.approx(SHIFT**2 / 2, abs=4 * gain.error)
    assert gain.error == pytest.approx(np.sqrt((SHIFT**2 + np.exp(SHIFT**2) - 1) / 20_000), rel=0.1)
    assert gain.is_gain


def test_trees_find_the_ratio_and_gain_less_than_the_divergence():
    ratio = BoostedRatio.fitted(normal(8000, SHIFT, 2), normal(8000, 0, 3))
    held, others = normal(8000, SHIFT, 4), normal(8000, 0, 5)
    gain = HeldOutGain.of(ratio.log_ratio(held), ratio.log_ratio(others))
    assert 0.8 * SHIFT**2 / 2 < gain.value < SHIFT**2 / 2 + 3 * gain.error
    assert np.corrcoef(ratio.log_ratio(held), truth(held))[0, 1] > 0.95


def test_where_laws_are_equal_nothing_is_gained():
    ratio = BoostedRatio.fitted(normal(4000, 0, 6), normal(4000, 0, 7))
    gain = HeldOutGain.of(ratio.log_ratio(normal(4000, 0, 8)), ratio.log_ratio(normal(4000, 0, 9)))
    assert not gain.is_gain
    assert str(gain) == f"{gain.value:.2g} ± {gain.error:.1g} nats"
