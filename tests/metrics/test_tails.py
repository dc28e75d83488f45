"""Tails of the normal law and of the t-law, against closed forms; never 0."""

from math import atan, erfc, pi, sqrt

import pytest

from pushforward.metrics.uncertainty.tails import below, two_sided


@pytest.mark.parametrize("z", [-5.0, -1.0, 0.0, 0.3, 4.0])
def test_the_tails(z):
    assert below(z) == pytest.approx(erfc(-z / sqrt(2)) / 2, rel=1e-12)
    assert two_sided(z) == pytest.approx(erfc(abs(z) / sqrt(2)), rel=1e-12)


@pytest.mark.parametrize("z", [-5.0, -1.0, 0.0, 0.3, 4.0])
def test_the_tails_of_one_and_of_two_degrees_of_freedom(z):
    """Cauchy's law, and F(z) = ½ + z/2√(2 + z²)."""
    assert below(z, 1.0) == pytest.approx(0.5 + atan(z) / pi, rel=1e-10)
    assert below(z, 2.0) == pytest.approx(0.5 + z / (2 * sqrt(2 + z * z)), rel=1e-10)
    assert two_sided(z, 2.0) == pytest.approx(1 - abs(z) / sqrt(2 + z * z), rel=1e-10)


def test_no_p_value_is_zero():
    assert 0 < below(-1e3) < 1e-300
    assert 0 < two_sided(1e3) < 1e-300
    assert two_sided(0.0) == 1
