"""What can be learnt from samples: scikit-learn's scores of the same trees, resampled errors, known laws."""

import numpy as np
import pandas as pd
import pytest
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.metrics import r2_score, roc_auc_score

import pushforward as pf
from pushforward.errors import Refused
from pushforward.metrics import learning
from pushforward.metrics.diagnosis.learning import _explained
from pushforward.metrics.numerics.cells import Column


def rows(n, seed, linked=True):
    """A number, and a level and another number that follow from it up to noise, or do not."""
    draw = np.random.default_rng(seed)
    a = draw.normal(size=n)
    one, other = (a, a) if linked else draw.normal(size=(2, n))
    metal = np.digitize(one + 0.7 * draw.normal(size=n), [-0.5, 0.5])
    price = 2 * other + draw.normal(size=n)
    return [Column("a", a), Column("metal", metal.astype(float), ("tin", "lead", "gold")), Column("price", price)]


def test_levels_are_scored_one_against_the_others():
    """The trees' chances as scikit-learn weighs them; half of the data are tested on where no others are known."""
    x, y = rows(600, 0), rows(300, 1)
    found = learning(x, y, "metal", seed=3)
    assert found.measure == "area under the curve"
    assert (found.tested, found.trained) == (300, (300, 300))
    draw = np.random.default_rng(3)
    test = draw.permutation(600)[300:]
    draw.permutation(300)  # the training half's order
    order = draw.permutation(300)
    table = lambda z: np.stack([z[0].cells, z[2].cells], 1)
    trees = HistGradientBoostingClassifier(categorical_features=[False, False], random_state=3)
    chances = trees.fit(table(y)[order], y[1].cells[order]).predict_proba(table(x)[test])
    theirs = roc_auc_score(x[1].cells[test], chances, multi_class="ovr", average="weighted")
    assert found.from_samples == pytest.approx(theirs, abs=1e-9)


@pytest.mark.parametrize(("target", "worst", "best"), [("metal", 0.5, 0.87), ("price", 0.0, 0.8)])
def test_samples_of_the_law_teach_what_data_do_and_unlinked_ones_nothing(target, worst, best):
    """price = 2a + e has R² = 4/5 of the best judge. Twice an error of 4 sides of 2000 rows is the tolerance."""
    x, train = rows(2000, 0), rows(2000, 1)
    like, unlike = (learning(x, rows(2000, 2, linked), target, train) for linked in (True, False))
    assert like.from_samples == pytest.approx(like.from_data, abs=0.04)
    assert worst + 0.2 < like.from_data < best + 0.04
    assert unlike.from_samples < worst + 0.1
    assert unlike.from_data == like.from_data
    assert like.score().floor.value == like.from_data
    assert like.score().interval[0] < like.score().value < like.score().interval[1]


def test_the_error_of_r2_is_that_of_a_bootstrap():
    draw = np.random.default_rng(0)
    truth = draw.normal(size=400)
    told = truth + 0.8 * draw.normal(size=400)
    value, error = _explained(truth, told)
    assert value == pytest.approx(r2_score(truth, told))
    picks = [draw.integers(0, 400, 400) for _ in range(400)]
    assert error == pytest.approx(np.std([r2_score(truth[i], told[i]) for i in picks]), rel=0.15)


def test_samples_of_one_level_teach_nothing():
    x, y = rows(200, 0), rows(200, 1)
    same = [y[0], Column("metal", np.zeros(200), y[1].levels), y[2]]
    assert learning(x, same, "metal").from_samples == 0.5


def test_a_target_must_be_there_and_vary():
    x = rows(100, 0)
    with pytest.raises(Refused, match="no column of the data that is compared: 'metl'"):
        learning(x, x, "metl")
    same = [x[0], Column("metal", np.zeros(100), ("tin", "lead")), x[2]]
    with pytest.raises(Refused, match="nothing to learn"):
        learning(same, same, "metal")


def table(n, seed):
    a, metal, price = rows(n, seed)
    return pd.DataFrame({"a": a.cells, "metal": np.array(metal.levels)[metal.cells.astype(int)], "price": price.cells})


def test_score_says_what_trees_learn_of_the_target():
    found = pf.score(table(300, 0), table(300, 1), metrics="shape,tstr", target="metal")
    assert found["tstr"].better == "higher"
    assert found.to_json()["table"]["learning"]["target"] == "metal"
    assert found.sentences["learning"].startswith(
        "Trees that learn metal from 150 samples have an area under the curve"
    )
    with pytest.raises(Refused, match="no column of the data that is compared: 'medal'"):
        pf.score(table(60, 0), table(60, 1), target="medal")
    with pytest.raises(Refused, match="--target names a column of a table"):
        pf.score(np.random.default_rng(0).normal(size=(60, 2)), np.ones((60, 2)), target="a")
    with pytest.raises(Refused, match="name it with --target"):
        pf.score(table(60, 0), table(60, 1), metrics="tstr")


def test_a_run_on_labelled_rows_has_it_without_being_asked(tmp_path):
    data = pf.data.load(table(200, 0), labels="metal")
    run = pf.fit(pf.recipes.table_cdf(data.space), data, steps=2, run=tmp_path / "r", quiet=True)
    told = run.folder.read_json("verdict.json")
    assert told["table"]["learning"]["target"] == "metal"
    assert told["scores"]["tstr"]["floor"] is not None
