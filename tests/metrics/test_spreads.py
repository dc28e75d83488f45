"""Spreads of precision, recall, density and coverage: against simulation, closed forms, and halves written out."""

import numpy as np
import pytest
import torch
from scipy.stats import beta

from benchmarks.judge import spreads
from pushforward.metrics import PRDC, prdc
from pushforward.metrics.scores.prdc import _share_error
from pushforward.metrics.uncertainty import disjoint_halves as halved

FAR = 1000.0


@pytest.mark.slow
@pytest.mark.parametrize("setting", spreads.TABLE, ids=str)
def test_is_the_deviation_over_fresh_draws(setting):
    for row in setting.rows():
        assert row["low"] == "" or row["low"] <= row["ratio"] <= row["high"], row["score"]


def clusters(rng, n, both):
    """N(0, I₂), every second row of it, by chance, moved far away with `both`."""
    z = torch.randn(n, 2, generator=rng, dtype=torch.float64)
    return z + FAR * (torch.rand(n, 1, generator=rng, dtype=torch.float64) < 0.5) * both


@pytest.mark.parametrize(("score", "data", "samples"), [(0, 0, 1), (1, 1, 0), (3, 1, 0)],
                         ids=["precision", "recall", "coverage"])  # fmt: skip
def test_of_one_of_two_far_clusters_it_is_that_of_a_fair_coin(rng, score, data, samples):
    # The score is the share p of rows that the coin put into the one cluster, but for the few at its edge; of coverage
    # none, with four samples for each row of data. Var p = 1/4n.
    n, m = 200, 800 if score == 3 else 200
    found = [prdc(clusters(rng, n, data), clusters(rng, m, samples)) for _ in range(12)]
    assert np.mean([f.stderr[score] for f in found]) == pytest.approx(0.5 / 200**0.5, rel=0.15)


def test_of_density_it_falls_as_one_over_the_root_of_the_size(rng):
    # Of shifted samples in 20 dimensions, whose density changes little with the size.
    draw = lambda n, shift: torch.randn(n, 20, generator=rng, dtype=torch.float64) + shift
    mean = lambda n: np.mean([prdc(draw(n, 0.0), draw(n, 0.3)).stderr[2] for _ in range(8)])
    assert 1.4 < mean(80) / mean(320) < 2.8


def by_halves(x, y, k, strict):
    """The factor of one halving into first and second halves, over all pairs in NumPy."""
    inside, found = np.less if strict else np.less_equal, []
    for part in (slice(len(x) // 2), slice(len(x) // 2, None)):
        a, b = x[part], y[part]
        squares = lambda p, q: ((p[:, None] - q[None]) ** 2).sum(-1)
        of_a, of_b = (np.sort(squares(z, z), axis=1)[:, k] for z in (a, b))
        in_a, in_b = inside(squares(a, b), of_a[:, None]), inside(squares(a, b), of_b[None])
        values = in_a.any(0), in_b.any(1), in_a.sum(0) / k, in_a.any(1)
        found.append([(v.mean(), v.var(ddof=1) / len(v)) for v in values])
    first, second = np.array(found)
    ratio = (first[:, 0] - second[:, 0]) ** 2 / (first[:, 1] + second[:, 1])
    return np.sqrt(np.maximum(ratio, 1.0))


@pytest.mark.parametrize("strict", [False, True])
@pytest.mark.parametrize("rounded", [False, True], ids=["continuous", "ties"])
def test_the_factor_is_that_of_halves_written_out(monkeypatch, strict, rounded):
    draw = np.random.default_rng(4)
    x, y = draw.normal(size=(60, 3)), 0.7 * draw.normal(size=(60, 3)) + 0.4
    if rounded:
        x, y = x.round(), y.round()
    # Halves in the order of the rows; the first of them are enough.
    monkeypatch.setattr(halved.torch, "randperm", lambda n, generator: torch.arange(n))
    found = halved.inflation(torch.from_numpy(x), torch.from_numpy(y), 4, strict=strict)
    assert found.numpy() == pytest.approx(by_halves(x, y, 4, strict), rel=1e-9)


def test_is_the_same_for_a_seed_and_nearly_the_same_for_another():
    x, y = torch.randn(2, 300, 4)
    first, again, other = (prdc(x, y, seed=seed).stderr for seed in (0, 0, 1))
    assert first == again != other
    assert first == pytest.approx(other, rel=0.6)


def test_a_share_of_all_is_not_certain():
    assert _share_error(torch.ones(40).double()) == pytest.approx(beta(41, 1).std(), rel=1e-12)
    assert _share_error((torch.arange(40) < 7).double()) == pytest.approx(beta(8, 34).std(), rel=1e-12)
    x = torch.randn(50, 2)
    assert prdc(x, x).precision == 1.0
    assert prdc(x, x).stderr[0] >= beta(51, 1).std()


def test_is_unknown_where_a_half_has_no_kth_neighbour():
    x, y = torch.randn(2, 30, 2)
    assert prdc(x, y[:11]).stderr is None
    assert prdc(x[:11], y).stderr is None
    assert prdc(x[:12], y[:12]).stderr is not None
    assert all(s.spread is s.uncertainty is None for s in PRDC()(x, y[:11]))


def test_many_rows_are_halved_in_blocks(rng):
    # Few of 50,000 samples are needed to halve 60 rows of data as well; k may be near the size of a block.
    assert halved._block(60, 50_000, 5) == (60, 1000)
    assert halved._block(10_000, 5_000, 5) == (1000, 500)
    assert halved._block(3000, 3000, 700) == (2804, 2804)
    x, y = (torch.randn(n, 3, generator=rng) for n in (60, 5000))
    assert all(error > 0 for error in prdc(x, y).stderr)
