"""The training-copy test: every relabelling by hand, its level where nothing is copied, its power where rows are."""

from itertools import combinations

import numpy as np
import pytest
import torch
from scipy.stats import binom

from pushforward.errors import Refused
from pushforward.metrics import memorisation
from pushforward.metrics.numerics.neighbours.pooled_nearest import NearestRows
from pushforward.metrics.significance.nearest_relabelled import Votes


def votes_by_hand(y, pooled, weights):
    """What every pooled row receives: a sample's weights, shared among all rows at the least distance."""
    apart = (y.double()[:, None] - pooled.double()[None]).square().sum(-1)
    nearest = (apart == apart.min(1, keepdim=True).values).double()
    return (nearest / nearest.sum(1, keepdim=True)).T @ weights


def lattice(rng, n, d=1):
    """Rows that repeat and samples that are equally near to several."""
    return torch.randint(4, (n, d), generator=rng).double()


@pytest.mark.parametrize("draw", [lattice, lambda rng, n: torch.randn(n, 2, generator=rng).double()])
def test_mean_and_deviation_over_all_relabellings(rng, draw):
    train, unseen, y = draw(rng, 3), draw(rng, 5), draw(rng, 7)
    weights = torch.rand(7, 2, generator=rng).double()
    received = votes_by_hand(y, torch.cat([train, unseen]), weights)
    every = torch.stack([received[list(labelled)].sum(0) for labelled in combinations(range(8), 3)]).numpy()
    votes = Votes.of(NearestRows.of(y, train, unseen), weights)
    truth = (every[0] - every.mean(0)) / every.std(0)
    np.testing.assert_allclose(votes.standardised(0, np.random.default_rng(0))[0], truth, rtol=1e-10)
    # 4,000 random relabellings are of the same law: each of the 56 outcomes has the chance 1/56.
    drawn = votes.standardised(4000, np.random.default_rng(0))[1:]
    np.testing.assert_allclose(drawn.mean(0), 0, atol=4 / 4000**0.5)
    np.testing.assert_allclose(drawn.std(0), 1, atol=4 / 4000**0.5)
    assert set(np.round(drawn, 9)[:, 0]) <= set(np.round((every - every.mean(0)) / every.std(0), 9)[:, 0])


def test_closer_is_the_share_of_nearest_rows_at_equal_sizes(rng):
    train, unseen, y = (lattice(rng, n, 2) for n in (30, 30, 50))
    apart = torch.stack([(y[:, None] - z[None]).square().sum(-1) for z in (train, unseen)], 1)
    nearest = (apart == apart.amin((1, 2), keepdim=True)).sum(2).double()  # how many rows of either kind
    expected = (nearest[:, 0] / nearest.sum(1)).mean()
    assert memorisation(train, unseen, y).closer == pytest.approx(float(expected), abs=1e-12)


def test_exchanging_the_rows_mirrors_the_probability(rng):
    train, unseen, y = (torch.randn(n, 3, generator=rng) for n in (90, 40, 80))
    there, back = memorisation(train, unseen, y), memorisation(unseen, train, y)
    assert there.closer + back.closer == pytest.approx(1.0, abs=1e-12)
    assert there.stderr == pytest.approx(back.stderr, rel=1e-12)


def test_copies_are_caught(rng):
    train, unseen = torch.randn(300, 4, generator=rng), torch.randn(100, 4, generator=rng)
    found = memorisation(train, unseen, train[:100])
    assert (found.copies, found.copies_unseen, found.closer, found.tail_copied) == (1.0, 0.0, 1.0, 1.0)
    assert found.rejected
    assert found.p_value == 1 / 1000  # the least that 999 relabellings give: never 0
    assert found.chance == 0.75


MIXED = [(d, s, noise) for d in (2, 20) for s in (0.3, 1.0) for noise in (0.0, 0.01)]


@pytest.mark.parametrize(("d", "s", "noise"), MIXED)
def test_one_copy_in_ten_is_caught(rng, d, s, noise):
    draw = lambda n: torch.randn(n, d, generator=rng)
    caught = 0
    for _ in range(12):
        train, unseen, y = draw(200), draw(200), s * draw(200)
        y[:20] = train[:20] + noise * draw(20)
        caught += memorisation(train, unseen, y).rejected
    assert caught >= binom.ppf(0.001, 12, 0.9)


def test_copies_are_caught_where_rows_are_sparse(rng):
    """Half of the rows lie a thousandfold denser: their neighbours are nearer than the copies of the others."""
    scale = torch.tensor([0.001, 1.0]).repeat_interleave(100)[:, None]
    train, unseen, y = (scale * torch.randn(200, 2, generator=rng) for _ in range(3))
    y[-30:] = train[-30:] + 0.003 * torch.randn(30, 2, generator=rng)
    assert memorisation(train, unseen, y).rejected


LAWS = {
    "narrow": lambda rng, n, s: s * torch.randn(n, 2, generator=rng),
    "shifted": lambda rng, n, s: s * torch.randn(n, 2, generator=rng) + (s != 1),
    "discrete": lambda rng, n, s: (2 * s * torch.randn(n, 2, generator=rng)).round(),
    "repeated": lambda rng, n, s: torch.randn(40, 2, generator=rng)[torch.randint(40, (n,), generator=rng)] * s,
}


@pytest.mark.parametrize("law", LAWS)
@pytest.mark.parametrize("sizes", [(60, 60), (120, 30)])
def test_samplers_that_never_saw_the_rows_are_not_accused(rng, law, sizes):
    draw = lambda n, s: LAWS[law](rng, n, s)
    rejected = 0
    for _ in range(60):
        pooled = draw(sum(sizes), 1.0)  # repeated rows stand on either side, as in a data set that is split
        rejected += memorisation(pooled[: sizes[0]], pooled[sizes[0] :], draw(50, 0.3)).rejected
    assert rejected <= binom.ppf(0.999, 60, 0.05)


def test_standard_error_is_the_spread_of_the_value(rng):
    draw = lambda n: torch.randn(n, 3, generator=rng)
    found = [memorisation(draw(60), draw(40), 0.9 * draw(50)) for _ in range(300)]
    spread = np.std([f.closer for f in found], ddof=1)
    # The relative standard error of a standard deviation from 300 values is 0.04.
    assert np.mean([f.stderr for f in found]) == pytest.approx(spread, rel=0.16)
    # And where nothing is copied the value is a half, whatever the sizes.
    assert np.mean([f.closer for f in found]) == pytest.approx(0.5, abs=4 * spread / 300**0.5 + 0.01)


def test_rows_far_off_the_data_say_little(rng):
    train, unseen = torch.randn(100, 2, generator=rng), torch.randn(100, 2, generator=rng)
    found = memorisation(train, unseen, unseen + 50)
    assert found.p_value > 0.05
    assert found.copies == 0.0


def test_constant_data_say_nothing():
    z = torch.zeros(10, 2)
    found = memorisation(z, z, z)
    assert (found.statistic, found.p_value, found.closer, found.copies_unseen) == (0.0, 1.0, 0.5, 1.0)


def test_rows_that_were_trained_on_are_no_unseen_rows(rng):
    train = torch.randn(50, 2, generator=rng)
    found = memorisation(train, train, train[:30])
    assert (found.copies, found.copies_unseen, found.closer, found.rejected) == (1.0, 1.0, 0.5, False)


def test_uses_a_stated_number_of_samples_and_all_rows(rng):
    found = memorisation(torch.randn(50, 2), torch.randn(40, 2), torch.randn(30, 2), most=20)
    assert (found.train, found.unseen, found.m) == (50, 40, 20)


def test_refuses_other_widths():
    with pytest.raises(Refused, match="equally wide"):
        memorisation(torch.zeros(9, 2), torch.zeros(9, 2), torch.zeros(9, 3))


def test_the_closest_pairs_are_named(rng):
    train = torch.randn(50, 3, generator=rng)
    y = torch.cat([torch.randn(20, 3, generator=rng) + 9, train[7:8] + 1e-6, train[3:4]])
    found = memorisation(train, torch.randn(20, 3, generator=rng), y)
    assert found.closest[:2] == ((21, 3), (20, 7))


def test_a_seed_is_an_answer(rng):
    train, unseen, y = (torch.randn(60, 2, generator=rng) for _ in range(3))
    assert memorisation(train, unseen, y, seed=3) == memorisation(train, unseen, y, seed=3)
