"""The rules of a table's rows, and the dependence of its columns."""

import numpy as np
import pytest
from scipy.stats.contingency import association

from pushforward.metrics.diagnosis.dependence import cramers_v, dependence
from pushforward.metrics.diagnosis.rules import table_rules
from pushforward.metrics.numerics.cells import Column


def rows(n, seed):
    draw = np.random.default_rng(seed)
    born, level = draw.normal(size=n), draw.integers(0, 4, n).astype(float)
    return [Column("born", born), Column("died", born + draw.exponential(size=n)), Column("job", level, tuple("abcd")),
            Column("grade", level // 2)]  # fmt: skip


def test_rules_that_hold_are_found_and_samples_that_break_them_counted():
    x, y = rows(400, 0), rows(100, 1)
    y[1].cells[:10] = y[0].cells[:10] - 1.0
    y[3].cells[:20] = 1 - y[3].cells[:20]
    found = {rule.rule: rule.broken for rule in table_rules(x, y)}
    assert set(found) == {
        "born within the range of the data", "died within the range of the data", "job among the levels of the data",
        "grade within the range of the data", "born ≤ died", "job decides grade",
    }  # fmt: skip
    assert found["born ≤ died"] == pytest.approx(0.1)
    assert found["job decides grade"] == pytest.approx(0.2)
    assert found["job among the levels of the data"] == 0.0


def test_few_rows_have_ranges_alone():
    assert len(table_rules(rows(40, 0), rows(40, 1))) == 4


def test_cramers_v_is_scipys():
    draw = np.random.default_rng(0)
    a, b = draw.integers(0, 4, 200), draw.integers(0, 3, 200)
    b[:80] = a[:80] % 3
    table = np.histogram2d(a, b, bins=[np.arange(5), np.arange(4)])[0].astype(int)
    assert cramers_v(a, b) == pytest.approx(association(table, method="cramer"))


def test_dependence_is_r_of_numbers_and_v_of_others():
    x, y = rows(300, 0), rows(200, 1)
    data, samples = dependence(x, y)
    assert data[0, 1] == pytest.approx(np.corrcoef(x[0].cells, x[1].cells)[0, 1])
    assert samples[2, 3] == pytest.approx(1.0)
    assert (data == data.T).all()
    assert data.diagonal().tolist() == [1.0] * 4
