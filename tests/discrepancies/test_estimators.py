"""Estimators of MMD²: exact expectations and variances by enumerating all samples, and the sheet's formula."""

from itertools import product
from math import perm

import pytest
import torch

from pushforward.discrepancies import MMD, Biased, Block, Energy, LinearTime, Unbiased, UStatistic
from pushforward.discrepancies.gram import Gram
from pushforward.discrepancies.sums import blockwise, sums_of_gram
from pushforward.errors import Refused
from pushforward.kernels import Distance, Gaussian, Kernel, Linear, Polynomial


# Two laws on two points each: all samples of a size can be listed, so expectations are sums and not simulations.
def numbers(*values):
    return torch.tensor(values, dtype=torch.float64)


ATOMS = numbers([0.0, 1.0], [2.0, -1.0]), numbers([1.0, 0.5], [3.0, 2.0])
WEIGHTS = numbers(0.3, 0.7), numbers(0.6, 0.4)


def samples(n, m, atoms=ATOMS, weights=WEIGHTS):
    """Every (x, y) of n and m rows, with its probability."""
    for choice in product(range(2), repeat=n + m):
        i, j = torch.tensor(choice[:n]), torch.tensor(choice[n:])
        yield atoms[0][i], atoms[1][j], weights[0][i].prod() * weights[1][j].prod()


def moments(f, n, m, **laws):
    """The mean and variance of f(x, y) over all samples."""
    values, p = zip(*((f(x, y), p) for x, y, p in samples(n, m, **laws)), strict=True)
    values, p = torch.stack(values), torch.stack(p)
    mean = (p * values).sum()
    return mean, (p * (values - mean) ** 2).sum()


def population(k):
    """MMD² of the two laws."""
    (p, q), (x, y) = WEIGHTS, ATOMS
    return p @ k(x, x) @ p + q @ k(y, y) @ q - 2 * p @ k(x, y) @ q


KERNELS = [Gaussian(1.5), Polynomial(), Distance()]


@pytest.mark.parametrize("k", KERNELS, ids=repr)
@pytest.mark.parametrize(
    ("estimator", "n", "m"),
    [(Unbiased(), 2, 3), (Unbiased(), 4, 2), (UStatistic(), 3, 3), (Block(2), 4, 5), (LinearTime(), 4, 4)],
)
def test_unbiased(k, estimator, n, m):
    mean, _ = moments(MMD(k, estimator), n, m)
    torch.testing.assert_close(mean, population(k), rtol=1e-12, atol=1e-12)


def test_bias_of_the_biased():
    k, n, m = Polynomial(), 3, 4
    (p, q), (x, y) = WEIGHTS, ATOMS
    bias = (p @ k.diag(x) - p @ k(x, x) @ p) / n + (q @ k.diag(y) - q @ k(y, y) @ q) / m
    torch.testing.assert_close(moments(MMD(k, Biased()), n, m)[0] - population(k), bias, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("k", KERNELS, ids=repr)
@pytest.mark.parametrize(
    ("estimator", "n", "m"),
    [(Unbiased(), 4, 4), (Unbiased(), 4, 5), (Unbiased(), 5, 4), (UStatistic(), 4, 4), (UStatistic(), 5, 5)],
)
def test_variance_is_unbiased(k, estimator, n, m):
    mmd = MMD(k, estimator)
    _, variance = moments(mmd, n, m)
    estimated, _ = moments(mmd.variance, n, m)
    torch.testing.assert_close(estimated, variance, rtol=1e-9, atol=1e-12)


def test_variance_is_unbiased_when_the_laws_are_equal():
    laws = {"atoms": (ATOMS[0], ATOMS[0]), "weights": (WEIGHTS[0], WEIGHTS[0])}
    mmd = MMD(Gaussian(1.5))
    _, variance = moments(mmd, 4, 5, **laws)
    estimated, _ = moments(mmd.variance, 4, 5, **laws)
    torch.testing.assert_close(estimated, variance, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize(("estimator", "n"), [(Block(2), 5), (LinearTime(), 4)])
def test_variance_of_averages_is_unbiased(estimator, n):
    mmd = MMD(Gaussian(1.5), estimator)
    _, variance = moments(mmd, n, n)
    estimated, _ = moments(mmd.variance, n, n)
    torch.testing.assert_close(estimated, variance, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("k", KERNELS, ids=repr)
def test_variance_of_the_u_statistic_is_the_published_formula(k, rng):
    # Sutherland (2019) with its slips corrected, term by term, in the letters of the note.
    m = 7
    x, y = torch.randn(m, 3, generator=rng).double(), 0.5 + torch.randn(m, 3, generator=rng).double()
    xx, yy, xy = k(x, x), k(y, y), k(x, y)
    xx, yy = xx - xx.diagonal().diag(), yy - yy.diagonal().diag()
    a, b, r, c, s = xx.sum(1), yy.sum(1), xy.sum(1), xy.sum(0), xy.sum()
    expected = (
        4 / perm(m, 4) * (a @ a + b @ b)
        - 2 / perm(m, 4) * (xx.square().sum() + yy.square().sum())
        - 2 * (2 * m - 3) / (perm(m, 2) * perm(m, 4)) * (a.sum() ** 2 + b.sum() ** 2)
        + 4 * (m * m - m - 1) / (m**3 * (m - 1) ** 3) * (r @ r + c @ c)
        - 4 * (m - 2) / (m**2 * (m - 1) ** 3) * xy.square().sum()
        - 4 * (2 * m - 3) / (m**3 * (m - 1) ** 3) * s**2
        - 8 / (m**2 * (m - 1) * (m - 2)) * (a @ r + b @ c)
        + 8 / (m**2 * perm(m, 3)) * (a.sum() + b.sum()) * s
    )
    torch.testing.assert_close(MMD(k, UStatistic()).variance(x, y), expected, rtol=1e-9, atol=1e-12)


@pytest.mark.slow
@pytest.mark.parametrize("estimator", [Unbiased(), UStatistic()], ids=repr)
@pytest.mark.parametrize("m", [6, 12])
def test_variance_by_simulation(estimator, m, rng):
    # The check of the sheet: cubic kernel, two different 3-D Gaussians. The variance of a sample variance of N values
    # is (μ₄ − σ⁴)/N; its root and the standard error of the mean estimate are combined.
    mmd, count = MMD(Polynomial(), estimator), 8_000
    x, y = (
        torch.randn(count, m, 3, generator=rng).double(),
        0.5 + 1.2 * torch.randn(count, m, 3, generator=rng).double(),
    )
    values = torch.stack([mmd(a, b) for a, b in zip(x, y, strict=True)])
    variances = torch.stack([mmd.variance(a, b) for a, b in zip(x, y, strict=True)])
    centered = values - values.mean()
    stderr = ((centered**4).mean() - values.var() ** 2 + variances.var()).div(count).sqrt()
    assert abs(variances.mean() - values.var()) < 3 * stderr


@pytest.mark.parametrize("k", [*KERNELS, (Gaussian((0.5, 2.0)) + Linear()).on(torch.tanh)], ids=lambda k: repr(k)[:20])
@pytest.mark.parametrize("block", [None, 1, 4, 64])
def test_blockwise_is_direct(k, block, rng):
    x, y = torch.randn(11, 3, generator=rng).double(), 1 + torch.randn(9, 3, generator=rng).double()
    whole, parts = sums_of_gram(Gram(k, x, y)), blockwise(k, x, y, block)
    for name in ("a", "b", "r", "c", "xx_square", "yy_square", "xy_square", "xx_trace", "yy_trace", "xy_diagonal"):
        torch.testing.assert_close(getattr(parts, name), getattr(whole, name), rtol=1e-11, atol=1e-12)
    for estimator in (Biased(), Unbiased()):
        torch.testing.assert_close(estimator(parts), estimator(Gram(k, x, y)), rtol=1e-11, atol=1e-12)
    torch.testing.assert_close(UStatistic()(blockwise(k, x[:9], y, block)), MMD(k, UStatistic())(x[:9], y))


def test_blockwise_never_holds_more_than_a_block(rng):
    sizes = []

    class Watched(Kernel):
        def __call__(self, x, y):
            sizes.append((len(x), len(y)))
            return Gaussian(1.0)(x, y)

        def diag(self, x):
            return Gaussian(1.0).diag(x)

        def paired(self, x, y):
            return Gaussian(1.0).paired(x, y)

    x, y = torch.randn(100, 2, generator=rng), torch.randn(70, 2, generator=rng)
    MMD(Watched()).estimate(x, y, block=16)
    assert max(max(size) for size in sizes) == 16
    within = [7 * 8 // 2, 5 * 6 // 2]  # blocks on and above the diagonals of 7 x 7 and 5 x 5
    assert len(sizes) == sum(within) + 7 * 5


def test_estimate_is_in_float64_whatever_comes(rng):
    x, y = torch.randn(300, 5, generator=rng), torch.randn(200, 5, generator=rng) + 0.1
    narrow, wide = MMD(Gaussian(2.0)).estimate(x, y), MMD(Gaussian(2.0)).estimate(x.double(), y.double())
    # Kernel values carry 2⁻²⁴ each; their errors average, but do not count on it.
    assert abs(narrow.value - wide.value) < 8 * 2**-24
    assert narrow.stderr == pytest.approx(wide.stderr, rel=1e-4)
    assert wide.value == pytest.approx(MMD(Gaussian(2.0))(x.double(), y.double()).item(), rel=1e-10)
    assert wide.variance == pytest.approx(MMD(Gaussian(2.0)).variance(x.double(), y.double()).item(), rel=1e-8)


def test_estimate_of_averages_and_of_the_energy_distance(rng):
    x, y = torch.randn(60, 2, generator=rng).double(), torch.randn(60, 2, generator=rng).double()
    for estimator in (Block(10), LinearTime()):
        mmd = MMD(Gaussian(1.0), estimator)
        assert mmd.estimate(x, y).value == pytest.approx(mmd(x, y).item())
        assert mmd.estimate(x, y).variance == pytest.approx(mmd.variance(x, y).item())
    energy, half = Energy().estimate(x, y), MMD(Distance()).estimate(x, y)
    assert (energy.value, energy.stderr) == pytest.approx((2 * half.value, 2 * half.stderr))


def rows(n):
    return torch.zeros(n, 2)


@pytest.mark.parametrize(
    ("act", "words"),
    [
        (lambda: MMD()(rows(1), rows(5)), "Unbiased .* at least 2 rows of each, got 1 and 5"),
        (lambda: MMD(Gaussian(), UStatistic())(rows(4), rows(5)), "UStatistic needs as many rows"),
        (lambda: MMD(Gaussian(), LinearTime())(rows(1), rows(1)), "LinearTime .* at least 2 rows"),
        (lambda: MMD(Gaussian(), Block(9))(rows(4), rows(5)), "size of Block .* got 9"),
        (lambda: Block(1), "size of Block must be at least 2"),
        (lambda: MMD().variance(rows(3), rows(5)), "at least 4 rows of each, got 3 and 5"),
        (lambda: MMD(Gaussian(), Biased()).variance(rows(9), rows(9)), "Biased has no error bar"),
        (lambda: MMD(Gaussian(), Block(5)).variance(rows(9), rows(9)), "at least 2 parts"),
        (lambda: MMD(Gaussian(), Biased())(rows(0), rows(5)), "at least one row"),
        (lambda: MMD().estimate(rows(9), rows(9), block=-1), "block must be at least 1"),
    ],
)
def test_what_cannot_be_estimated_is_refused(act, words):
    with pytest.raises(Refused, match=words):
        act()
