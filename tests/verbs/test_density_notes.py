"""Data without a density, or with one that means little: each has its sentence before a fit, and in the verdict."""

import numpy as np
import pandas as pd
import pytest
import torch
from scipy.special import logsumexp

import pushforward as pf
from pushforward.errors import Refused

DENSITIES = ["kde", "gmm", "factor_analysis", "triangular", "real_nvp", "maf", "flow_gan"]


def normal(n=400, d=2, seed=0):
    return np.random.default_rng(seed).normal(size=(n, d))


def fitted(x, recipe="gmm", tmp_path=None, quiet=True, verdict=False, labels=None, **options):
    data = pf.data.load(x, labels=labels) if labels else pf.data.load(x)
    game = getattr(pf.recipes, recipe)(data.space, **options)
    return pf.fit(game, data, steps=2, run=tmp_path / recipe, quiet=quiet, verdict=verdict)


def half_zeros(x):
    return np.c_[x[:, 0], np.where(np.arange(len(x)) % 2, 0.0, x[:, 1])]


@pytest.mark.parametrize("recipe", DENSITIES)
def test_every_recipe_with_a_density_refuses_a_column_that_has_none(recipe, tmp_path):
    with pytest.raises(Refused, match=r"coordinate 1 \(counted from 0\) has the same value in 1\d\d of 280 training"):
        fitted(half_zeros(normal()), recipe, tmp_path)


def test_recipes_without_a_density_take_it(tmp_path):
    assert fitted(half_zeros(normal(100)), "gan", tmp_path).sample(3).shape == (3, 2)


def test_copies_are_refused_or_mentioned(tmp_path, capsys):
    x = normal(100)
    with pytest.raises(Refused, match=r"of 280 training rows are copies of others, .* take the copies out"):
        fitted(np.repeat(x, 4, axis=0), tmp_path=tmp_path)
    fitted(np.r_[normal(), normal()[:100]], tmp_path=tmp_path, quiet=False)
    assert "training rows are copies of others, about which a density grows without bound" in capsys.readouterr().err


def test_whole_numbers_are_filled_and_that_is_said(tmp_path, capsys):
    x = np.c_[np.random.default_rng(0).integers(0, 9, 400), normal(400, 1)[:, 0]]
    fitted(pd.DataFrame(x, columns=["rooms", "size"]), tmp_path=tmp_path, quiet=False)
    assert "column 'rooms' holds multiples of a step: noise of half a step" in capsys.readouterr().err


def test_a_value_that_some_rows_share_is_doubted_in_the_verdict_too(tmp_path):
    x = normal(600)
    x[:24, 1] = x[:, 1].max() + 0.1  # capped, as prices are
    warnings = fitted(x, tmp_path=tmp_path, verdict=True).verdict["warnings"]
    assert any("a density grows without bound there" in warning for warning in warnings)


def test_far_rows_are_mentioned_and_farther_ones_refused(tmp_path, capsys):
    fitted(np.r_[normal(), [[1e4, 0]] * 10], tmp_path=tmp_path, quiet=False)
    assert "interquartile ranges from its median: few rows set its scale" in capsys.readouterr().err
    with pytest.raises(Refused, match=r"coordinate 0 \(counted from 0\) reaches .* take such rows out"):
        fitted(np.r_[normal(), [[1e30, 0]] * 10], "kde", tmp_path)


def test_a_column_that_is_the_sum_of_others_is_refused(tmp_path):
    x = normal(300, 2)
    with pytest.raises(Refused, match="a linear function of the others, so that they lie on a plane"):
        fitted(np.c_[x, x.sum(1)], "maf", tmp_path)


def test_constant_columns_are_left_out_and_add_nothing(tmp_path):
    x = normal(300, 1)
    without, beside = fitted(x, "kde", tmp_path / "a"), fitted(np.c_[x, np.full(300, 3.0)], "kde", tmp_path / "b")
    np.testing.assert_allclose(without.log_prob(x), beside.log_prob(np.c_[x, np.full(300, 3.0)]), rtol=1e-6)


def test_two_rows_are_too_few():
    with pytest.raises(Refused, match="at least 20 rows to be split into three parts, got 2"):
        pf.data.load(normal(2))


def test_points_outside_of_a_window_have_density_0_and_others_are_far_not_infinite(tmp_path):
    x, far = normal(), np.full((1, 2), 1e3)
    bounded = fitted(x, "kde", tmp_path / "a", window=pf.samplers.EpanechnikovWindow())
    assert bounded.log_prob(far)[0] == -np.inf
    assert np.isfinite(bounded.log_prob(x)).sum() > 390
    assert -np.inf < fitted(x, "kde", tmp_path / "b").log_prob(far)[0] < -1e5


@pytest.fixture(scope="module")
def labelled(tmp_path_factory):
    y = np.random.default_rng(0).integers(0, 3, 300)
    table = pd.DataFrame(normal(300) + y[:, None], columns=["a", "b"]).assign(kind=np.array(["x", "y", "z"])[y])
    return table, fitted(table, "triangular", tmp_path_factory.mktemp("labelled"), labels="kind")


def test_without_labels_the_density_is_over_all_classes_by_their_shares(labelled):
    table, run = labelled
    rows = table[:20]
    of_class = np.stack([run.log_prob(rows.assign(kind=kind)) for kind in "xyz"], 1)
    shares = np.bincount(run.data.train.label, minlength=3) / len(run.data.train)
    expected = logsumexp(of_class + np.log(shares), axis=1)
    np.testing.assert_allclose(run.log_prob(rows[["a", "b"]]), expected, rtol=1e-5)


def test_codes_without_labels_are_refused(labelled):
    table, run = labelled
    assert run.encode(table[:2]).shape == (2, 2)
    with pytest.raises(Refused, match="depend on the class of a point, and points came without"):
        run.encode(table[["a", "b"]][:2])
    with pytest.raises(Refused, match="label 'w' is none of the classes"):
        run.log_prob(table[:2].assign(kind="w"))


def test_a_long_array_has_the_density_of_its_parts(labelled, monkeypatch):
    table, run = labelled
    whole = run.log_prob(table[:50])
    monkeypatch.setattr("pushforward.verbs.densities.ROWS", 7)
    np.testing.assert_allclose(run.log_prob(table[:50]), whole, rtol=1e-5)


def test_pictures_outside_of_their_range_are_refused(tmp_path):
    x = torch.rand(40, 8, 8, generator=torch.Generator().manual_seed(0)).numpy()
    run = fitted(x, "real_nvp", tmp_path, width=4, layers=1, depth=1)
    with pytest.raises(Refused, match="values from 0 to 1 as the data have"):
        run.log_prob(x[:2] + 0.5)
