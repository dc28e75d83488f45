"""The relative test: its variance against simulation and rows left out, its law for small samples, its level."""

import numpy as np
import pytest
import torch
from scipy.stats import binom
from scipy.stats import t as student

from pushforward.discrepancies import Unbiased
from pushforward.discrepancies.sums import blockwise
from pushforward.errors import Refused
from pushforward.kernels import Gaussian, Polynomial
from pushforward.metrics import holm, ranking, three_sample_test
from pushforward.metrics.significance.exchanges import PooledSums, t_values
from pushforward.metrics.significance.three_sample import jackknife_parts, null_relative_variance, relative


def draw(rng, n, d=3, shift=0.0, scale=1.0):
    return torch.randn(n, d, generator=rng, dtype=torch.float64) * scale + shift


def without(z, i):
    return torch.cat([z[:i], z[i + 1 :]])


def difference(k, x, y, z):
    """MMD²(x, y) − MMD²(x, z), unbiased, written out; what is within the reference cancels."""
    within = lambda w: (k(w, w).sum() - k(w, w).trace()) / (len(w) * (len(w) - 1))
    return within(y) - within(z) - 2 * k(x, y).mean() + 2 * k(x, z).mean()


@pytest.mark.parametrize("k", [Gaussian(1.5), Polynomial(3)], ids=str)
@pytest.mark.parametrize("sizes", [(6, 6, 6), (9, 5, 12)])
def test_the_variance_is_that_of_leaving_out_every_row_of_all_three(rng, k, sizes):
    x, y, z = (draw(rng, n, shift=shift) for n, shift in zip(sizes, (0.0, 0.4, -0.2), strict=True))
    a, b = blockwise(k, x, y), blockwise(k, x, z)
    for side, part in enumerate(jackknife_parts(a, b)):
        values = []
        for i in range(sizes[side]):
            given = [x, y, z]
            given[side] = without(given[side], i)
            values.append(difference(k, *given))
        values = torch.stack(values)
        assert part == pytest.approx(float((len(values) - 1) * values.var(correction=0)), rel=1e-8)


@pytest.mark.parametrize(("n", "l", "m"), [(30, 30, 30), (40, 20, 60)])
def test_the_jackknife_less_the_variance_of_equal_laws_is_the_variance(rng, n, l, m):
    found = []
    for _ in range(600):
        x, y, z = draw(rng, n), draw(rng, l, shift=0.5), draw(rng, m, scale=1.3)
        a, b = blockwise(Gaussian(1.5), x, y), blockwise(Gaussian(1.5), x, z)
        variance = sum(jackknife_parts(a, b)) - null_relative_variance(a, b)
        found.append((float(Unbiased()(a) - Unbiased()(b)), variance))
    values, variances = np.array(found).T
    simulated = values.var(ddof=1)
    # A variance of 600 values, of a law with an excess of 1, has the relative error √(3/600); the jackknife's own
    # excess is of the order of 1/rows.
    error = 4 * (simulated * (3 / 600) ** 0.5 + variances.std() / 600**0.5) + simulated / min(l, m)
    assert abs(variances.mean() - simulated) < error


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


@pytest.mark.parametrize("sizes", [(60, 50, 40), (150, 120, 200)], ids=["relabelled", "by the t-law"])
def test_swapping_the_models_swaps_the_answer(rng, sizes):
    x, y, z = draw(rng, sizes[0]), draw(rng, sizes[1]), draw(rng, sizes[2], shift=1.0)
    there, back = three_sample_test(x, y, z), three_sample_test(x, z, y)
    assert there.difference == -back.difference
    assert (there.better, back.better) == ("a", "b")
    assert there.p_closer == pytest.approx(back.p_farther, rel=1e-12)
    assert there.interval == pytest.approx([-end for end in reversed(back.interval)])
    assert there.interval[1] < 0
    assert there.frame().loc[0, "better"] == "a"
    assert (there.relabellings > 0) == (min(sizes) < 100)


def test_the_tails_of_the_t_law_are_complements(rng):
    found = three_sample_test(draw(rng, 120), draw(rng, 100), draw(rng, 150))
    assert found.p_closer + found.p_farther == pytest.approx(1.0)
    assert found.p_value == pytest.approx(2 * min(found.p_closer, found.p_farther))
    assert found.p_closer == pytest.approx(student.cdf(found.statistic, found.degrees), rel=1e-12)


def test_degrees_of_freedom_are_welchs(rng):
    """(Σ s²/n)²/Σ (s²/n)²/(n − 1): those of the sample that is alone uncertain, all of them where all are alike."""
    x, y, z = draw(rng, 40), draw(rng, 10, shift=2.0), draw(rng, 300)
    a, b = (blockwise(Gaussian(1.5), x, w) for w in (y, z))
    parts = jackknife_parts(a, b)
    by_hand = sum(parts) ** 2 / sum(p**2 / (n - 1) for p, n in zip(parts, (40, 10, 300), strict=True))
    found = relative(a, b, 0.05)
    assert found.degrees == pytest.approx(by_hand, rel=1e-12)
    assert 9 < found.degrees < 347


@pytest.mark.parametrize("k", [Gaussian(1.5), Polynomial(3)], ids=str)
def test_an_exchange_of_rows_is_the_test_of_the_exchanged_rows(rng, k):
    """Difference and jackknife of every labelling, against sums of kernel values of the rows so labelled."""
    x, pooled = draw(rng, 9), draw(rng, 13, shift=0.5)
    marks = torch.stack([torch.randperm(13, generator=rng) < 5 for _ in range(4)], 1).double()
    given = PooledSums.of(k, x, pooled)
    for i, (d, variance) in enumerate(zip(given.difference(marks), given.jackknife(marks), strict=True)):
        a, b = (blockwise(k, x, pooled[marks[:, i] == side]) for side in (1, 0))
        assert float(d) == pytest.approx(float(Unbiased()(a) - Unbiased()(b)), rel=1e-9, abs=1e-12)
        assert float(variance) == pytest.approx(sum(jackknife_parts(a, b)), rel=1e-8)


def test_small_samples_are_relabelled_and_need_both_laws_to_reject(rng):
    x, y, z = draw(rng, 15), draw(rng, 12, shift=0.8), draw(rng, 40)
    k = Gaussian(1.5)
    by_t = relative(blockwise(k, x, y), blockwise(k, x, z), 0.05)
    found = three_sample_test(x, y, z, kernel=k)
    assert found.relabellings == 999
    assert found.p_value >= by_t.p_value
    assert found.interval[0] <= by_t.interval[0]
    assert found.interval[1] >= by_t.interval[1]
    values = t_values(k, x, z, y, 0).abs()  # the farther model stands last
    assert len(values) == 1000
    expected = max(by_t.p_value, int((values >= values[0]).sum()) / 1000)
    assert found.p_value == pytest.approx(expected, rel=1e-12)


def test_large_samples_are_not_relabelled(rng):
    found = three_sample_test(draw(rng, 100), draw(rng, 100, shift=0.3), draw(rng, 130))
    assert found.relabellings == found.to_json()["relabellings"] == 0


def p_values(trials, n, l, m, rng):
    """Of two models that differ and are equally far: shifts of equal length in different directions."""
    one, other = torch.tensor([[0.6, 0.0], [0.0, 0.6]]).double()
    make = lambda: (draw(rng, n, 2), draw(rng, l, 2, one), draw(rng, m, 2, other))
    return [three_sample_test(*make(), kernel=Gaussian(1.0)).p_value for _ in range(trials)]


@pytest.mark.parametrize("sizes", [(60, 50, 70), (20, 80, 20), (10, 100, 10)])
def test_level_at_the_boundary(rng, sizes):
    count = sum(p <= 0.05 for p in p_values(200, *sizes, rng))
    assert count <= binom.ppf(0.999, 200, 0.0665)


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
