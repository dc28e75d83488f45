"""The training-copy test against SciPy, on copies, on unseen data, and where nothing can be said."""

import numpy as np
import pytest
import torch
from scipy.stats import binom, kstest, mannwhitneyu

from pushforward.errors import Refused
from pushforward.metrics import memorisation


def distances(z, train):
    return torch.cdist(z.double(), train.double()).min(1).values.numpy()


@pytest.mark.parametrize("integers", [False, True])
def test_equals_scipys_mann_whitney(rng, integers):
    train, unseen, y = (torch.randn(n, 2, generator=rng) * 3 for n in (80, 50, 60))
    if integers:
        train, unseen, y = train.round(), unseen.round(), y.round()
    found = memorisation(train, unseen, y)
    theirs = mannwhitneyu(distances(y, train), distances(unseen, train), alternative="less", method="asymptotic")
    assert found.p_value == pytest.approx(theirs.pvalue, rel=1e-9)
    assert found.closer == pytest.approx(1 - theirs.statistic / (50 * 60), rel=1e-12)


def test_copies_are_caught(rng):
    train, unseen = torch.randn(300, 4, generator=rng), torch.randn(100, 4, generator=rng)
    found = memorisation(train, unseen, train[:100])
    assert (found.copies, found.copies_unseen, found.near, found.closer) == (1.0, 0.0, 1.0, 1.0)
    assert found.rejected
    assert found.p_value < 1e-20


def test_noisy_copies_are_caught(rng):
    train, unseen = torch.randn(300, 4, generator=rng), torch.randn(100, 4, generator=rng)
    found = memorisation(train, unseen, train[:100] + 0.01 * torch.randn(100, 4, generator=rng))
    assert found.copies == 0.0
    assert found.near > 0.9
    assert found.rejected


def test_level_on_unseen_data(rng):
    draw = lambda n: torch.randn(n, 3, generator=rng)
    p = [memorisation(draw(60), draw(40), draw(40)).p_value for _ in range(300)]
    assert sum(v <= 0.05 for v in p) <= binom.ppf(0.999, 300, 0.05)
    # Uniform but for the steps of ranks and the shared training rows.
    assert kstest(p, "uniform").pvalue > 1e-3


def test_standard_error_is_the_spread_of_the_value(rng):
    train = torch.randn(60, 3, generator=rng)
    draw = lambda n: torch.randn(n, 3, generator=rng)
    found = [memorisation(train, draw(40), 0.9 * draw(50)) for _ in range(300)]
    spread = np.std([f.closer for f in found], ddof=1)
    # The relative standard error of a standard deviation from 300 values is 0.04.
    assert np.mean([f.stderr for f in found]) == pytest.approx(spread, rel=0.16)


def test_rows_off_the_data_are_no_copies(rng):
    train, unseen = torch.randn(100, 2, generator=rng), torch.randn(100, 2, generator=rng)
    found = memorisation(train, unseen, unseen + 50)
    assert found.p_value > 0.999
    assert found.closer == 0.0


def test_constant_data_say_nothing():
    z = torch.zeros(10, 2)
    found = memorisation(z, z, z)
    assert (found.statistic, found.p_value, found.closer, found.copies_unseen) == (0.0, 0.5, 0.5, 1.0)


def test_uses_a_stated_number_of_rows(rng):
    found = memorisation(torch.randn(50, 2), torch.randn(40, 2), torch.randn(30, 2), most=20)
    assert (found.train, found.unseen, found.m) == (50, 20, 20)


def test_refuses_other_widths():
    with pytest.raises(Refused, match="equally wide"):
        memorisation(torch.zeros(9, 2), torch.zeros(9, 2), torch.zeros(9, 3))


def test_the_closest_pairs_are_named(rng):
    train = torch.randn(50, 3, generator=rng)
    y = torch.cat([torch.randn(20, 3, generator=rng) + 9, train[7:8] + 1e-6, train[3:4]])
    found = memorisation(train, torch.randn(20, 3, generator=rng), y)
    assert found.closest[:2] == ((21, 3), (20, 7))
