"""The relative test: its variance against simulation, the printed formula and exact identities; its level."""

from math import perm

import numpy as np
import pytest
import torch
from scipy.stats import binom

from pushforward.discrepancies import Unbiased
from pushforward.discrepancies.sums import blockwise
from pushforward.errors import Refused
from pushforward.kernels import Gaussian, Polynomial
from pushforward.metrics import holm, ranking, three_sample_test
from pushforward.metrics.three_sample import null_relative_variance, relative_variance


def draw(rng, n, d=3, shift=0.0, scale=1.0):
    return torch.randn(n, d, generator=rng, dtype=torch.float64) * scale + shift


def printed(a, b):
    """The formula of equal sizes m for the U-statistic, whose cross terms leave out equal indices."""
    m = a.n
    p = lambda k: perm(m, k)
    one = lambda s: (
        4 * (m**2 - m - 1) / (m**3 * (m - 1) ** 3) * (s.r @ s.r + s.c @ s.c)
        + 4 / p(4) * s.b @ s.b
        - 8 / (m**2 * (m - 1) * (m - 2)) * s.b @ s.c
        - 4 * (2 * m - 3) / (m**3 * (m - 1) ** 3) * s.r.sum() ** 2
        - 2 * (2 * m - 3) / (p(2) * p(4)) * s.b.sum() ** 2
        + 8 / (m**2 * p(3)) * s.b.sum() * s.r.sum()
        - 4 * (m - 2) / (m**2 * (m - 1) ** 3) * s.xy_square
        - 2 / p(4) * s.yy_square
    )
    shared = -8 / (m**3 * (m - 1)) * a.r @ b.r + 8 / (m**4 * (m - 1)) * a.r.sum() * b.r.sum()
    return float(one(a) + one(b) + shared)


def cross_by_pair(s):
    """Var k(x, y), by which the two statistics differ, times 4/n²(n − 1), with the two one-sided covariances."""
    n = s.n
    apart = (s.r.sum() ** 2 - s.r @ s.r - s.c @ s.c + s.xy_square) / perm(n, 2) ** 2
    row = (s.r @ s.r - s.xy_square) / (n * perm(n, 2)) - apart
    column = (s.c @ s.c - s.xy_square) / (n * perm(n, 2)) - apart
    pair = s.xy_square / n**2 - apart
    every = ((n - 1) * (row + column) + pair) / n**2
    apart_only = ((n - 2) * (row + column) + pair) / perm(n, 2)
    return float(4 * (apart_only - every))


@pytest.mark.parametrize("m", [6, 12])
def test_equal_sizes_agree_with_the_printed_formula(rng, m):
    x, y, z = draw(rng, m), draw(rng, m, shift=0.4), draw(rng, m, scale=1.4)
    a, b = blockwise(Polynomial(3), x, y), blockwise(Polynomial(3), x, z)
    expected = printed(a, b) - cross_by_pair(a) - cross_by_pair(b)
    assert float(relative_variance(a, b)) == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize(("n", "l", "m"), [(6, 6, 6), (8, 5, 12)])
def test_variance_is_unbiased(rng, n, l, m):
    found = []
    for _ in range(1200):
        x, y, z = draw(rng, n), draw(rng, l, shift=0.5), draw(rng, m, scale=1.3)
        a, b = blockwise(Gaussian(1.5), x, y), blockwise(Gaussian(1.5), x, z)
        found.append((float(Unbiased()(a) - Unbiased()(b)), float(relative_variance(a, b))))
    values, variances = np.array(found).T
    simulated = values.var(ddof=1)
    error = simulated * (2 / 1200) ** 0.5 * 1.5 + variances.std() / 1200**0.5
    assert abs(variances.mean() - simulated) < 4 * error


def test_null_variance_is_that_of_three_equal_laws(rng):
    pairs = [(draw(rng, 20), draw(rng, 15), draw(rng, 30)) for _ in range(400)]
    k = Gaussian(1.5)
    values = [three_sample_test(*p, kernel=k).difference for p in pairs]
    null = [null_relative_variance(blockwise(k, x, y), blockwise(k, x, z)) for x, y, z in pairs]
    assert np.mean(null) == pytest.approx(np.var(values, ddof=1), rel=0.35)


def test_the_same_samples_are_no_different(rng):
    x, y = draw(rng, 30), draw(rng, 20)
    found = three_sample_test(x, y, y)
    assert (found.statistic, found.p_value, found.p_closer, found.better) == (0.0, 1.0, 0.5, None)


def test_swapping_the_models_swaps_the_answer(rng):
    x, y, z = draw(rng, 60), draw(rng, 50), draw(rng, 40, shift=1.0)
    there, back = three_sample_test(x, y, z), three_sample_test(x, z, y)
    assert there.difference == -back.difference
    assert (there.better, back.better) == ("a", "b")
    assert there.p_closer == pytest.approx(back.p_farther, rel=1e-12)
    assert there.p_closer + there.p_farther == pytest.approx(1.0)
    assert there.interval[1] < 0
    assert there.frame().loc[0, "better"] == "a"


def p_values(trials, n, l, m, rng):
    """Of two models that differ and are equally far: shifts of equal length in different directions."""
    one, other = torch.tensor([[0.6, 0.0], [0.0, 0.6]]).double()
    make = lambda: (draw(rng, n, 2), draw(rng, l, 2, one), draw(rng, m, 2, other))
    return [three_sample_test(*make(), kernel=Gaussian(1.0)).p_closer for _ in range(trials)]


def test_level_at_the_boundary(rng):
    count = sum(p <= 0.05 for p in p_values(300, 60, 50, 70, rng))
    assert count <= binom.ppf(0.999, 300, 0.065)


def test_refuses_what_cannot_be_compared(rng):
    with pytest.raises(Refused, match="equally wide"):
        three_sample_test(draw(rng, 9), draw(rng, 9, 2), draw(rng, 9))
    with pytest.raises(Refused, match="level"):
        three_sample_test(*[draw(rng, 9)] * 3, level=1.0)


def test_holm_by_hand():
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert holm([0.9, 0.8]) == [1.0, 1.0]
    assert holm([]) == []


def test_ranking_of_three_models(rng):
    x = draw(rng, 200, 2)
    models = {"far": draw(rng, 200, 2, 2.0), "same": draw(rng, 150, 2), "twin": draw(rng, 180, 2)}
    found = ranking(x, models)
    assert found.names[-1] == "far"
    assert found.unresolved == (("same", "twin"),)
    assert {c.better for c in found.comparisons if "far" in (c.a, c.b)} == {"same", "twin"}
    assert "Not resolved" in found.words
    assert list(found.frame()["a"]) == ["far", "far", "same"]
    alone = three_sample_test(x, models["far"], models["same"])
    assert found.comparisons[0].difference == pytest.approx(alone.difference, rel=1e-12)
    assert found.comparisons[0].p_value >= alone.p_value
