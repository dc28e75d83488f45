"""The triangular map of tables: bins of equal mass, masses that sum to 1, draws that have them, values of the data."""

from itertools import product

import numpy as np
import pandas as pd
import pytest
import torch
from scipy.stats import chisquare, kstest, norm, poisson

import pushforward as pf
from pushforward.errors import Refused
from pushforward.networks import MaskedResidual
from pushforward.samplers import TableCDF
from pushforward.samplers.rank_bins import BINS, bins_of
from pushforward.samplers.table_cdf import quantile
from pushforward.spaces import Batch, Columns, Image, OneOf, Real

YES = ("no", "yes")
MIXED = Columns(("a", OneOf("b", ("x", "y", "z")), OneOf("c missing", YES), Real("c", absent=True), "d"))


def stirred(module, size=0.3):
    torch.manual_seed(0)
    with torch.no_grad():
        for p in module.parameters():
            p.add_(size * torch.randn_like(p))
    return module.eval()


def rows(n=4000, seed=0):
    """Rows of MIXED: a of 5 values, b, c missing in a third, d without ties."""
    draw = np.random.default_rng(seed)
    gap = draw.integers(0, 3, n) == 0
    parts = [
        draw.integers(0, 5, n)[:, None] / 2,
        np.eye(3)[draw.integers(0, 3, n)],
        np.eye(2)[gap.astype(int)],
        np.where(gap, 0.0, draw.integers(0, 500, n) ** 2 / 100)[:, None],
        draw.normal(size=n)[:, None],
    ]
    return Batch(torch.tensor(np.concatenate(parts, 1), dtype=torch.float32))


def small(space=MIXED, floor=0.0, **options):
    g = TableCDF(space.blocks, range(len(space.blocks)), 24, 2, 3, None, floor, **options)
    g.prepare(rows())
    return stirred(g)


class TestBins:
    def test_of_few_values_are_these_values(self):
        found = bins_of(torch.tensor([3.0, 1.0, 1.0, 2.0, 1.0, 3.0]))
        assert found.low.tolist() == found.high.tolist() == [1, 2, 3]
        assert found.rank.tolist() == pytest.approx([1 / 4, 7 / 12, 5 / 6])
        assert found.log_width.exp().tolist() == [1, 1, 1]  # the step between them

    def test_of_values_without_ties_have_equal_masses_and_leave_no_gap(self):
        x = torch.randn(20_000)
        found = bins_of(x)
        assert len(found.rank) > 0.9 * BINS
        held = torch.bincount(torch.searchsorted(found.border, x.double()), minlength=len(found.rank))
        assert held.max() <= 2 * 20_000 / BINS
        assert torch.equal(found.low[1:], found.high[:-1])
        assert (float(found.low[0]), float(found.high[-1])) == pytest.approx((float(x.min()), float(x.max())))

    def test_heavy_values_among_others_are_atoms(self):
        x = torch.cat([torch.zeros(3000), torch.rand(7000) + 0.5])
        found = bins_of(x)
        assert (found.low[0], found.high[0]) == (0, 0)
        assert (found.high[1:] > found.low[1:]).all()

    def test_values_that_most_rows_share_are_drawn_as_they_are(self):
        x = torch.randint(0, 3000, (20_000,)).float().sqrt()
        found = bins_of(x)
        assert len(found.rank) <= BINS < len(found.low)
        assert torch.isin(found.low.float(), x).all()
        share = torch.zeros(len(found.rank), dtype=torch.float64).index_add(0, found.bin, found.share.double())
        torch.testing.assert_close(share, torch.ones_like(share))

    def test_few_rows_have_few_bins(self):
        assert len(bins_of(torch.randn(200)).rank) <= 33


def test_a_quantile_is_where_a_share_lies():
    p = torch.tensor([0.2, 0.0, 0.5, 0.3]).log().expand(4, -1)
    k, u = quantile(p, torch.tensor([0.1, 0.2, 0.45, 0.999999], dtype=torch.float64))
    assert k.tolist() == [0, 2, 2, 3]
    assert u.tolist() == pytest.approx([0.5, 0.0, 0.5, 1.0], abs=1e-5)


class TestNetwork:
    def test_groups_see_earlier_ones_alone(self):
        net = stirred(MaskedResidual([2, 1, 3, 2], [3, 2, 4, 1], 30, 2), 1.0)
        x = torch.randn(1, 8, requires_grad=True)
        ends = [0, 2, 3, 6, 8]
        for i, p in enumerate(net(x)):
            (felt,) = torch.autograd.grad(p.sum(), x, retain_graph=True)
            assert (felt[0, ends[i] :] == 0).all()
            assert (felt[0, : ends[i]] != 0).all()

    @pytest.mark.parametrize("classes", [0, 3])
    def test_group_by_group_it_is_the_same_function(self, classes):
        net = stirred(MaskedResidual([2, 1, 3, 2], [3, 2, 4, 1], 30, 2, classes), 1.0)
        x, label = torch.randn(5, 8), torch.randint(0, 3, (5,)) if classes else None
        walk = net.walk(5, label)
        for p, part in zip(net(x, label), x.split([2, 1, 3, 2], 1), strict=True):
            torch.testing.assert_close(walk.parameters(), p, rtol=1e-4, atol=1e-5)
            walk.take(part)

    def test_more_groups_than_units(self):
        net = stirred(MaskedResidual([1] * 9, [2] * 9, 3, 1), 1.0)
        x, walk = torch.randn(2, 9), net.walk(2)
        for i, p in enumerate(net(x)):
            torch.testing.assert_close(walk.parameters(), p, rtol=1e-4, atol=1e-5)
            walk.take(x[:, i : i + 1])


def test_masses_of_all_rows_sum_to_one():
    """Of two columns of levels and one of five numbers half a step apart, whose density times the step is a mass."""
    space = Columns(("a", OneOf("b", ("x", "y", "z"))))
    g = TableCDF(space.blocks, range(2), 24, 2, 3, None, 0.0)
    g.prepare(Batch(rows().x[:, :4]))
    stirred(g, 1.0)
    every = torch.tensor([[a / 2, *np.eye(3)[b]] for a, b in product(range(5), range(3))], dtype=torch.float32)
    with torch.no_grad():
        assert float(g.log_prob(Batch(every)).exp().sum() / 2) == pytest.approx(1, abs=1e-5)


def test_densities_of_a_number_integrate_to_one():
    """Of a column without ties, by the midpoint rule on a grid that is finer than its bins."""
    g = TableCDF((Real("d"),), range(1), 24, 2, 3, None, 0.0)
    x = rows().x[:, -1:]
    g.prepare(Batch(x))
    stirred(g, 1.0)
    low, high = float(x.min()), float(x.max())
    n = 1_000_000
    grid = (torch.arange(n) + 0.5) * ((high - low) / n) + low
    with torch.no_grad():
        total = sum(float(g.log_prob(Batch(part[:, None])).double().exp().sum()) for part in grid.split(100_000))
    assert total * (high - low) / n == pytest.approx(1, abs=1e-3)


def test_draws_have_the_masses():
    """Of five numbers and three levels, by a χ² test."""
    space = Columns(("a", OneOf("b", ("x", "y", "z"))))
    g = TableCDF(space.blocks, range(2), 24, 2, 3, None, 0.0)
    g.prepare(Batch(rows().x[:, :4]))
    stirred(g, 1.0)
    every = torch.tensor([[a / 2, *np.eye(3)[b]] for a, b in product(range(5), range(3))], dtype=torch.float32)
    torch.manual_seed(1)
    with torch.no_grad():
        masses = g.log_prob(Batch(every)).double().exp().numpy() / 2
        x = g(50_000).x
    counts = torch.bincount((6 * x[:, 0]).round().long() + x[:, 1:].argmax(1), minlength=15).numpy()
    seen = masses * 50_000 > 5
    assert chisquare(counts[seen], masses[seen] / masses[seen].sum() * counts[seen].sum()).pvalue > 1e-3


def test_samples_are_of_the_data():
    """Levels, values that rows share, and between the ends others; missing where the indicators say so."""
    g, x = small(), rows().x
    with torch.no_grad():
        y = g(5000).x
    assert torch.isin(y[:, 0], x[:, 0]).all()
    assert (y[:, 1:4].sum(1) == 1).all()
    there = y[:, 4] == 1
    assert torch.isin(y[there, 6], x[x[:, 4] == 1, 6]).all()
    assert (y[~there, 6] == 0).all()
    assert y[:, 7].min() >= x[:, 7].min()
    assert y[:, 7].max() <= x[:, 7].max()


def test_noise_is_pushed_in_order():
    """A triangular map: u_i moves no column before the i-th, and x_i rises with u_i."""
    g = small()
    z = torch.rand(1, 5, dtype=torch.float64).expand(50, -1).clone()
    z[:, 3] = torch.linspace(0, 0.999, 50, dtype=torch.float64)
    z[:, 2] = 0.0  # not missing
    with torch.no_grad():
        x = g.push(z)
    assert (x[:, :6] == x[0, :6]).all()
    assert (x[:, 6].diff() >= 0).all()
    assert x[0, 6] < x[-1, 6]


def test_a_missing_number_costs_nothing_and_says_nothing():
    g, x = small(), rows(200).x
    gone = x[:, 5] == 1
    other = x.clone()
    other[gone, 6] = 7.25
    with torch.no_grad():
        torch.testing.assert_close(g.log_prob(Batch(x)), g.log_prob(Batch(other)))


def test_unseen_values_have_a_density():
    """Beyond the ends it is a share ε of the Cauchy law, times what the other columns have."""
    g = small(floor=0.01)
    x = rows(1).x
    far, near = x.clone(), x.clone()
    far[:, -1], near[:, -1] = 50.0, 80.0
    with torch.no_grad():
        difference = float(g.log_prob(Batch(far)) - g.log_prob(Batch(near)))
    assert difference == pytest.approx(np.log((1 + 80**2) / (1 + 50**2)), abs=1e-4)


def test_first_columns_come_first():
    g = pf.recipes.table_cdf(MIXED, width=8, first=("d", "c")).sampler
    assert [place.start for place in g.places] == [7, 4, 6, 0, 1]
    assert g.absence == [None, None, 1, None, None]
    with pytest.raises(Refused, match="first of table-cdf must name columns of the data, got 'e'"):
        pf.recipes.table_cdf(MIXED, first=("e",))
    with pytest.raises(Refused, match="table-cdf is for tables and rows of numbers, got pictures"):
        pf.recipes.table_cdf(Image(1, 8, 8))


def test_it_learns_a_law_that_is_known(tmp_path):
    """Of a, b given a, and c given both: the held-out log-likelihood comes near to the truth's, and states are chosen
    by it; what is missing is missing together; samples have the laws of the columns."""
    draw = np.random.default_rng(0)
    n = 6000
    a = draw.choice(["x", "y", "z"], n, p=[0.5, 0.3, 0.2])
    b = draw.poisson(np.select([a == "x", a == "y"], [2.0, 8.0], 20.0))
    c = draw.normal(b / 5, 0.5)
    gap = draw.random(n) < np.where(a == "z", 0.8, 0.05)
    table = pd.DataFrame({"a": a, "b": b, "c": np.where(gap, np.nan, c), "d": np.where(gap, np.nan, draw.random(n))})
    data = pf.data.load(table)
    run = pf.fit(
        pf.recipes.table_cdf(data.space, width=64), data, steps=600, run=tmp_path / "r", verdict=False, quiet=True
    )
    drawn = run.sample(4000)
    assert run.kept["chosen_by"] == "log-likelihood"
    assert (drawn["c"].isna() == drawn["d"].isna()).mean() > 0.97
    assert drawn["c"].isna().mean() == pytest.approx(gap.mean(), abs=0.04)
    assert drawn[drawn["a"] == "z"]["c"].isna().mean() == pytest.approx(0.8, abs=0.08)
    assert drawn["b"].dtype == table["b"].dtype
    assert set(drawn["b"]) <= set(b)
    kept = drawn.dropna()
    assert kstest((kept["c"] - kept["b"] / 5) / 0.5, "norm").statistic < 0.06
    unseen = data.codec.decode(data.test.all())
    rate = np.select([unseen["a"] == "x", unseen["a"] == "y"], [2.0, 8.0], 20.0)
    missing = np.where(unseen["a"] == "z", 0.8, 0.05)
    truth = np.log(unseen["a"].map({"x": 0.5, "y": 0.3, "z": 0.2})) + poisson.logpmf(unseen["b"], rate)
    there = np.log1p(-missing) + norm.logpdf(unseen["c"].fillna(0), unseen["b"] / 5, 0.5)
    truth += np.where(unseen["c"].isna(), np.log(missing), there)
    nats = run.log_prob(unseen)
    assert truth.mean() - 0.35 < nats.mean() < truth.mean() + 3 * truth.std() / len(truth) ** 0.5
