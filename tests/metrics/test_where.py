"""Where data and samples differ: a cluster that is left out, one that is made up, and the ratio in closed form."""

import pytest
import torch

from pushforward.errors import Refused
from pushforward.judging import text_findings as sentences
from pushforward.metrics import Where, where
from pushforward.metrics.diagnosis.where import Place


def clusters(rng, at, n):
    return torch.cat([torch.randn(n, 2, generator=rng) + 20 * place for place in at])


def test_a_missing_and_a_made_up_cluster_are_found(rng):
    x, y = clusters(rng, (0, 1), 100), clusters(rng, (0, 2), 100)
    found = where(x, y, count=5)
    assert set(found.missed.rows) <= set(range(100, 200))
    assert set(found.over.rows) <= set(range(100, 200))
    # Of the nearest 30 all are data: 30.5/199 over 0.5/200, and the other way round.
    assert found.missed.ratio == pytest.approx([30.5 / 199 / (0.5 / 200)] * 5, rel=1e-12)
    assert found.over.ratio == pytest.approx([0.5 / 200 / (30.5 / 199)] * 5, rel=1e-12)


def test_the_ratio_is_that_of_the_densities(rng):
    """At a uniform of twice the length r is 2; of 30 neighbours about 20 are data, with a deviation of 2.6."""
    x, y = torch.rand(2000, 1, generator=rng), 2 * torch.rand(2000, 1, generator=rng)
    ratio = torch.tensor(where(x, y, count=16).missed.ratio).median()
    # The logarithm of the ratio of counts has a deviation of √(1/20 + 1/10) = 0.39.
    assert abs(float(ratio.log()) - torch.tensor(2.0).log()) < 3 * 0.39


@pytest.mark.parametrize("seed", range(5))
def test_witness_and_ratio_agree_wherever_a_place_is_named(seed):
    """Equal laws, where both are noise, and a narrow sampler, whose witness looks beyond its own centre."""
    rng = torch.Generator().manual_seed(seed)
    x = torch.randn(150, 2, generator=rng)
    for y in (torch.randn(150, 2, generator=rng), 0.7 * torch.randn(150, 2, generator=rng)):
        found = where(x, y)
        assert all(r > 1 for r in found.missed.ratio)
        assert all(r < 1 for r in found.over.ratio)
        assert len(found.missed.rows) == len(found.missed.witness) == len(found.missed.ratio) <= 14


def test_rows_are_those_of_the_whole_when_only_some_are_looked_at(rng):
    x, y = clusters(rng, (0, 1), 100), clusters(rng, (0, 0), 100)
    found = where(x, y, count=3, most=60)
    assert all(row >= 100 for row in found.missed.rows)


def test_a_place_is_said_without_powers_of_ten():
    found = Where(Place((3, 5), (0.2, 0.1), (122.0, 122.0)), Place((1,), (-0.1,), (0.4,)))
    assert sentences.places(found) == (
        "where it misses most, around 2 rows of data, data are 122 times as dense as samples; where it over-produces "
        "most, around 1 samples, samples are 2.5 times as dense as data (one density ratio, by neighbours, medians)."
    )
    assert sentences.places(Where(Place((), (), ()), Place((), (), ()))) == ""


def test_refuses_one_row():
    with pytest.raises(Refused, match="where"):
        where(torch.zeros(1, 2), torch.zeros(5, 2))
