"""The witness finds what was left out and what was put in, and names each point once."""

import torch

from pushforward.discrepancies import MMD
from pushforward.kernels import Gaussian
from pushforward.metrics import witness


def test_finds_the_dropped_and_the_invented_cluster(rng):
    draw = lambda at, n: at + 0.1 * torch.randn(n, 2, generator=rng)
    x = torch.cat([draw(0.0, 80), draw(3.0, 20)])
    y = torch.cat([draw(0.0, 80), draw(-3.0, 20)])
    found = witness(x, y, count=10)
    assert all(i >= 80 for i in found.missed)
    assert all(j >= 80 for j in found.over)
    assert list(found.missed_scores) == sorted(found.missed_scores, reverse=True)
    assert list(found.over_scores) == sorted(found.over_scores)
    assert found.missed_scores[-1] > 0 > found.over_scores[-1]


def test_copies_are_named_once():
    x = torch.cat([torch.full((6, 1), 5.0), torch.linspace(0, 1, 10)[:, None]])
    found = witness(x, torch.linspace(0, 1, 16)[:, None], kernel=Gaussian(1.0), count=3)
    assert found.missed[0] < 6
    assert len({x[i].item() for i in found.missed}) == 3


def test_scores_are_the_discrepancys_witness_without_the_own_term():
    x, y = torch.randn(12, 2, dtype=torch.float64), torch.randn(9, 2, dtype=torch.float64)
    k = Gaussian(0.7)
    found = witness(x, y, kernel=k, count=12)
    for i, score in zip(found.missed, found.missed_scores, strict=True):
        others = torch.cat([x[:i], x[i + 1 :]])
        torch.testing.assert_close(score, MMD(k).witness(x[i : i + 1], others, y).item())


def test_fewer_rows_than_asked_for():
    found = witness(torch.tensor([[0.0], [1.0]]), torch.zeros(4, 1), count=25)
    assert sorted(found.missed) == [0, 1]
    assert len(found.over) == 1
