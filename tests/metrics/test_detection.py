"""Detection by boosted trees: its area is the rank statistic's, equal laws are told apart as rarely as the level says,
and indicators of levels are one column."""

import numpy as np
import pandas as pd
import pytest
import torch
from scipy.stats import mannwhitneyu
from sklearn.metrics import roc_auc_score

import pushforward as pf
from pushforward.judging import requested
from pushforward.metrics.numerics.cells import blocks_of, columns, for_trees
from pushforward.metrics.significance.detection import Detection
from pushforward.metrics.uncertainty.rank_area import rank_area
from pushforward.spaces import Columns, OneOf, Vector

SPACE = Columns(("a", OneOf("b", ("x", "y", "z")), "c"))


@pytest.mark.parametrize("ties", [False, True])
def test_the_area_and_its_p_value_are_those_of_the_rank_sum(ties):
    draw = np.random.default_rng(0)
    x, y = draw.normal(0.3, 1, 60), draw.normal(size=80)
    x, y = (x.round(), y.round()) if ties else (x, y)
    area, error, p = rank_area(x, y)
    labels, values = np.r_[np.ones(60), np.zeros(80)], np.r_[x, y]
    assert area == pytest.approx(roc_auc_score(labels, values))
    theirs = mannwhitneyu(x, y, alternative="greater", method="asymptotic", use_continuity=False).pvalue
    assert p == pytest.approx(theirs, rel=1e-9)
    draws = [roc_auc_score(labels, np.r_[draw.choice(x, 60), draw.choice(y, 80)]) for _ in range(400)]
    assert error == pytest.approx(np.std(draws), rel=0.25)


def test_indicators_are_one_column_of_levels():
    z = torch.tensor([[0.5, 0, 1, 0, 2.0], [1.5, 0, 0, 1, 3.0]], dtype=torch.float64)
    table, levels = for_trees(columns(z, Detection().on(SPACE).blocks))
    assert table.tolist() == [[0.5, 1, 2], [1.5, 2, 3]]
    assert levels == [False, True, False]


def test_a_difference_in_levels_that_no_column_shows_is_found():
    """Equal columns, but one is the product of the others' signs among the data: the best judge, who knows that half of
    the samples break the rule, is right in 3/4 of pairs."""
    draw = torch.Generator().manual_seed(0)
    a, c = (torch.randn(1500, generator=draw) for _ in range(2))
    level = lambda k: torch.nn.functional.one_hot(k, 3).float()
    other = torch.randint(0, 2, (1500,), generator=draw)
    x = torch.cat([a[:, None], level((a * c > 0).long()), c[:, None]], 1)
    y = torch.cat([a[:, None], level(other), c[:, None]], 1)
    found = Detection().on(SPACE).test(x, y)
    assert found.p_value < 1e-6
    assert 0.5 < found.area < 0.75 + 4 * found.stderr


def test_equal_laws_are_rarely_told_apart():
    """In 40 pairs of equal laws at level .05 at most 7: more would have a chance below one in a thousand."""
    draw = torch.Generator().manual_seed(1)
    p = [Detection().test(*torch.randn(2, 60, 2, generator=draw)).p_value for _ in range(40)]
    assert sum(value <= 0.05 for value in p) <= 7


def test_it_is_asked_for_tables_alone():
    assert requested().suited(SPACE).names[0] == "detection"
    assert "detection" not in requested().suited(Vector(3)).names
    asked = requested("energy,detection").suited(SPACE)
    assert asked.names == ("energy", "detection")
    assert asked.metrics[1].blocks == blocks_of(SPACE)


def test_the_verdict_on_a_table_has_it_with_its_floor():
    draw = np.random.default_rng(0)
    table = lambda n: pd.DataFrame({"a": draw.normal(size=n), "b": draw.choice(["x", "y"], n)})
    fake = table(300).assign(a=draw.normal(1.5, 1, 300))
    found = pf.score(table(300), fake)
    assert found["detection"].value > 0.7
    assert abs(found["detection"].floor.value - 0.5) < 0.12
    assert found.tests["detection"]["rejected"]
    assert "Boosted trees" in found.sentences["detection"]
    assert found.grade.picked >= found["detection"].value - 1e-9
