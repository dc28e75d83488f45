"""The test of columns that are constant among the data: exact, whatever the units."""

from math import comb

import numpy as np
import pytest

from pushforward.metrics.significance.constant_columns import constant_columns


def test_a_single_column_has_the_hypergeometric_law():
    x, y = np.ones((6, 1)), np.ones((5, 1))
    y[:2, 0] = 3.0, 4.0
    # Only the value 1, found 9 times, can fill the 6 rows of data while 2 or more others deviate.
    assert constant_columns(x, y, ["a"]).p_value == pytest.approx(comb(9, 6) / comb(11, 6), rel=1e-12)


def test_of_several_columns_the_union_counts():
    x, y = np.ones((6, 2)), np.ones((5, 2))
    y[:2, 0] = 3.0
    y[0, 1] = 3.0  # one deviation alone is no case of two or more
    both = constant_columns(x, y, ["a", "b"])
    assert both.p_value == pytest.approx(comb(9, 6) / comb(11, 6), rel=1e-12)
    y[:2, 1] = 3.0
    assert constant_columns(x, y, ["a", "b"]).p_value == pytest.approx(2 * comb(9, 6) / comb(11, 6), rel=1e-12)


def test_holds_its_level():
    """Rare values of five columns, in rows that are all alike in law."""
    draw = np.random.default_rng(0)
    rejected = []
    for _ in range(4000):
        z = (draw.random((40, 5)) < 0.06) * draw.normal(size=(40, 5))
        found = constant_columns(z[:20], z[20:], list("abcde"))
        rejected.append(found is not None and found.p_value <= 0.2)
    # P(p ≤ 0.2) is at most 0.2, and 4,000 draws of such a share have a standard deviation of 0.0063.
    assert 0.01 < np.mean(rejected) < 0.2 + 3 * 0.0063


def test_nothing_is_constant():
    assert constant_columns(np.arange(8.0).reshape(4, 2), np.ones((3, 2)), ["a", "b"]) is None


def test_samples_that_are_constant_too_have_no_deviation():
    found = constant_columns(np.full((9, 1), 0.1), np.full((9, 1), np.float32(0.1), dtype=np.float64), ["a"])
    assert found.p_value == 1.0
    assert found.columns == ()


@pytest.mark.parametrize("scale", [1e-300, 1e-6, 1.0, 1e300])
@pytest.mark.parametrize("shift", [1e-5, 1e-2, 1e3])
def test_the_smallest_deviation_counts_in_any_units(scale, shift):
    y = np.full((50, 1), scale * 1.0) * (1 + shift * np.linspace(0.1, 1, 50))[:, None]
    found = constant_columns(np.full((50, 1), scale), y, ["a"])
    assert found.deviating == (50,)
    assert found.p_value < 1e-20


def test_a_zero_column_counts():
    found = constant_columns(np.zeros((30, 1)), np.full((30, 1), 1e-200), ["a"])
    assert found.deviating == (30,)
