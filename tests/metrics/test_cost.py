"""The cost of a metric is a formula that evaluates."""

import pytest

from pushforward.metrics import KID, PRDC, FrechetDistance, KIDSubsets, SlicedWasserstein
from pushforward.metrics.cost import products
from pushforward.metrics.names import KNOWN


@pytest.mark.parametrize("metric", dict.fromkeys(KNOWN.values()), ids=lambda m: m.name)
def test_every_metric_says_what_it_costs(metric):
    small, large = metric.products(10_000, 10_000, 64), metric.products(10_000, 40_000, 64)
    assert small > 0
    assert large >= small


@pytest.mark.parametrize(
    ("metric", "expected"),
    [
        (PRDC(), 3e8 * 2048),
        (FrechetDistance(), 2 * 20_000 * 2048**2 + 10 * 2048**3),
        (KIDSubsets(subsets=10, size=100), 3 * 10 * 100**2 * 2048),
        (KID(), 3e8 * 2048),
    ],
    ids=lambda v: getattr(v, "name", ""),
)
def test_counts(metric, expected):
    assert metric.products(10_000, 10_000, 2048) == pytest.approx(expected)


def test_kid_costs_what_the_cheaper_way_costs():
    # 64·65/2 products of two coordinates with 64 coordinates, three times a row: far below 3·10¹² pairs.
    assert KID().products(10**6, 10**6, 64) == pytest.approx(3 * 2e6 * 64 * 65 / 2 * 64, rel=0.02)
    assert SlicedWasserstein(projections=2).products(10, 10, 64) < SlicedWasserstein().products(10, 10, 64)


def test_a_formula_is_no_program():
    with pytest.raises(ValueError, match="made of names, numbers"):
        products("__import__('os').getpid()", {})
    with pytest.raises(KeyError):
        products("n·k", {"n": 2})
