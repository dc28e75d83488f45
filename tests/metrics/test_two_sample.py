"""The permutation test: its arithmetic against a loop, its level and its power."""

import pytest
import torch
from scipy.stats import binom, nct, norm, t

from pushforward.discrepancies import MMD
from pushforward.errors import Refused
from pushforward.kernels import Gaussian, Laplacian, Linear, Median
from pushforward.metrics import two_sample_test
from pushforward.metrics.numerics.checked_arrays import pair
from pushforward.metrics.significance import aggregated as module
from pushforward.metrics.significance.aggregated import aggregated, unsure_columns
from pushforward.metrics.significance.relabelling import Relabelling, p_value


@pytest.mark.parametrize("panel", [1, 40, 10**6])
def test_matrix_product_equals_relabelling_one_by_one(rng, panel):
    n, m, kernels = 7, 11, (Gaussian(1.3), Linear(), Laplacian(0.7), 2.0 * Gaussian(0.4))
    z = torch.randn(n + m, 3, dtype=torch.float64)
    labels = Relabelling.random(n, m, 30, rng)
    values, _ = labels.mmd(kernels, z, panel)
    for b in range(31):
        called = torch.empty(n + m, dtype=torch.bool).index_copy_(0, labels.order, labels.marks[:, b].bool())
        assert called.sum() == n
        expected = [MMD(k)(z[called], z[~called]).item() for k in kernels]
        assert values[:, b].tolist() == pytest.approx(expected, abs=1e-13)
        assert b or called[:n].all()


def test_relabellings_are_uniform(rng):
    # Each row is called data with probability n/(n + m): 4 standard errors, 20 rows.
    marks = Relabelling.random(5, 15, 4000, rng).marks[:, 1:]
    assert (marks.mean(1) - 0.25).abs().max() < 4 * (0.25 * 0.75 / 4000) ** 0.5


def test_mean_witness_difference_is_the_mmd(rng):
    n, m = 9, 14
    z = torch.randn(n + m, 2, dtype=torch.float64)
    values, (witness,) = Relabelling.random(n, m, 1, rng).mmd([Gaussian(1.0)], z)
    assert (witness[:n].mean() - witness[n:].mean()).item() == pytest.approx(values[0, 0].item(), abs=1e-14)
    # With the linear kernel it is ⟨z, mean of the other x − mean of the other y⟩.
    _, (witness,) = Relabelling.random(n, m, 1, rng).mmd([Linear()], z)
    assert witness[3].item() == pytest.approx(
        (z[3] @ (torch.cat([z[:3], z[4:n]]).mean(0) - z[n:].mean(0))).item(), abs=1e-14
    )


def single(x, y, kernels, rng, monkeypatch, small):
    """Aggregated values of 200 relabellings, those in float32 if `small` is 0."""
    seen = []
    monkeypatch.setattr(module, "SMALL", small)
    monkeypatch.setattr(
        module, "unsure_columns", lambda *given: seen.append((given, found := unsure_columns(*given))) or found
    )
    return aggregated(*pair(x, y), kernels, 200, 0.05, torch.Generator().manual_seed(1)), seen


@pytest.mark.parametrize("shift", [0.0, 0.2])
@pytest.mark.parametrize("offset", [0.0, 1e4])
def test_float32_errs_by_less_than_its_slack_and_gives_the_same_p(rng, monkeypatch, shift, offset):
    x, y = torch.randn(150, 5, generator=rng).double() + offset, torch.randn(170, 5, generator=rng).double()
    y += shift + offset
    exact, _ = single(x, y, None, rng, monkeypatch, 10**12)
    found, (((rounded, slack), _),) = single(x, y, None, rng, monkeypatch, 0)
    errors = (rounded.mmd - exact.mmd).abs().max(1).values
    assert bool((errors < slack).all())
    assert float(errors.max()) > 0
    assert bool((slack < 0.01 * exact.mmd.std(1)).all())
    assert p_value(found.statistics) == p_value(exact.statistics)


def test_ties_are_decided_in_float64(rng, monkeypatch):
    # Points on three places: many relabellings have the same counts, and so the same MMD².
    x, y = (torch.randint(3, (60, 1), generator=rng).double() for _ in range(2))
    exact, _ = single(x, y, [Gaussian(1.0)], rng, monkeypatch, 10**12)
    found, ((_, again),) = single(x, y, [Gaussian(1.0)], rng, monkeypatch, 0)
    assert len(again) > 1
    assert p_value(found.statistics) == p_value(exact.statistics)


def test_p_value_counts_the_truth_and_ties():
    assert p_value(torch.tensor([2.0, 1.0, 2.0, 3.0])) == 0.75
    assert p_value(torch.tensor([5.0, 1.0, 2.0, 3.0])) == 0.25


def test_equal_points_are_not_told_apart_and_separate_ones_are():
    z = torch.zeros(20, 2)
    assert two_sample_test(z, z).p_value == 1.0
    apart = two_sample_test(z, z + 1)
    assert apart.p_value == apart.floor == 0.001
    assert apart.effect_size == 1.0
    assert apart.rejected


def rejections(trials, make, rng, permutations=199, kernels=None):
    """How often the statistic of `two_sample_test` is rejected, without what it says beside."""
    p = [p_value(aggregated(*pair(*make()), kernels, permutations, 0.05, rng).statistics) for _ in range(trials)]
    return sum(value <= 0.05 for value in p)


def test_level(rng):
    # At most the level: the count lies below the 99.9 % quantile of Binomial(200, 0.05).
    make = lambda: (torch.randn(20, 3, generator=rng), torch.randn(14, 3, generator=rng))
    assert rejections(200, make, rng, permutations=99) <= binom.ppf(0.999, 200, 0.05)


@pytest.mark.parametrize("shift", [0.5, 1.0])
def test_power_against_a_shift_is_that_of_the_t_test(shift, rng):
    """With the linear kernel and n = m, MMD² = (x̄ − ȳ)² − (s²_x + s²_y)/n increases in |t|, whatever the relabelling.

    So it is the permutation test of |t|, whose p-value is Student's up to O(1/n). With B = 199 relabellings it rejects
    where at most 9 of them are as large: with probability E F(9), F of Binomial(199, p(t)), t noncentral.
    """
    n, trials = 40, 100
    make = lambda: (torch.randn(n, 1, generator=rng), torch.randn(n, 1, generator=rng) + shift)
    rejected = lambda s: binom.cdf(9, 199, 2 * t.sf(abs(s), 2 * n - 2))
    power = nct.expect(rejected, args=(2 * n - 2, shift * (n / 2) ** 0.5), epsabs=1e-6)
    low, high = binom.ppf([0.0005, 0.9995], trials, power)
    assert low <= rejections(trials, make, rng, kernels=[Linear()]) <= high


def blobs(rng, n, rotated):
    """Nine clusters on a grid; in the rotated law each is stretched along the other diagonal."""
    centers = 10.0 * torch.cartesian_prod(torch.arange(3.0), torch.arange(3.0))[torch.randint(9, (n,), generator=rng)]
    along, across = torch.randn(2, n, generator=rng) * torch.tensor([[1.4], [0.4]])
    return centers + torch.stack([along + across, (across - along) if rotated else (along - across)], 1)


def test_power_against_differences_within_clusters(rng):
    # A single kernel at the median distance sees nothing here.
    x, y = blobs(rng, 400, False), blobs(rng, 400, True)
    assert two_sample_test(x, y).p_value <= 0.01
    assert two_sample_test(x, y, kernels=[Gaussian(Median())]).p_value > 0.05


def test_effect_size_of_a_shift_is_that_of_the_means(rng):
    # With the linear kernel the witness is the coordinate itself: δ = 2Φ(s/√2) − 1. Its standard error is below 1/√n.
    x, y = torch.randn(1000, 1, generator=rng), torch.randn(1000, 1, generator=rng) + 0.8
    found = two_sample_test(x, y, kernels=[Linear()], permutations=99).effect_size
    assert abs(found - (2 * norm.cdf(0.8 / 2**0.5) - 1)) < 4 / 1000**0.5


def test_detectable_difference_is_detected_four_times_in_five(rng):
    axis = torch.tensor([3.0, 1.0, 1.0])
    draw = lambda n: torch.randn(n, 3, generator=rng) * axis
    shift = two_sample_test(draw(100), draw(100)).detectable
    make = lambda: (draw(100), draw(100) + torch.tensor([3.0 * shift, 0.0, 0.0]))
    count = rejections(100, make, rng)
    # 0.8 within the binomial error, and the normal approximation is granted 0.07 either way.
    low, high = binom.ppf(0.001, 100, 0.73), binom.ppf(0.999, 100, 0.87)
    assert low <= count <= high


def test_detectable_difference_shrinks_as_the_root_of_n(rng):
    small, large = (
        two_sample_test(*torch.randn(2, n, 2, generator=rng), permutations=199).detectable for n in (100, 900)
    )
    # Both critical values are quantiles of 200 relabellings, and the shape of the null law changes a little with n.
    assert large == pytest.approx(small / 3, rel=0.35)


def test_a_seed_is_an_answer_and_the_global_state_is_not_touched():
    x, y = torch.randn(60, 2), torch.randn(60, 2)
    state = torch.get_rng_state()
    assert two_sample_test(x, y, seed=3) == two_sample_test(x, y, seed=3)
    assert torch.equal(state, torch.get_rng_state())


def test_says_what_it_used():
    found = two_sample_test(torch.randn(90, 2), torch.randn(70, 2), most=50)
    assert (found.n, found.m, found.n_given, found.m_given) == (50, 50, 90, 70)
    assert list(found.to_json()) == ["statistic", "effect_size", "p_value", "level", "rejected"]


@pytest.mark.parametrize("options", [{"level": 0.0}, {"permutations": 0}, {"most": 1}])
def test_refuses_options_out_of_range(options):
    with pytest.raises(Refused):
        two_sample_test(torch.randn(9, 2), torch.randn(9, 2), **options)
