"""Tails of the normal law, against the complementary error function; never 0."""

from math import erfc, sqrt

import pytest

from pushforward.metrics.tails import below, two_sided


@pytest.mark.parametrize("z", [-5.0, -1.0, 0.0, 0.3, 4.0])
def test_the_tails(z):
    assert below(z) == pytest.approx(erfc(-z / sqrt(2)) / 2, rel=1e-12)
    assert two_sided(z) == pytest.approx(erfc(abs(z) / sqrt(2)), rel=1e-12)


def test_no_p_value_is_zero():
    assert 0 < below(-1e3) < 1e-300
    assert 0 < two_sided(1e3) < 1e-300
    assert two_sided(0.0) == 1
