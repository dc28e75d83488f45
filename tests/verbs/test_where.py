"""Samples of a table that meet conditions: all do, with the law given them, by weights and by throwing away."""

import numpy as np
import pandas as pd
import pytest
import torch

import pushforward as pf
from pushforward.errors import Refused
from pushforward.verbs.conditions import Condition, conditions_of

COLUMNS = ["age", "home town", "sex", "income"]


class TestConditions:
    @pytest.mark.parametrize(
        ("text", "met"),
        [
            ("age > 60", [False, True, False, True]),
            ("60 < age", [False, True, False, True]),
            ("30 < age <= 70", [False, True, False, False]),
            ("age in [30, 80]", [True, False, False, True]),
            ("age != 70", [True, False, False, True]),
            ("age is None", [False, False, True, False]),
            ("age == None", [False, False, True, False]),
            ("age is not None and age < 75", [True, True, False, False]),
            ("`age` == 70.0", [False, True, False, False]),
        ],
    )
    def test_on_numbers(self, text, met):
        found = conditions_of(text, COLUMNS)
        assert np.all([c.meets([30.0, 70.0, None, 80.0]) for c in found], axis=0).tolist() == met

    def test_on_texts_and_names_with_blanks(self):
        (one, other) = conditions_of("`home town` == 'Rome' and sex not in ['F']", COLUMNS)
        assert (one.column, other.column) == ("home town", "sex")
        assert one.meets(["Rome", "Oslo", None]).tolist() == [True, False, False]
        assert other.meets(["F", "M", None]).tolist() == [False, True, False]

    @pytest.mark.parametrize(
        ("text", "said"),
        [
            ("age >", "takes conditions such as age > 60"),
            ("age > 60 or age < 3", "takes conditions such as age > 60"),
            ("aeg > 60", "no column of the data: 'aeg'; did you mean 'age'"),
            ("age > income", "compares columns with values"),
            ("__import__('os')", "takes conditions such as age > 60"),
            ("age > __import__('os')", "compares columns with values"),
        ],
    )
    def test_what_is_refused(self, text, said):
        with pytest.raises(Refused, match=said):
            conditions_of(text, COLUMNS)

    def test_values_of_another_kind(self):
        with pytest.raises(Refused, match="compares column 'sex' with 3"):
            Condition("sex", __import__("ast").Gt, 3).meets(["F", "M"])


def table(n=3000, seed=0):
    draw = np.random.default_rng(seed)
    sex = draw.choice(["F", "M"], n)
    age = draw.integers(18, 90, n)
    income = np.round(draw.lognormal(np.where(sex == "F", 8.0, 8.5), 0.5), 2)
    paid = np.where(draw.random(n) < age / 100, "yes", "no")
    return pd.DataFrame(
        {"sex": sex, "age": age, "income": np.where(draw.random(n) < 0.2, np.nan, income), "paid": paid}
    )


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    data = pf.data.load(table())
    game = pf.recipes.table_cdf(data.space, width=64)
    return pf.fit(game, data, steps=300, run=tmp_path_factory.mktemp("where") / "r", verdict=False, quiet=True)


@pytest.mark.parametrize(
    ("text", "meets"),
    [
        ("age > 60", lambda t: t["age"] > 60),
        ("age >= 60 and sex == 'F'", lambda t: (t["age"] >= 60) & (t["sex"] == "F")),
        ("income < 2000", lambda t: t["income"] < 2000),
        ("2000 <= income <= 2500.5", lambda t: t["income"].between(2000, 2500.5)),
        ("income is None and paid == 'yes'", lambda t: t["income"].isna() & (t["paid"] == "yes")),
        ("age in [20, 30] and income is not None", lambda t: t["age"].isin([20, 30]) & t["income"].notna()),
    ],
)
def test_all_samples_meet_them_and_their_share_is_that_of_all_samples(run, text, meets, capsys):
    drawn = run.sample(500, seed=3, where=text)
    assert len(drawn) == 500
    assert meets(drawn).all()
    said = capsys.readouterr().err
    share = float(said.split("A share of about ")[1].split(" ")[0])
    free = meets(run.sample(8000, seed=4)).mean()
    assert share == pytest.approx(free, abs=5 * (free * (1 - free) / 8000) ** 0.5 + 0.1 * free)


def test_the_law_given_a_condition_is_that_of_the_samples_that_meet_it(run):
    drawn = run.sample(3000, seed=1, where="paid == 'yes'")
    free = run.sample(12_000, seed=2)
    free = free[free["paid"] == "yes"]
    error = (drawn["age"].std() ** 2 / 3000 + free["age"].std() ** 2 / len(free)) ** 0.5
    assert abs(drawn["age"].mean() - free["age"].mean()) < 6 * error


def test_a_balanced_column(run):
    drawn = run.sample(301, balance="paid")
    assert sorted(drawn["paid"].value_counts()) == [150, 151]
    with pytest.raises(Refused, match="column of levels, got 'age'"):
        run.sample(10, balance="age")
    with pytest.raises(Refused, match="names no column of the data: 'piad'"):
        run.sample(10, balance="piad")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("age > 200", "met by no value of 'age' in the data; it holds numbers from 18 to 89"),
        ("sex == 'X'", "met by no value of 'sex' in the data; it holds F, M"),
        ("age > 'x'", "compares 'age', a column of numbers, with a text"),
        ("age is None", "age is None is met by no row: no cell of 'age' is missing"),
        ("income == 2000.123", "met by no value of 'income'"),
        ("income > 2000 and income < 2000", "no row meets income > 2000 and income < 2000"),
    ],
)
def test_what_cannot_be_met_is_refused(run, text, said):
    with pytest.raises(Refused, match=said):
        run.sample(10, where=text)


def test_beside_other_wishes_they_are_refused(run):
    with pytest.raises(Refused, match="--where and --balance say all"):
        run.sample(10, where="age > 60", balance="sex")


def test_other_recipes_throw_samples_away(tmp_path, capsys):
    data = pf.data.load(table(400))
    run = pf.fit(pf.recipes.gram(data.space), data, steps=2, run=tmp_path / "r", verdict=False, quiet=True)
    level = run.sample(200)["sex"].mode()[0]
    drawn = run.sample(50, where=f"sex == {level!r}")
    assert set(drawn["sex"]) == {level}
    assert "the others are thrown away" in capsys.readouterr().err
    with pytest.raises(Refused, match="is met by 0 of"):
        run.sample(50, where="age > 500")


def test_classes_are_columns_like_any_other(tmp_path):
    data = pf.data.load(table(600), labels="sex")
    run = pf.fit(
        pf.recipes.table_cdf(data.space, width=16), data, steps=5, run=tmp_path / "r", verdict=False, quiet=True
    )
    assert set(run.sample(100, where="sex == 'F' and age > 30")["sex"]) == {"F"}
    assert run.sample(100, balance="sex")["sex"].value_counts().tolist() == [50, 50]


def test_weights_are_the_masses_of_what_is_kept():
    """The mean weight of an untrained network is the probability of the part under its own law, here by counting."""
    from pushforward.samplers.digits import Kept

    torch.manual_seed(0)
    x = torch.cat([torch.randn(3000, 1), torch.nn.functional.one_hot(torch.randint(0, 3, (3000,)), 3).float()], 1)
    g = pf.recipes.table_cdf(
        pf.data.load(pd.DataFrame({"a": x[:, 0], "b": list("xyz") * 1000})).space, width=16
    ).sampler
    g.prepare(pf.spaces.Batch(x))
    for p in g.parameters():
        p.data.add_(0.3 * torch.randn_like(p))
    g.eval()
    low, high = g.columns[0].ends()
    part = g.columns[0].kept(((0.4 - low) / (high - low)).clamp(0, 1), torch.ones_like(low))
    levels = Kept(g.columns[1], torch.tensor([1.0, 0.0, 1.0]))
    with torch.no_grad():
        y, log = g.weighted(g.draw_noise(20_000), {0: part, 1: levels})
        free = g(40_000).x
    assert y[:, 0].min() >= 0.4 - 1e-5
    assert (y[:, 2] == 0).all()
    share = ((free[:, 0] >= 0.4) & (free[:, 2] == 0)).float().mean()
    assert float(log.exp().mean()) == pytest.approx(float(share), abs=0.015)


def test_rare_levels_are_asked_for_together_or_not_at_all(tmp_path):
    draw = np.random.default_rng(0)
    towns = np.array([*["Rome"] * 400, *["Oslo"] * 200, *[f"town {i // 2}" for i in range(200)]])[draw.permutation(800)]
    data = pf.data.load(pd.DataFrame({"town": towns, "x": draw.normal(size=800), "id": np.arange(800)}))
    run = pf.fit(
        pf.recipes.table_cdf(data.space, width=16), data, steps=20, run=tmp_path / "r", verdict=False, quiet=True
    )
    assert (run.sample(50, where="town == 'Rome'")["town"] == "Rome").all()
    assert set(run.sample(50, where="town not in ['Rome', 'Oslo']", drop_index=True)) == {"town", "x"}
    with pytest.raises(Refused, match="met by 1 of 100 rare levels of 'town', .* frequent ones: Oslo, Rome"):
        run.sample(50, where="town == 'town 3'")
    with pytest.raises(Refused, match="column of levels, got 'town', which holds numbers or rare"):
        run.sample(50, balance="town")
    told = pf.runs.plain_values.read_json(tmp_path / "r" / "columns.json")
    assert [c["type"] for c in told] == ["levels", "number", "row numbers"]
    run.write_samples(tmp_path / "a.csv", 5, drop_index=True)
    assert list(pd.read_csv(tmp_path / "a.csv")) == ["town", "x"]
