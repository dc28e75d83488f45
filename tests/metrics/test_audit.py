"""The audit of samples: distances by hand, copies are found, and fresh rows are seldom said to show training rows."""

import numpy as np
import pandas as pd
import pytest

import pushforward as pf
from pushforward.metrics import audit
from pushforward.metrics.numerics.cells import Column, picked
from pushforward.metrics.numerics.row_distances import RowDistances


def rows(n, draw):
    a = draw.normal(size=n)
    b = (a + draw.normal(size=n)).round(1)
    b[draw.random(n) < 0.1] = np.nan
    return [Column("a", a), Column("b", b), Column("c", draw.integers(0, 4, n).astype(float), ("p", "q", "r", "s"))]


def test_distances_are_by_range_and_two_for_another_level():
    of = lambda number, level: [Column("a", np.array(number, float)), Column("b", np.array(level, float), ("x", "y"))]
    reference = of([0, 10, 4], [0, 1, 1])
    distance, which = RowDistances(reference).nearest(of([1, 9, np.nan], [0, 0, 1]), of([3, 5, np.nan], [0, 1, 1]))
    assert distance == pytest.approx([0.2, 0.6, 0.0])
    assert which.tolist() == [0, 0, 2]


def test_copies_are_found_by_all_three():
    draw = np.random.default_rng(0)
    train, unseen = rows(300, draw), rows(300, draw)
    found = audit(train, unseen, train)
    assert found.closer == 1.0
    assert (found.copies, found.unseen_copies) == (1.0, 0.0)
    assert found.attack > 0.95
    assert len(found.signs) == 3


def test_a_few_copies_are_counted_beside_duplicates_of_the_data():
    draw = np.random.default_rng(0)
    train, unseen, y = (rows(200, draw) for _ in range(3))
    join = lambda a, b: [Column(p.name, np.r_[p.cells, q.cells], p.levels) for p, q in zip(a, b, strict=True)]
    found = audit(train, join(unseen, picked(train, np.arange(50))), join(y, picked(train, np.arange(40))))
    assert found.copies == pytest.approx(40 / 240)
    assert found.unseen_copies == pytest.approx(50 / 250)
    assert "copies" not in found.signs


def test_fresh_rows_seldom_show_training_rows():
    """Of 30 audits of fresh rows each sign has a chance of 1/40: more than 8 in all would have one below 1 in 1000."""
    draw = np.random.default_rng(1)
    signs = [len(audit(*(rows(120, draw) for _ in range(3)), seed=i).signs) for i in range(30)]
    assert sum(signs) <= 8


def test_a_verdict_with_training_rows_has_it():
    draw = np.random.default_rng(0)
    table = lambda n: pd.DataFrame({"a": draw.normal(size=n), "b": draw.choice(["x", "y"], n)})
    train = table(200)
    found = pf.score(table(150), train.head(150), train=train, metrics="shape")
    assert found.to_json()["table"]["audit"]["copies"] == 1.0
    assert found.sentences["audit"].startswith("Training rows show in the samples (nearer to training rows, copies")
    fresh = pf.score(table(150), table(150), train=train, metrics="shape")
    assert "0 % of the samples equal a training row" in fresh.sentences["audit"]
