"""The first screen and the order of a page: looks, grade, gauges; nothing twice; rounded rows; wide tables."""

import re

import numpy as np
import pytest

from pushforward.report import judgement, report
from pushforward.report.examples.rows import decimals
from pushforward.report.sections.scores import place

LAYER = {"largest": 2.0, "stable_rank": 3.1, "size": 8, "condition": 4.0, "lost": 0.0, "shares": [1.0, 0.5, 0.2]}


def verdict_with(run, **sentences):
    """The run, its verdict having more sentences."""
    found = run.read_json("verdict.json")
    run.write_json("verdict.json", found | {"sentences": found["sentences"] | sentences})
    return run


@pytest.fixture(params=["images", "points", "rows"])
def run(request):
    return request.getfixturevalue(request.param)


def test_what_samples_look_like_comes_first_then_how_good_they_are_and_the_rest_is_folded(images):
    images.append_jsonl("diagnostics.jsonl", {"turn": 9, "alarm": None, "layers": {"a": LAYER}})
    found = verdict_with(images, state="Turn 9 of 9 is judged.", copies="No copies.", classes="All classes.")
    page = report(found.path).read_text(encoding="utf-8")
    order = [
        "samples",
        "scores",
        "state",
        "misses",
        "classes",
        "copies",
        "progress",
        "curves",
        "critic",
        "spaces",
        "verdict",
    ]
    assert re.findall(r'<section id="(\w+)"', page) == [*order, "call", "environment"]
    assert (
        page.index('id="samples"') < page.index('class="bar"') < page.index("p = 0.31") < page.index('class="gauges"')
    )
    folded = re.findall(r'<section id="(\w+)" class="folded"><details>', page)
    assert folded == ["critic", "spaces", "verdict", "call", "environment"]


def test_nothing_is_shown_twice(run):
    """No picture, figure, table or sentence of the verdict stands on the page of a run for a second time."""
    verdict_with(run, state="Turn 9 of 9 is judged.", copies="No copies.", places="Here.", floors="All near.")
    page = report(run.path).read_text(encoding="utf-8")
    images = re.findall(r'src="data:[^"]*"', page)
    tables = re.findall(r"<tbody>.*?</tbody>", page)
    assert len(set(images)) == len(images) > 0
    assert len(set(tables)) == len(tables)
    for sentence in ("Turn 9 of 9 is judged.", "No copies.", "Here.", "All near.", "Measured on 270 rows."):
        assert page.count(sentence) == 1
    assert page.count("a guess") == 1
    assert "What was found" not in page


def test_an_older_verdict_is_shown_in_its_own_words(images, made):
    older = {key: value for key, value in made.verdict().items() if key not in ("grade", "sentences")}
    images.write_json("verdict.json", older | {"verdict": "One thing.\nAnother."})
    page = report(images.path).read_text(encoding="utf-8")
    assert ">Not told apart</h2>" in page
    assert "No grade was given" in page
    assert "<li>One thing.</li><li>Another.</li>" in page.partition("What was found")[2]


def test_a_gauge_runs_from_the_worst_to_what_the_data_get(tmp_path, generator, made):
    """Precision 0.931 of 0 to 0.95 is 98.0 % of the way; MMD² of 0.00021 over a floor of 0.0001 and below 0.16 is at
    1 − √(0.00011/0.1599) = 97.4 %, since it is a square."""
    page = judgement(made.verdict(), made.image_panels(generator), tmp_path / "page.html").read_text(encoding="utf-8")
    filled = re.findall(r'class="filled" style="width: ([\d.]+)%"', page)
    assert filled == ["97.4", "98.0"]
    assert place(-1.0, 0.0, 1.0, root=True) == 1
    assert place(2.0, 0.0, 1.0, root=True) == 0
    assert "precision 0.931, between 0 of the poorest samples and 0.950 of the data" in page


def test_the_bar_says_where_samples_stand_to_those_who_hear_it(points):
    page = report(points.path).read_text(encoding="utf-8")
    assert 'role="img" aria-label="close, on a scale from broken to not distinguishable"' in page
    assert page.count('<span class="here">') == 1


def test_rows_are_rounded_as_the_data_are(tmp_path, generator, made):
    years, prices = generator.integers(1990, 2024, 50), generator.uniform(1, 9, 50).round(2)
    data = np.stack([years, prices, generator.normal(size=50) / 7], 1).astype(np.float32)
    samples = data.astype(np.float64) + np.array([0.4, 0.001, 1e-9])
    panels = {"data_examples": data, "sample_examples": samples, "columns": np.array(["year", "price", "share"])}
    page = report(made.write(tmp_path / "run", panels, "Columns").path).read_text(encoding="utf-8")
    listed = page.partition('aria-label="first rows of the samples"')[2].partition("</table>")[0]
    cells = re.findall(r"<td>(.*?)</td>", listed)
    assert len(cells) == 8 * 3
    assert cells[0] == str(years[0])
    assert cells[1] == f"{prices[0]:.2f}"
    # a spread of about 1/7 has its first digit in the first place, so three digits are three decimals
    assert cells[2] == f"{data[0, 2]:.3f}".replace("-", "\u2212")


@pytest.mark.parametrize(
    ("column", "places"),
    [([1.0, 2.0], 0), ([0.5, 2.0], 1), ([37.88, 1.5], 2), ([8.3252, 7.2574], 4), ([1e6 / 3, 2e6 / 3], 0),
     ([1 / 3, 2 / 3], 3), ([np.nan, np.inf], 0), ([0.25, 0.25], 2)],
)  # fmt: skip
def test_decimals_are_those_that_were_written(column, places):
    assert decimals(np.array(column)) == places


def test_wide_tables_say_that_they_scroll(rows, tmp_path, generator, made):
    few = report(rows.path).read_text(encoding="utf-8")
    assert few.count('class="table medium"') == few.count("<table>")
    x = generator.normal(size=(30, 40))
    many = report(made.write(tmp_path / "run", {"data_examples": x, "sample_examples": x}).path).read_text()
    assert many.count('class="table wide"') == many.count('<p class="swipe"') == 2
