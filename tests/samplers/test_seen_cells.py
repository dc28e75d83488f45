"""Samplers of seen cells: trees beside scikit-learn's own, the copula's closed form, columns by themselves."""

import numpy as np
import pandas as pd
import pytest
import torch
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

import pushforward as pf
from pushforward.errors import Refused
from pushforward.spaces import Batch, Columns, OneOf, Real

DRAW = np.random.default_rng(0)
N = 600
SPACE = Columns((Real("a"), OneOf("b", ("x", "y", "z")), OneOf("c missing", ("no", "yes")), Real("c", absent=True)))


def table():
    a = DRAW.normal(size=N)
    b = np.where(a > 0, "x", np.where(DRAW.random(N) < 0.5, "y", "z"))
    c = np.where(b == "y", np.nan, a + DRAW.normal(size=N) / 10)
    return pd.DataFrame({"a": a, "b": b, "c": c})


TABLE = table()
DATA = pf.data.load(TABLE)


def fitted(name, data=DATA, **options):
    game = getattr(pf.recipes, name)(data.space, **options)
    game.prepare(data.train)
    return game.sampler


def test_leaves_are_those_of_scikit_learn():
    g, x = fitted("cart"), DATA.train.all().x
    numbers = g.numbers(x)
    for j, kind in ((1, DecisionTreeClassifier), (2, DecisionTreeRegressor)):
        target = numbers[:, j].double().numpy()
        there = target > -1e30
        target[~there] = target[there].min() - target[there].std(ddof=1)
        theirs = kind(min_samples_leaf=5, random_state=0).fit(numbers[:, :j], target).apply(numbers[:, :j].numpy())
        ours = g.leaves(j, numbers[:, :j])
        assert np.array_equal(pd.factorize(theirs)[0], pd.factorize(ours.numpy())[0])
        for leaf in ours.unique():
            first, end = g.spans[leaf]
            assert set(g.sorted[j][first:end].tolist()) == set((ours == leaf).nonzero()[:, 0].tolist())


def test_a_chain_of_trees_knows_which_columns_hang_together():
    rows = DATA.codec.decode(Batch(fitted("cart")(4000).x))
    assert rows["c"].isna().equals(rows["b"] == "y")
    assert ((rows["a"] > 0) == (rows["b"] == "x")).mean() > 0.99
    assert rows[["a", "c"]].corr().iloc[0, 1] > 0.98
    for name in ("a", "b"):
        assert set(rows[name]) <= set(DATA.codec.decode(DATA.train.all())[name])


def test_the_first_columns_are_those_that_are_named():
    g = pf.recipes.cart(SPACE, first="c, b").sampler
    assert [g.blocks[column[-1]].name for column in g.order] == ["c", "b", "a"]
    with pytest.raises(Refused, match="first of cart must name columns of the data, got 'd'"):
        pf.recipes.cart(SPACE, first="d")


def test_independent_columns_have_the_margins_and_nothing_else():
    rows = DATA.codec.decode(Batch(fitted("independent")(20_000).x))
    train = DATA.codec.decode(DATA.train.all())
    assert abs(rows["a"].mean() - train["a"].mean()) < 5 * train["a"].std() / 20_000**0.5
    assert abs((rows["b"] == "x").mean() - (train["b"] == "x").mean()) < 5 * 0.5 / 20_000**0.5
    assert abs(rows[["a", "c"]].corr().iloc[0, 1]) < 5 / 20_000**0.5 * 1.5


def test_a_copula_has_the_correlations_of_a_normal_law_and_its_margins():
    c = np.array([[1.0, 0.8, -0.3], [0.8, 1.0, 0.0], [-0.3, 0.0, 1.0]])
    x = np.random.default_rng(1).multivariate_normal(np.zeros(3), c, 4000)
    frame = pd.DataFrame({"a": np.exp(x[:, 0]), "b": x[:, 1] ** 3, "c": x[:, 2]})
    data = pf.data.load(frame)
    rows = data.codec.decode(Batch(fitted("copula", data)(20_000).x))
    back = np.stack([np.log(rows["a"]), np.cbrt(rows["b"]), rows["c"]], 1)
    assert np.allclose(np.corrcoef(back.T), c, atol=5 / 2800**0.5)
    assert rows["a"].isin(np.float64(frame["a"])).mean() > 0 or np.isclose(
        np.sort(rows["a"].unique())[:, None], np.sort(frame["a"])[None, :], rtol=1e-5).any(1).all()  # fmt: skip


def test_a_copula_has_the_correlations_behind_cells_of_two_values():
    r = 0.8
    x = np.random.default_rng(2).multivariate_normal(np.zeros(2), [[1.0, r], [r, 1.0]], 4000)
    data = pf.data.load(pd.DataFrame({"a": (x[:, 0] > 0) * 2.5, "b": np.where(x[:, 1] > 0, "high", "low")}))
    c = (lambda root: root @ root.T)(fitted("copula", data).root)[0, 1]
    p = 0.5 + np.arcsin(r) / np.pi  # of both on one side of 0, whose error is that of a share: r = sin(π(p − ½))
    assert abs(abs(c) - r) < 5 * np.pi * np.sqrt(1 - r**2) * np.sqrt(p * (1 - p) / len(data.train))


def test_a_copula_orders_levels_by_what_goes_with_them():
    a = np.random.default_rng(3).normal(size=3000)
    names = np.array(["m", "z", "a", "k", "b"])  # from the lowest a to the highest
    level = names[np.searchsorted([-1.2, -0.4, 0.4, 1.2], a)]
    rows = pf.data.load(pd.DataFrame({"a": a, "level": level}))
    drawn = rows.codec.decode(Batch(fitted("copula", rows)(4000).x))
    middles = drawn.groupby("level")["a"].mean()
    assert list(middles.sort_values().index) == list(names)
    place = drawn["level"].map({name: i for i, name in enumerate(names)})
    assert np.corrcoef(drawn["a"].rank(), place)[0, 1] > 0.9  # in the data 0.95; by the alphabet below 0.3


@pytest.mark.parametrize("name", ["cart", "copula"])
def test_classes_are_columns_that_come_first(name):
    data = pf.data.load(TABLE.assign(kind=np.where(TABLE["a"] > 0, "up", "down")), labels="kind")
    g = fitted(name, data)
    c = 1.0 if name == "cart" else abs(float((g.root @ g.root.T)[0, 1]))
    assert c > 0.9  # the label is the sign of a
    right = 0.995 if name == "cart" else 0.5 + np.arcsin(c) / np.pi
    for label, sign in ((0, -1), (1, 1)):
        rows = data.codec.decode(Batch(g(2000, torch.full((2000,), label)).x))
        assert abs((np.sign(rows["a"]) == sign).mean() - right) < 5 * (0.5 / 2000**0.5 + 0.25 / len(data.train) ** 0.5)


@pytest.mark.parametrize("name", ["cart", "copula", "independent"])
def test_a_run_is_fitted_in_one_turn_and_loaded_again(name, tmp_path):
    game = getattr(pf.recipes, name)(DATA.space)
    run = pf.fit(game, DATA, run=tmp_path / "r", quiet=True, verdict=False, examples=False)
    assert run.folder.checkpoints.load_last().turn == 1
    again = pf.load(run.path)
    assert again.sample(50, seed=1).equals(run.sample(50, seed=1))
    assert again.sample(50, seed=1)["a"].nunique() > 20
    assert list(again.sample(5)) == ["a", "b", "c"]
    assert (again.sample(30, where="b == 'x'")["b"] == "x").all()
