"""The page of a table: heat maps, rules and audit, missing numbers as such, dates as dates, cells that are marked."""

import numpy as np
import pandas as pd
import pytest

import pushforward as pf
from pushforward.report.examples import examples, witnesses
from pushforward.report.figures.dates import DAY, Scale
from pushforward.report.judgement_page import Judged
from pushforward.report.sections.table import audit, dependence, rules


def rows(n, seed):
    draw = np.random.default_rng(seed)
    age, level = draw.integers(20, 60, n).astype(float), draw.integers(0, 3, n)
    age[draw.random(n) < 0.1] = np.nan
    day = pd.Timestamp("2024-02-01") + pd.to_timedelta(draw.integers(0, 90, n), unit="D")
    return pd.DataFrame({"age": age, "job": np.array(["cook", "nurse", "smith"])[level], "grade": level, "day": day})


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    path = tmp_path_factory.mktemp("page") / "p.html"
    fake = rows(300, 1).assign(grade=0)
    found = pf.score(rows(300, 0), fake, train=rows(200, 2), metrics="detection,shape,trend", report=path)
    return found, path.read_text()


def test_the_page_of_a_table_has_its_sections(page):
    found, text = page
    for anchor in ("columns", "rules", "audit", "misses"):
        assert f'id="{anchor}"' in text
    assert "job decides grade" in text
    assert text.count("dependence of columns, ") == 3
    assert "<mark>" in text
    assert "age missing" not in text  # it is the number that is missing
    assert found.sentences["rules"].startswith(
        "Of 6 rules that all rows of the data keep, samples break job decides grade"
    )


def test_sections_are_nothing_without_their_arrays_and_verdicts():
    empty = Judged({}, {})
    assert not dependence(empty)
    assert not rules(empty)
    assert not audit(empty)


PANELS = {
    "data_examples": np.array([[1.0, 7.0, 0.0], [0.0, 8.0, 3.0]]),
    "sample_examples": np.array([[0.0, 9.0, 1.0]]),
    "columns": np.array(["a missing", "a", "day"]),
    "levels": np.array([["no", "yes"], ["", ""], ["", ""]]),
    "dates": np.array([["", ""], ["", ""], ["2024-02-28T00:00:00", str(DAY)]]),
    "missed_examples": np.array([[1.0, 7.0, 2.0]]),
    "missed_cells": np.array([[0.1, 5.0]]),
    "cell_columns": np.array(["a", "day"]),
    "over_examples": np.zeros((0, 3)),
}


def test_numbers_are_missing_where_their_indicators_say_so_and_dates_are_dates():
    shown = examples(PANELS)
    assert shown.names == ("a", "day")
    assert shown.listing().count("<td>–</td>") == 1
    assert "<td>2024-02-28</td>" in shown.listing()
    assert "<td>2024-03-02</td>" in shown.listing()
    assert "a (missing: 50 %, of the samples 0 %)" in shown.beside()


def test_cells_that_double_the_odds_are_marked():
    shown, (missed, over) = examples(PANELS), witnesses(PANELS)
    assert missed.telling == (("day",),)
    assert over.telling == ()
    assert "<mark>2024-03-01</mark>" in shown.witness(missed, over)
    assert shown.witness(missed, over).count("<mark>") == 1


def test_times_within_a_day_keep_their_hours():
    assert Scale.read("2024-02-28T10:00:00", str(DAY // 24)).text(3.0) == "2024-02-28 13:00:00"
    assert Scale.read("", "") is None
