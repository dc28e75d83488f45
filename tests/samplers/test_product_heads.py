"""Laws of codes for each column: what codes stand for, draws that follow the laws, cells that the data hold."""

import numpy as np
import pytest
import torch
from scipy.stats import chisquare

from pushforward.networks import MLP
from pushforward.samplers import Normal, ProductHeads
from pushforward.samplers.column_codes import ColumnCodes
from pushforward.spaces import Batch, OneOf, Real

BLOCKS = (Real("a"), OneOf("b", ("x", "y", "z")), OneOf("c missing", ("no", "yes")), Real("c", absent=True))


def rows(n=2000, seed=0):
    draw = np.random.default_rng(seed)
    gap = draw.integers(0, 3, n) == 0
    parts = [
        draw.integers(0, 5, n)[:, None] / 2,
        np.eye(3)[draw.integers(0, 3, n)],
        np.eye(2)[gap.astype(int)],
        np.where(gap, 0.0, draw.normal(size=n))[:, None],
    ]
    return torch.tensor(np.concatenate(parts, 1), dtype=torch.float32)


def sampler(bins=32, n=2000):
    torch.manual_seed(0)
    g = ProductHeads(BLOCKS, MLP((16,)), Normal(2), bins)
    g.prepare(Batch(rows(n)))
    return g.eval()


class TestColumnCodes:
    def test_a_value_that_many_rows_share_comes_back_as_it_is(self):
        column, x = ColumnCodes([Real("a")], 32), rows()[:, :1]
        column.fit(x)
        code = column.codes(x)
        assert torch.equal(code, (2 * x[:, 0]).long())
        assert torch.equal(column.values(code, torch.rand(len(code))), x)

    def test_a_missing_number_is_the_last_code(self):
        column, x = ColumnCodes(BLOCKS[2:], 32), rows()[:, 4:]
        column.fit(x)
        code = column.codes(x)
        assert torch.equal(code == 32, x[:, 1] > 0)
        y = column.values(code, torch.rand(len(code)))
        assert torch.equal(y[:, :2], x[:, :2])
        assert torch.equal(column.codes(y), code)
        there = x[:, 1] == 0
        assert y[there, 2].min() >= x[there, 2].min()
        assert y[there, 2].max() <= x[there, 2].max()
        assert not y[~there, 2].any()

    def test_a_column_that_is_always_missing_has_one_code(self):
        column = ColumnCodes(BLOCKS[2:], 8)
        x = torch.tensor([[0.0, 1.0, 0.0]]).repeat(5, 1)
        column.fit(x)
        assert column.codes(x).tolist() == [8] * 5


def test_codes_that_no_row_has_are_never_drawn_and_laws_sum_to_one():
    g = sampler()
    z = g.draw_noise(4000)
    laws = g.laws(z).detach()
    assert [float(p.sum(1).sub(1).abs().max()) < 1e-5 for p in laws.split(g.sizes, 1)] == [True] * 3
    assert g.sizes == [32, 3, 33]
    assert not laws[:, 5:32].any()  # a has five values
    y = g.push(z).detach()
    assert set(y[:, 0].tolist()) <= {0.0, 0.5, 1.0, 1.5, 2.0}


@torch.no_grad()
def test_draws_follow_the_laws():
    g = sampler()
    z = g.draw_noise(1).repeat(20_000, 1)
    z[:, 2:] = torch.rand(20_000, 3)
    for (code, within), p in zip(g.chosen(z), g.laws(z[:1]).split(g.sizes, 1), strict=True):
        counts, expected = np.bincount(code, minlength=p.shape[1]), 20_000 * p[0].detach().double().numpy()
        seen = expected > 5
        assert chisquare(counts[seen], expected[seen] * counts[seen].sum() / expected[seen].sum()).pvalue > 1e-3
        assert 0.45 < float(within.mean()) < 0.55


def test_classes_reach_the_network():
    torch.manual_seed(0)
    g = ProductHeads(BLOCKS, MLP((16,)), Normal(2), 8, ("p", "q"))
    g.prepare(Batch(rows()))
    z = g.draw_noise(6)
    first, second = (g.laws(z, torch.full((6,), k)) for k in (0, 1))
    assert not torch.allclose(first, second)
    assert g(5).label is not None


@pytest.mark.parametrize("n", [1, 3])
def test_tables_of_hardly_a_row_have_codes(n):
    assert sampler(n=n).push(sampler(n=n).draw_noise(4)).isfinite().all()
