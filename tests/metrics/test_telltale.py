"""The cells that give samples away: those that were planted, of rows of both sides."""

import numpy as np
import pandas as pd

import pushforward as pf
from pushforward.metrics import telltale
from pushforward.metrics.numerics.cells import Column


def rows(n, draw, planted):
    """Two numbers and a level; in the first rows, so many, one number or the level is what the others never are."""
    a, b, c = draw.normal(size=n), draw.normal(size=n), draw.integers(0, 3, n).astype(float)
    a[:planted], c[planted : 2 * planted] = 7.0, 3.0
    return [Column("a", a), Column("b", b), Column("c", c, ("p", "q", "r", "s"))]


def test_planted_cells_are_named():
    draw = np.random.default_rng(0)
    x, y = rows(600, draw, 0), rows(600, draw, 60)
    found = telltale(x, y, over=[5, 70])
    assert {cell.column for cell in found.cells[:2]} == {"a", "c"}
    for cell in found.cells[:2]:
        assert cell.row < 60 if cell.column == "a" else 60 <= cell.row < 120
        assert cell.factor > 3
    assert found.over.argmax(1).tolist() == [0, 2]


def test_cells_of_data_that_samples_never_have_are_found_too():
    draw = np.random.default_rng(1)
    x, y = rows(600, draw, 60), rows(600, draw, 0)
    found = telltale(x, y, missed=[3, 99])
    assert found.missed.argmax(1).tolist() == [0, 2]


def test_score_names_them_where_samples_are_told():
    draw = np.random.default_rng(0)
    table = lambda n: pd.DataFrame({"age": draw.integers(20, 60, n), "job": draw.choice(["cook", "nurse"], n)})
    fake = table(400)
    fake.loc[:99, "age"] = 99
    found = pf.score(table(400), fake, metrics="detection")
    cell = found.to_json()["table"]["cells"][0]
    assert (cell["column"], cell["value"]) == ("age", "99")
    assert "age = 99 (" in found.sentences["cells"]
    assert "cells" not in pf.score(table(400), table(400), metrics="detection").sentences
    assert found.table.cells
    assert pf.score(table(400), fake, metrics="shape").table.cells == ()
