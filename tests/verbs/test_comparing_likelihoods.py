"""Runs with a density against one another on the same test rows, in `compare`, on the page, and in words."""

import numpy as np
import pytest
from scipy.stats import ttest_rel

import pushforward as pf
from pushforward.samplers import EpanechnikovWindow
from pushforward.verbs.comparing import words


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    x = np.random.default_rng(0).normal(size=(900, 2)) + 6 * (np.arange(900) % 2)[:, None]
    np.save((folder := tmp_path_factory.mktemp("runs")) / "x.npy", x)
    data = pf.data.load(folder / "x.npy")
    games = {
        "two": pf.recipes.gmm(data.space, components=2),
        "one": pf.recipes.gmm(data.space, components=1),
        "bounded": pf.recipes.kde(data.space, window=EpanechnikovWindow(), bandwidth=0.05),
        "none": pf.recipes.gan(data.space),
    }
    for name, game in games.items():
        pf.fit(game, data, steps=100 if name in ("one", "two") else 1, run=folder / name, quiet=True)
    return folder


def test_pairs_are_tested_row_by_row_on_the_test_part(runs):
    models = {name: runs / name for name in ("two", "one", "bounded", "none")}
    found = pf.compare(runs / "x.npy", models).to_json()
    (pair,) = found["likelihoods"]
    one, two = (pf.load(runs / name) for name in ("one", "two"))
    rows = one.data.codec.decode(one.data.test.all())
    expected = ttest_rel(two.log_prob(rows), one.log_prob(rows))
    assert (pair["a"], pair["b"], pair["better"]) == ("two", "one", "two")
    assert pair["p_value"] == pytest.approx(expected.pvalue, rel=1e-4)
    assert any("bounded gives some test rows the density 0" in warning for warning in found["warnings"])
    assert "Likelihood: two is better than one: two − one = " in words(found)
    assert "nats a row, p = " in words(found)


def test_the_page_of_several_runs_has_the_pairs(runs, tmp_path):
    page = pf.report([runs / name for name in ("two", "one", "none")], out=tmp_path / "page.html").read_text()
    assert "Likelihood, pair by pair" in page
    assert page.count("two − one") + page.count("one − two") == 1
    alone = pf.report([runs / "two", runs / "none"], out=tmp_path / "alone.html").read_text()
    assert "Likelihood, pair by pair" not in alone
