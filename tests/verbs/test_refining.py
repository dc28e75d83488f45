"""Samples that trees have thinned out: nearer to the data where held-out rows say so, and else as they were."""

import numpy as np
import pandas as pd
import pytest

import pushforward as pf
from pushforward.errors import Refused
from pushforward.spaces import Batch
from pushforward.verbs.refining import Refinement, fitted
from pushforward.verbs.run import Run

N = 4000


def table(dependent=True, seed=0):
    draw = np.random.default_rng(seed)
    a = draw.integers(0, 4, N)
    b = np.where(draw.random(N) < 0.7 * dependent, a, draw.integers(0, 4, N))
    return pd.DataFrame(
        {
            "a": pd.array(a, dtype="Int64"),
            "b": pd.Categorical(np.array(["k", "l", "m", "n"])[b]),
            "c": np.where(draw.random(N) < 0.2, np.nan, np.round(draw.normal(size=N), 2)),
        }
    )


def independent(frame, path):
    data = pf.data.load(frame)
    return pf.fit(pf.recipes.independent(data.space), data, run=path, verdict=False, quiet=True)


def gap(frame, samples):
    share = lambda f: pd.crosstab(f["a"].astype(int), f["b"].astype(str), normalize=True)
    return (share(frame) - share(samples)).abs().to_numpy().sum() / 2


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    return independent(table(), tmp_path_factory.mktemp("refined") / "r")


def test_a_gap_that_held_out_rows_confirm_is_closed(run, capsys):
    frame, plain = table(seed=1), run.sample(3000)
    refined = run.sample(3000, refine="auto")
    said = capsys.readouterr().err
    assert gap(frame, plain) > 0.45  # (1 − 1/4)·0.7 = 0.525
    assert gap(frame, refined) < 0.1
    assert "Refined by" in said
    assert "held-out rows are" in said
    assert "% of them" in said
    assert "samples are kept by refinement" in said
    assert len(refined) == 3000
    assert (refined.dtypes == plain.dtypes).all()
    assert set(refined["b"].cat.categories) == set("klmn")


def test_it_is_the_same_for_a_seed_and_another_for_another(run):
    first = run.sample(200, seed=5, refine="auto")
    pd.testing.assert_frame_equal(first, run.sample(200, seed=5, refine="auto"))
    assert not first.equals(run.sample(200, seed=6, refine="auto"))


def test_trees_are_fitted_once_for_each_sampler_of_an_open_run(run, monkeypatch):
    first = run.sample(200, seed=5, refine="auto")
    monkeypatch.setattr("pushforward.verbs.refining.fitted", None)
    pd.testing.assert_frame_equal(run.sample(200, seed=5, refine="auto"), first)
    with pytest.raises(TypeError):
        run.sample(200, seed=5, refine=True)


def test_the_gain_that_is_said_is_that_of_the_known_law(run):
    """KL of b given a from independence: log 4 less the entropy of (0.775, 0.075, 0.075, 0.075), in nats."""
    found, words = fitted(run.data, lambda n, seed: run.draw(n, seed), "auto")
    divergence = np.log(4) + 0.775 * np.log(0.775) + 3 * 0.075 * np.log(0.075)
    value, error = (float(v) for v in words.split("held-out rows are ")[1].split(" nats")[0].split(" ± "))
    assert value == pytest.approx(divergence, abs=4 * error + 0.05)
    assert len(found.rounds) >= 1


def test_without_a_gap_samples_are_as_they_were_unless_it_is_insisted_on(tmp_path, capsys):
    run = independent(table(dependent=False), tmp_path / "r")
    pd.testing.assert_frame_equal(run.sample(300, seed=2, refine="auto"), run.sample(300, seed=2))
    assert "Refinement is left out" in capsys.readouterr().err
    assert not run.sample(300, seed=2, refine=True).equals(run.sample(300, seed=2))
    assert "Refined by 1 round of trees" in capsys.readouterr().err


def test_samples_of_which_too_few_would_be_left_stay_as_they_are(run, monkeypatch, capsys):
    monkeypatch.setattr("pushforward.verbs.refining.LEAST", 0.9)
    run = Run(run.folder, run.game, run.data)
    pd.testing.assert_frame_equal(run.sample(50, refine="auto"), run.sample(50))
    assert "which are too far from the data" in capsys.readouterr().err


def test_samples_of_a_class_are_refined_by_what_the_class_says(tmp_path):
    frame = table().assign(b=lambda f: f["b"].astype(str))
    data = pf.data.load(frame, labels="b")
    game = pf.recipes.cart(data.space, leaf=N)  # of which no tree has a split: cells do not depend on the class
    run = pf.fit(game, data, run=tmp_path / "r", verdict=False, quiet=True)
    plain, refined = (run.sample(500, label="l", refine=refine) for refine in (False, "auto"))
    assert (refined["b"] == "l").all()
    assert (refined["a"] == 1).mean() > (0.25 + 0.775) / 2  # in the data 0.775, and more than half the way there
    assert (plain["a"] == 1).mean() < 0.4


@pytest.mark.parametrize("more", [{"where": "a > 1"}, {"balance": "b"}, {"given": pd.DataFrame({"a": [1]})}])
def test_it_is_not_joined_with_conditions(run, more):
    with pytest.raises(Refused, match="leave out --where, --balance, --given"):
        run.sample(10, refine="auto", **more)


def test_pictures_are_refused():
    data = pf.data.load(np.random.default_rng(0).integers(0, 255, (60, 8, 8, 1)).astype(np.uint8))
    with pytest.raises(Refused, match="for tables and rows of numbers"):
        fitted(data, lambda n, seed: Batch(data.train.all(n).x), "auto")


def test_no_rounds_draw_as_ever(run):
    batch, tried = Refinement(run.game.space).drawn(run.draw, 7, 1)
    assert tried == 7
    assert batch.x.equal(run.draw(7, 1).x)
