"""Rows that are given in part are completed by table-cdf: what is given stays, the rest has the conditional law."""

import numpy as np
import pandas as pd
import pytest
import torch

import pushforward as pf
from pushforward.errors import Refused
from pushforward.samplers import TableCDF
from pushforward.samplers.table_cdf import Asked
from pushforward.spaces import OneOf


def table(n=3000, seed=0):
    draw = np.random.default_rng(seed)
    sex = draw.choice(["F", "M"], n)
    paid = np.where(draw.random(n) < np.where(sex == "F", 0.9, 0.2), "yes", "no")
    income = np.where(draw.random(n) < 0.2, np.nan, np.round(draw.normal(np.where(paid == "yes", 50, 20), 2), 1))
    town = pd.Series(np.where(draw.random(n) < 0.1, None, np.where(sex == "F", "Rome", "Oslo")))
    return pd.DataFrame({"id": np.arange(n), "sex": sex, "paid": paid, "income": income, "town": town})


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    data = pf.data.load(table())
    game = pf.recipes.table_cdf(data.space, width=64)
    return pf.fit(game, data, steps=300, run=tmp_path_factory.mktemp("c") / "r", verdict=False, quiet=True)


def test_missing_cells_are_drawn_given_the_others_also_those_that_come_later(run, tmp_path):
    given = table(2000, 1).assign(sex=lambda t: t["sex"].where(np.arange(2000) % 2 == 0, None))
    given.to_csv(tmp_path / "holes.csv", index=False)
    pf.sample(run.path, given=tmp_path / "holes.csv", out=tmp_path / "whole.csv", seed=1)
    whole = pd.read_csv(tmp_path / "whole.csv")
    assert whole.notna().all(axis=None)
    for name in ("sex", "paid", "income", "town"):
        there = given[name].notna().to_numpy()
        assert whole[name][there].tolist() == given[name][there].tolist()
    drawn = whole[given["sex"].isna() & given["town"].notna()]
    assert ((drawn["sex"] == "F") == (drawn["town"] == "Rome")).mean() > 0.97  # town comes after sex in the order
    drawn = whole[given["income"].isna()]
    assert (np.abs(drawn["income"] - np.where(drawn["paid"] == "yes", 50, 20)) < 10).mean() > 0.95


def test_columns_that_come_first_need_one_draw_each(run, capsys):
    drawn = run.sample(2000, given={"sex": ["F", "M"]})
    assert "completed by" not in capsys.readouterr().err
    assert drawn["sex"].tolist() == ["F", "M"] * 1000
    assert abs((drawn["paid"][::2] == "yes").mean() - 0.9) < 0.06
    assert drawn["income"].isna().any(), "a column that is not given may be missing as in the data"
    assert run.sample(2000, given={"sex": ["F", "M"]}).equals(drawn)


def test_weights_are_the_likelihood_of_the_given_cells():
    """Of two binary columns p(first | second) is p(first) times the weight, by the network's own masses."""
    torch.manual_seed(0)
    blocks = (OneOf("a", ("x", "y")), OneOf("b", ("x", "y")))
    g = TableCDF(blocks, (0, 1), width=8).eval()
    points = torch.tensor([[1.0, 0, 1, 0], [1, 0, 0, 1], [0, 1, 1, 0], [0, 1, 0, 1]])
    p = g.log_prob(pf.spaces.Batch(points)).exp().detach()
    asked = Asked(torch.tensor([[False, True]]).expand(4000, 2), {})
    with torch.no_grad():
        y, log = g.completed(points[1].expand(4000, 4), torch.rand(4000, 2, dtype=torch.float64), asked)
    share = log.exp()[y[:, 0] > 0].sum() / log.exp().sum()
    assert abs(share - p[1] / (p[1] + p[3])) < 5 * 0.5 / 4000**0.5 + 1e-3  # the floor's share
    assert (y[:, 3] == 1).all()


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"sexx": ["F"]}, "--given has a column 'sexx', which the data have not; did you mean 'sex'"),
        ({"id": [3]}, "not all, got none"),
        ({"sex": ["F"], "paid": ["yes"], "income": [20.0], "town": ["Rome"]}, "not all, got all"),
        ({"sex": ["X"]}, "'sex' of the table holds 'X', which is none of the levels"),
    ],
)
def test_what_cannot_be_completed_is_refused(run, given, said):
    with pytest.raises(Refused, match=said):
        run.sample(given=given)


def test_classes_are_given_asked_for_or_found(tmp_path):
    data = pf.data.load(table(), labels="sex")
    game = pf.recipes.table_cdf(data.space, width=64)
    run = pf.fit(game, data, steps=200, run=tmp_path / "r", verdict=False, quiet=True)
    assert run.sample(given={"sex": ["F", "M"], "town": ["Rome", None]})["sex"].tolist() == ["F", "M"]
    assert set(run.sample(20, given={"town": ["Rome"]}, label="M")["sex"]) == {"M"}
    assert (run.sample(200, given={"town": ["Rome"]})["sex"] == "F").mean() > 0.8
    with pytest.raises(Refused, match="has the class 'sex' of some rows"):
        run.sample(given={"sex": ["F", None], "town": ["Rome", "Oslo"]})
