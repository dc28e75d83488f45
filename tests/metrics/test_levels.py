"""Levels and coverage by simulation: every row of the table that `benchmarks/judge/levels.py` writes."""

from types import SimpleNamespace

import pytest

from benchmarks.judge import levels


@pytest.mark.slow
@pytest.mark.parametrize("simulation", levels.TABLE, ids=lambda s: s.name)
def test_within_its_bounds(simulation):
    row = simulation.run()
    assert row["low"] <= row["found"] <= row["high"]


def test_bounds_are_binomial():
    # 100 ± 3.29·√95: from 68 to 132 of 2,000, and one or two more, the law being skewed to the right.
    low, high = levels.exact(2000)
    assert round(2000 * low) in (68, 69, 70)
    assert round(2000 * high) in (132, 133, 134)
    assert levels.coverage(2000) == (0.93, 0.97)


def test_simulations_tell_a_wrong_level():
    # A test that rejects twice as often, and p-values that are too small.
    row = levels.Simulation("wrong", "level 0.1", 1, "1", lambda g, i: i % 10 == 0, levels.exact).run()
    assert row["found"] == 0.1 > row["high"]
    small = lambda g, i: SimpleNamespace(p_closer=(i / levels.SIMULATIONS) ** 2)
    row = levels.Simulation("small", "p²", 1, "1", small, levels.not_small, levels.uniform).run()
    assert row["found"] < row["low"]
