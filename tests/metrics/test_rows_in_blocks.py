"""Reductions of rows in blocks: equal to those of all rows at once, whatever the blocks are."""

import numpy as np
import pytest
import torch

from pushforward import rows as stream
from pushforward.discrepancies.sums import Sums, blockwise
from pushforward.discrepancies.variance import null_variance, unbiased_variance
from pushforward.errors import Refused
from pushforward.kernels import Polynomial
from pushforward.metrics import KID, EnergyDistance, FrechetDistance, FrechetInfinity, InceptionScore
from pushforward.metrics.numerics import cubic_sums as cubic
from pushforward.metrics.numerics.running_moments import moments, moments_of_parts
from pushforward.metrics.scores.frechet import frechet_of_rows
from pushforward.metrics.scores.frechet_of_streams import frechet_of_streams
from pushforward.rows import Held, Marked, in_blocks

EXACT = ("a", "b", "r", "c", "xx_trace", "yy_trace", "xy_diagonal")
SQUARES = ("xx_square", "yy_square", "xy_square")


def draw(rng, n, d, scale=1.0, shift=0.0):
    return torch.randn(n, d, generator=rng, dtype=torch.float64) * scale + shift


def error(found: Sums, expected: Sums, name: str) -> float:
    """Largest deviation, in units of the largest value."""
    a, b = getattr(found, name), getattr(expected, name)
    return float((a - b).abs().max() / b.abs().max())


@pytest.fixture(params=[2**23, 2**12], ids=["one block", "many blocks"])
def blocks(request, monkeypatch):
    monkeypatch.setattr(stream, "CACHE", request.param)


@pytest.mark.parametrize("sizes", [[7, 0, 3, 10, 1], [21], [1] * 21])
def test_rows_come_in_blocks_of_one_size(sizes):
    rows = torch.arange(21.0)[:, None].double()
    found = list(in_blocks(rows.split(sizes), 5))
    assert [len(block) for block in found] == [5, 5, 5, 5, 1]
    assert torch.equal(torch.cat(found), rows)


def test_marked_and_gathered_rows(rng, blocks):
    x, mark = draw(rng, 700, 3), torch.rand(700, generator=rng) < 0.3
    part = Marked(Held(x, torch.float64), mark)
    assert len(part) == int(mark.sum())
    assert torch.equal(torch.cat(list(part.blocks(13))), x[mark])
    index = torch.tensor([0, 1, 155, 698, 699])
    assert torch.equal(Held(x, torch.float64).taken(index), x[index])


def test_moments_are_numpys_even_far_from_the_origin(rng, blocks):
    x = draw(rng, 700, 5, torch.linspace(0.1, 3, 5), 1e6)
    found, mark = moments(Held(x, torch.float64)), torch.arange(700) % 3 == 0
    assert found.n == 700
    # Entries of 1e6 are known to 1e-10; a covariance is a mean of products of such with deviations of order one.
    np.testing.assert_allclose(found.covariance.numpy(), np.cov(x.numpy().T), rtol=0, atol=1e-8)
    np.testing.assert_allclose(found.mean.numpy(), x.mean(0).numpy(), rtol=1e-14)
    _, (marked, others) = moments_of_parts(Held(x, torch.float64), (mark,))
    np.testing.assert_allclose(marked.covariance.numpy(), np.cov(x[mark].numpy().T), rtol=0, atol=1e-8)
    np.testing.assert_allclose(others.mean.numpy(), x[~mark].mean(0).numpy(), rtol=1e-14)


def test_frechet_distance_and_spread(rng, blocks):
    x, y = draw(rng, 400, 12, 1.3), draw(rng, 500, 12, torch.linspace(0.2, 2, 12), 0.3)
    value, variance = frechet_of_streams(Held(x, torch.float64), Held(y, torch.float64))
    expected = frechet_of_rows(x, y)
    assert value == pytest.approx(expected[0], rel=1e-11)
    assert variance == pytest.approx(expected[1], rel=1e-5)  # quadratic forms in float32


@pytest.mark.parametrize("kernel", [Polynomial(3), Polynomial(3, 0.4, 0.0), Polynomial(2, None, 0.5), Polynomial(1)])
@pytest.mark.parametrize("d", [1, 5, 18, 37])
def test_row_sums_of_polynomial_kernels(rng, blocks, kernel, d):
    x, y = draw(rng, 120, d), draw(rng, 150, d, 1.1, 0.2)
    found, expected = cubic.by_moments(kernel, Held(x, torch.float64), Held(y, torch.float64)), blockwise(kernel, x, y)
    # Where fewer rows are there than would be drawn, the squares are those of all pairs; up to 10 coordinates anyway.
    for name in EXACT + SQUARES:
        assert error(found, expected, name) < 1e-12, name


@pytest.mark.parametrize("sides", ["x", "y", "xy"])
@pytest.mark.parametrize("far", [1e2, 1e4, 1e7, 1e12])
@pytest.mark.parametrize("d", [3, 13])
def test_far_rows_leave_the_sums_of_other_rows_their_digits(rng, blocks, d, far, sides):
    x, y = draw(rng, 120, d), draw(rng, 150, d, 1.1, 0.2)
    for name, z in (("x", x), ("y", y)):
        if name in sides:
            z[[4, -1]] += far * torch.tensor([[1.0], [-0.3]])
    kernel = Polynomial(3)
    found, expected = cubic.by_moments(kernel, Held(x, torch.float64), Held(y, torch.float64)), blockwise(kernel, x, y)
    for name in EXACT:
        # each row's own sum is right to 1e-9 of itself, not only of the largest
        mine, true = getattr(found, name), getattr(expected, name)
        assert torch.allclose(mine, true, rtol=1e-9, atol=0), name
    for name in SQUARES if d == 3 else ():
        assert error(found, expected, name) < 1e-12, name


@pytest.mark.parametrize("kernel", [Polynomial(3), Polynomial(2, None, 0.5)])
def test_squares_are_exact_for_few_coordinates(rng, kernel, monkeypatch):
    monkeypatch.setattr(cubic, "SAMPLE", 20)
    x, y = draw(rng, 120, 4), draw(rng, 150, 4, 1.1, 0.2)
    found, expected = cubic.by_moments(kernel, Held(x, torch.float64), Held(y, torch.float64)), blockwise(kernel, x, y)
    assert all(error(found, expected, name) < 1e-12 for name in SQUARES)


def test_squares_are_estimated_without_bias_from_a_sample(rng, monkeypatch):
    monkeypatch.setattr(cubic, "SAMPLE", 60)
    kernel, x, y = Polynomial(3), draw(rng, 300, 12), draw(rng, 250, 12, 1.05, 0.1)
    expected = blockwise(kernel, x, y)
    found = [cubic.by_moments(kernel, Held(x, torch.float64), Held(y, torch.float64), seed) for seed in range(60)]
    for name in SQUARES:
        values = torch.stack([getattr(f, name) for f in found])
        assert abs(values.mean() - getattr(expected, name)) < 4 * values.std() / 60**0.5, name
    variances = torch.tensor([float(unbiased_variance(f)) for f in found])
    # 60 of 300 rows: the error of the variance is a few per cent, and none is left in the mean.
    assert float(variances.std()) < 0.1 * float(unbiased_variance(expected))
    assert float(variances.mean()) == pytest.approx(float(unbiased_variance(expected)), rel=0.05)
    assert np.mean([null_variance(f) for f in found]) == pytest.approx(null_variance(expected), rel=0.1)


METRICS = [FrechetDistance(), FrechetInfinity(repeats=3), KID(), KID(degree=2)]


@pytest.mark.parametrize("metric", METRICS, ids=repr)
def test_scores_of_streams_are_those_of_rows(rng, metric, blocks, monkeypatch):
    x, y = draw(rng, 900, 6, 1.2), draw(rng, 801, 6, 1.0, 0.2)
    (found,) = metric.of_streams(Held(x, torch.float64), Held(y, torch.float64))
    monkeypatch.setattr(cubic, "MOST", 0)  # all pairs
    (expected,) = metric(x, y)
    assert found.value == pytest.approx(expected.value, rel=1e-10)
    assert (found.stderr or found.spread) == pytest.approx(expected.stderr or expected.spread, rel=1e-5)
    assert found.rows == expected.rows == (900, 801)


def test_inception_score_in_blocks_is_the_definition(rng, blocks):
    p = torch.rand(503, 7, generator=rng, dtype=torch.float64).softmax(1)
    (found,) = InceptionScore(splits=4, seed=None).of_streams(Held(p, torch.float64), Held(p, torch.float64))
    parts = [p[i * 503 // 4 : (i + 1) * 503 // 4] for i in range(4)]
    expected = [float((q * (q.log() - q.mean(0).log())).sum(1).mean().exp()) for q in parts]
    assert found.value == pytest.approx(np.mean(expected), rel=1e-12)


def test_the_error_of_a_hundred_thousand_rows_is_that_of_the_first_order(rng):
    # n⁴ has no room in 64 bits beyond 55,000 rows.
    x, y = draw(rng, 100_000, 2), draw(rng, 60_000, 2, 1.0, 0.5)
    (found,) = KID().of_streams(Held(x, torch.float64), Held(y, torch.float64))
    k, part = Polynomial(3), slice(2000)
    of_x = k(x[part], x).mean(1) - k(x[part], y).mean(1)
    of_y = k(y[part], y).mean(1) - k(y[part], x).mean(1)
    # Of 2,000 rows the deviation of heavy-tailed influences is known to about 5 %.
    assert found.stderr == pytest.approx(2 * float(of_x.var() / 1e5 + of_y.var() / 6e4) ** 0.5, rel=0.2)


def test_streams_are_refused_where_they_do_not_fit(rng):
    x, y = Held(draw(rng, 30, 3), torch.float64), Held(draw(rng, 30, 2), torch.float64)
    with pytest.raises(Refused, match="got 3 and 2; encode both the same way"):
        FrechetDistance().of_streams(x, y)
    with pytest.raises(Refused, match="at least 2 rows a side, got 30 and 1"):
        FrechetDistance().of_streams(x, Held(draw(rng, 1, 3), torch.float64))
    with pytest.raises(Refused, match="energy needs all rows at hand"):
        EnergyDistance().of_streams(x, x)


def test_moments_are_taken_where_they_are_cheaper():
    assert cubic.moments_are_cheaper(Polynomial(3), 10**6, 10**6, 64)
    assert cubic.moments_are_cheaper(Polynomial(3), 10**4, 10**4, 8)
    assert not cubic.moments_are_cheaper(Polynomial(3), 10**4, 10**4, 2048)
    assert not cubic.moments_are_cheaper(Polynomial(3), 100, 100, 64)
    assert not cubic.moments_are_cheaper(Polynomial(4), 10**6, 10**6, 64)
