"""Constraints that are given: read from a text, refused where no row keeps them, kept by samples of every kind."""

import numpy as np
import pandas as pd
import pytest

import pushforward as pf
from pushforward.data.codecs.rules import Bound, Order
from pushforward.errors import Refused
from pushforward.verbs.conditions import conditions_of
from pushforward.verbs.constraints import Unique, constraints_of
from pushforward.verbs.contradictions import refuse_contradictions

DRAW = np.random.default_rng(0)
N = 600
PLACED = pd.Timestamp("2024-01-01") + pd.to_timedelta(DRAW.integers(0, 200, N), "D")
COUNTRY = DRAW.choice(["FR", "DE", "IT"], N)
TABLE = pd.DataFrame(
    {
        "country": COUNTRY,
        "town": [f"{c}{k}" for c, k in zip(COUNTRY, DRAW.integers(0, 2, N), strict=True)],
        "age": DRAW.integers(18, 90, N),
        "low": DRAW.normal(size=N),
        "high": DRAW.normal(size=N) + 1,
        "placed": PLACED.strftime("%d.%m.%Y"),
        "paid": (PLACED + pd.to_timedelta(DRAW.integers(-20, 60, N), "D")).strftime("%Y-%m-%d"),
    }
)
DATA = pf.data.load(TABLE)
WHOLE = "low < high and placed <= paid and 20 <= age and fixed(country, town) and unique(age, town)"


def read(text):
    return constraints_of(text, DATA.codec, lambda: TABLE)


def kept(frame):
    placed, paid = pd.to_datetime(frame["placed"], format="%d.%m.%Y"), pd.to_datetime(frame["paid"])
    alike = frame["town"].astype(str).str[:2] == frame["country"]
    return (frame["low"] < frame["high"]) & (placed <= paid) & (frame["age"] >= 20) & alike


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    game, path = pf.recipes.independent(DATA.space), tmp_path_factory.mktemp("constraints") / "r"
    return pf.fit(game, DATA, run=path, verdict=False, quiet=True)


def test_what_a_text_says():
    found = read(WHOLE)
    assert found.rules[:2] == (Order("low", "high", strict=True), Order("placed", "paid"))
    assert [str(c) for c in found.conditions] == ["age >= 20"]
    assert found.rules[3].held == set(zip(TABLE["country"], TABLE["town"], strict=True))
    assert found.unique == (Unique(("age", "town")),)
    assert read("high > low").rules == read("low < high").rules


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("start <= end", "names no column of the data: 'start'"),
        ("low ==", "takes constraints such as start <= end"),
        ("low == high", "takes constraints such as start <= end"),
        ("fixed(country)", "takes constraints such as start <= end"),
        ("sum(country, town)", "takes constraints such as start <= end"),
        ("unique(3)", "takes constraints such as start <= end"),
        ("low <= country", "'country' holds others"),
        ("low <= placed", "one of which holds dates"),
        ("placed >= 'noon'", "a column of dates, with 'noon'"),
    ],
)
def test_what_is_refused(text, said):
    with pytest.raises(Refused, match=said):
        read(text)


@pytest.mark.parametrize(
    ("where", "constraints", "said"),
    [
        ("age > 60", "age < 50", "no row meets age > 60 and age < 50, which contradict each other"),
        ("age > 60", "age <= 60", "age > 60 and age <= 60"),
        ("age in [20, 30]", "age > 30", "age > 30 and age in \\[20, 30\\]"),
        ("low > 3", "low <= high and high < 3", "low > 3, low <= high and high < 3"),
        ("low > 3", "low < high and high <= age and age <= 3", "low > 3, low < high, high <= age and age <= 3"),
        ("age > 0", "low < high and high <= low", "low < high and high <= low"),
        ("placed > '2024-03-01'", "placed <= paid and paid < '2024-02-01'", "placed <= paid and paid < '2024-02-01'"),
        ("age is None and age > 3", "low < high", "age is None is met by no row: no cell of .age. is missing"),
        ("country == 'FR' and country == 'DE'", "low < high", "met by no value of 'country' in the data; it holds DE"),
        ("country == 'UK'", "low < high", "country == 'UK' is met by no value of 'country' in the data"),
        ("age < -1", "low < high", "age >= 0 and age < -1"),
    ],
)
def test_contradictions_are_named(where, constraints, said):
    asked, rules = conditions_of(where, DATA.codec.names), read(constraints)
    orders = [rule for rule in rules.rules if isinstance(rule, Order)]
    with pytest.raises(Refused, match=said):
        refuse_contradictions(DATA.codec, (*asked, *rules.conditions), orders, [Bound("age", 0.0)])


def test_what_can_be_met_is_not_refused():
    asked = conditions_of("60 <= age <= 60 and placed >= '2024-02-01' and low >= 3", DATA.codec.names)
    refuse_contradictions(DATA.codec, asked, read("low <= high and high <= low and high <= 3").rules[:2])


def test_samples_keep_them_and_the_acceptance_is_said(run, capsys):
    assert kept(run.sample(200)).mean() < 0.5
    drawn = run.sample(200, constraints=WHOLE)
    assert kept(drawn).all()
    assert not drawn.duplicated(["age", "town"]).any()
    assert f"samples keep {WHOLE.replace('20 <= age', 'age >= 20')}" in capsys.readouterr().err
    with pytest.raises(Refused, match="unique\\(country\\) is kept by 3 of"):
        run.sample(50, constraints="unique(country)")


def test_beside_conditions_and_balance(run):
    drawn = run.sample(100, where="country == 'FR' and placed >= '2024-03-01'", constraints=WHOLE)
    assert kept(drawn).all()
    assert (drawn["country"] == "FR").all()
    assert (pd.to_datetime(drawn["placed"], format="%d.%m.%Y") >= "2024-03-01").all()
    drawn = run.sample(90, balance="country", constraints=WHOLE)
    assert kept(drawn).all()
    assert drawn["country"].value_counts().tolist() == [30, 30, 30]


def test_completed_rows_keep_them(tmp_path, capsys):
    game = pf.recipes.table_cdf(DATA.space, width=32)
    run = pf.fit(game, DATA, steps=5, run=tmp_path / "r", verdict=False, quiet=True)
    given = pd.DataFrame({"country": ["FR", "DE", "IT"], "low": [0.5, None, -0.5]})
    drawn = run.sample(60, given=given, constraints=WHOLE)
    assert kept(drawn).all()
    assert drawn["country"].tolist() == ["FR", "DE", "IT"] * 20
    assert np.allclose(drawn["low"][::3], 0.5, atol=1e-6)
    said = capsys.readouterr().err
    assert "% of 60 completed rows keep" in said
    assert said.count("Rows are completed by") == 1
    with pytest.raises(Refused, match="row 1 of --given, counted from 0, breaks age >= 20, and 0 others"):
        run.sample(given=pd.DataFrame({"age": [30, 19]}), constraints=WHOLE)
    with pytest.raises(Refused, match="row 0 of --given, counted from 0, has no completion"):
        run.sample(given=pd.DataFrame({"low": [0.5]}), constraints="high < -50")


def test_rare_levels_are_not_held_together():
    town = [f"t{k}" for k in DRAW.integers(0, 300, N)]
    data = pf.data.load(TABLE.assign(town=town))
    with pytest.raises(Refused, match="cannot hold fixed on .town., whose .* rare levels"):
        constraints_of("fixed(country, town)", data.codec, lambda: TABLE)


def test_conditions_on_dates_by_other_recipes(run):
    drawn = run.sample(100, where="placed >= '2024-05-01'")
    assert (pd.to_datetime(drawn["placed"], format="%d.%m.%Y") >= "2024-05-01").all()
