"""In which units rows are compared: those they came in, or robust ones, as is said; never those of a codec of `fit`."""

import json

import numpy as np
import pandas as pd
import pytest
import torch
from scipy.linalg import sqrtm
from scipy.spatial.distance import cdist

import pushforward as pf
from pushforward.errors import Refused
from pushforward.features import Identity
from pushforward.judging import comparable
from pushforward.judging.units import check_scale, in_units


def features(seed, mean=0.3, spread=0.2, n=400):
    """Like those of an Inception network: not negative, with a mean of 0.3."""
    return np.abs(np.random.default_rng(seed).normal(mean, spread, (n, 6)))


def fid(x, y):
    a, b = np.cov(x.T), np.cov(y.T)
    return ((x.mean(0) - y.mean(0)) ** 2).sum() + np.trace(a + b) - 2 * np.trace(sqrtm(a @ b).real)


def kid(x, y):
    n, k = len(x), lambda a, b: (a @ b.T / x.shape[1] + 1) ** 3
    within = lambda z: (k(z, z).sum() - np.trace(k(z, z))) / n / (n - 1)
    return within(x) + within(y) - 2 * k(x, y).mean()


def energy(x, y):
    within = lambda z: cdist(z, z).sum() / len(z) / (len(z) - 1)
    return 2 * cdist(x, y).mean() - within(x) - within(y)


@pytest.mark.parametrize(("scale", "offset"), [(1e-3, 0.0), (1.0, 0.0), (1e3, 0.0), (1.0, 1e3)])
def test_a_preset_gives_the_formula_in_the_units_given(scale, offset, tmp_path):
    x, y = (scale * features(*a) + offset for a in ((0,), (1, 0.32, 0.25)))
    np.savez(tmp_path / "stats.npz", mu=x.mean(0), sigma=np.cov(x.T))
    for real in (x, tmp_path / "stats.npz"):
        found = pf.score(real, y, preset="pytorch-fid", features="identity")
        # The square root of the product of two covariances has lost some digits, also in SciPy.
        assert found["fid"].value == pytest.approx(fid(x, y), rel=1e-6)
        assert found.features["scale"] == "none"


@pytest.mark.parametrize(("scale", "offset"), [(1e-3, 0.0), (1.0, 0.0), (1e3, 0.0), (1.0, 1e3)])
def test_arrays_are_measured_in_their_own_units(scale, offset):
    x, y = (scale * features(*a) + offset for a in ((0,), (1, 0.32, 0.25)))
    found = pf.score(x, y, metrics="energy,kid", floor=False)
    assert found["energy"].value == pytest.approx(energy(x, y), rel=1e-9)
    assert found["kid"].value == pytest.approx(kid(x, y), rel=1e-6)
    for form in (torch.from_numpy(y), lambda n, seed: y, iter([y[:100], y[100:]])):
        assert pf.score(x, form, metrics="energy", floor=False)["energy"].value == found["energy"].value


def table(seed, n=300):
    draw = np.random.default_rng(seed)
    return pd.DataFrame({"age": draw.normal(40, 12, n), "income": draw.lognormal(10, 1, n), "area": draw.random(n)})


def test_tables_are_compared_in_robust_units_of_all_real_rows(tmp_path):
    x, y = table(0), table(1)
    low, middle, high = np.percentile(x, [25, 50, 75], axis=0)
    u, v = ((z.to_numpy() - middle) / (high - low) for z in (x, y))
    x.to_csv(tmp_path / "x.csv", index=False)
    x.to_parquet(tmp_path / "x.parquet")
    for real in (x, tmp_path / "x.csv", tmp_path / "x.parquet"):
        found = pf.score(real, y, metrics="energy", floor=False)
        assert found["energy"].value == pytest.approx(energy(u, v), rel=1e-9)
        assert found.features["scale"] == "robust"
    plain = pf.score(x, y, metrics="energy", floor=False, scale="none")
    assert plain["energy"].value == pytest.approx(energy(x.to_numpy(), y.to_numpy()), rel=1e-9)
    assert "scale none" in plain.to_json()["protocol"]["line"]
    with pytest.raises(Refused, match="scale is 'robust' in the first and 'none' in the second"):
        comparable(found.protocol, plain.protocol)


def test_robust_scores_do_not_depend_on_the_units_of_a_column():
    x, y = features(0), features(1, 0.35)
    units, origin = 10.0 ** np.arange(-3, 3), np.array([0, 1, -7, 1e3, 0, 5])
    a = pf.score(x, y, scale="robust", metrics="energy,precision", floor=False)
    b = pf.score(x * units + origin, y * units + origin, scale="robust", metrics="energy,precision", floor=False)
    assert a["energy"].value == pytest.approx(b["energy"].value, rel=1e-8)
    assert a["precision"].value == b["precision"].value
    assert a.tests["two-sample"]["p_value"] == b.tests["two-sample"]["p_value"]


def test_a_run_is_judged_in_robust_units_of_all_its_data(tmp_path):
    x = np.random.default_rng(0).normal(size=(200, 2)) * [1, 100] + [0, 1e4]
    data = pf.data.load(x)
    run = pf.fit(pf.recipes.gan(data.space), data, steps=2, quiet=True, run=tmp_path / "run", seed=3)
    test = data.as_given().test.all().x.numpy()
    assert {tuple(row) for row in test} <= {tuple(row) for row in x}
    low, middle, high = np.percentile(x, [25, 50, 75], axis=0)
    u, v = ((z - middle) / (high - low) for z in (test, run.sample(len(test), seed=3)))
    assert run.verdict["scores"]["energy"]["value"] == pytest.approx(energy(u, v), rel=1e-9)
    assert run.verdict["features"]["scale"] == "robust"
    again = pf.score(run.path, seed=3) if data.reloadable else None
    assert again is None
    other = pf.fit(pf.recipes.gan(data.space), data, steps=2, quiet=True, run=tmp_path / "b", seed=3, scale="none")
    assert other.verdict["scores"]["energy"]["value"] == pytest.approx(
        energy(test, other.sample(len(test), seed=3)), rel=1e-9
    )


def test_compare_takes_the_same_units():
    x, a, b = table(0), table(1), table(2)
    assert pf.compare(x, {"a": a, "b": b}).protocol["features"]["scale"] == "robust"
    assert pf.compare(x, {"a": a, "b": b}, scale="none").protocol["features"]["scale"] == "none"
    assert pf.compare(features(0), {"a": features(1), "b": features(2)}).protocol["features"]["scale"] == "none"


def test_a_reference_file_keeps_the_units_of_the_data(tmp_path):
    x, y = table(0), table(1)
    whole = pf.score(x, y, metrics="energy,fid", floor=False, save_reference=tmp_path / "x.npz")
    found = pf.score(tmp_path / "x.npz", y, metrics="energy,fid", floor=False)
    for name in ("fid", "energy"):  # the file keeps rows in float32
        assert found[name].value == pytest.approx(whole[name].value, rel=1e-5)
    with pytest.raises(Refused, match="scale is 'robust' in the file and 'none' in this call"):
        pf.score(tmp_path / "x.npz", y, metrics="fid", scale="none")


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"features": "pca"}, "--scale robust is for columns of numbers, and features pca"),
        ({"preset": "torch-fidelity", "features": "pca"}, "and features pca"),
    ],
)
def test_what_cannot_be_scaled_is_refused(options, sentence):
    with pytest.raises(Refused, match=sentence):
        pf.score(features(0), features(1), scale="robust", **options)


def test_pictures_have_no_units():
    x = np.random.default_rng(0).integers(0, 256, (30, 8, 8), dtype=np.uint8)
    with pytest.raises(Refused, match="pictures are compared"):
        pf.score(x, x, scale="robust")


def test_no_other_scale_is_known():
    with pytest.raises(Refused, match="--scale must be none or robust, got 'minmax'"):
        check_scale("minmax")


@pytest.mark.parametrize("make", [np.asarray, lambda z: pd.DataFrame(z, columns=list("abcdef"))])
@pytest.mark.parametrize("width", [1e-4, 1.0, 1e4])
def test_samples_that_vary_where_the_data_do_not_are_never_passed(make, width):
    x, y = features(0), features(1)
    x[:, 2] = 1.0
    y[:, 2] = 1 + width * np.random.default_rng(2).random(len(y))
    found = pf.score(make(x), make(y), metrics="energy", floor=False)
    assert found.tests["constant-columns"]["rejected"]
    words = found.words.lower()
    assert "is always 1 among the data, and is not in 400 of 400 samples" in words
    assert ("column c" if make is not np.asarray else "coordinate 2") in words
    same = pf.score(make(x), make(np.where(np.arange(6) == 2, 1.0, y)), metrics="energy", floor=False)
    assert same.tests["constant-columns"]["p_value"] == 1.0
    assert "always" not in same.words


def test_what_chance_may_make_of_constant_columns_is_one_short_sentence():
    x, y = features(0), features(1)
    x[:, 1:3], y[:, 1:3] = 1.0, 1.0
    y[0, 1], y[:2, 2] = 2.0, 3.0
    found = pf.score(x, y, metrics="energy", floor=False)
    assert not found.tests["constant-columns"]["rejected"]
    assert found.sentences["constants"].startswith(
        "2 columns are constant among the data and not among the samples, coordinate 2 (counted from 0) in 2 of 400"
    )


def test_a_page_does_not_pass_what_only_the_columns_tell(tmp_path):
    x, y = features(0), features(1)
    x[:, 2], y[:, 2] = 1.0, np.linspace(1.001, 1.002, len(y))
    found = pf.score(x, y, metrics="energy", floor=False, report=tmp_path / "page.html")
    assert not found.tests["two-sample"]["rejected"]
    page = (tmp_path / "page.html").read_text()
    assert "samples vary in columns that are constant among the data at level 0.05" in page
    assert found.grade.word == "broken"  # one look at the column is enough
    assert ">Broken</h2>" in page
    assert found.sentences["constants"] in page


def test_data_of_equal_rows_are_refused():
    with pytest.raises(Refused, match="all 30 rows are the same"):
        pf.score(np.ones((30, 3)), features(0)[:, :3])


@pytest.mark.parametrize("n", [4, 5, 12])
def test_four_rows_on_either_side_are_scored(n):
    few, many = features(0, n=n), features(1, n=60)
    for x, y in ((few, many), (many, few)):
        found = pf.score(x, y, metrics="energy,mmd")
        assert (found.n_real, found.n_fake) == (len(x), len(y))
        assert found["energy"].value == pytest.approx(energy(x, y), rel=1e-9)
        assert not any("split" in warning for warning in found.warnings)
    with pytest.raises(Refused, match="at least 4 rows to be scored, got 3"):
        pf.score(few[:3], many)
    with pytest.raises(Refused, match="at least 4 samples, got 3"):
        pf.score(many, few[:3])


def test_data_that_were_loaded_before_are_read_as_they_came():
    x = np.random.default_rng(0).normal(size=(100, 2)) * [1e-3, 50]
    data = pf.data.load(x)
    assert not data.codec.standard.trivial
    found = pf.score(data, x[:60], metrics="energy", floor=False)
    assert found["energy"].value == pytest.approx(pf.score(x, x[:60], metrics="energy", floor=False)["energy"].value)
    assert any("exact copies" in warning for warning in found.warnings)
    x[0, 0] = 9.0
    with pytest.raises(Refused, match="changed in memory"):
        pf.score(data, x[:60])


def test_the_units_are_in_the_json_of_the_command_line(tmp_path, capsys):
    from pushforward.cli import main

    table(0).to_csv(tmp_path / "x.csv", index=False)
    table(1).to_csv(tmp_path / "y.csv", index=False)
    paths = [str(tmp_path / "x.csv"), str(tmp_path / "y.csv")]
    assert main(["score", *paths, "--scale", "none", "--metrics", "energy", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["features"]["scale"] == "none"


def test_indicators_of_levels_have_no_units():
    table = pd.DataFrame({"metal": ["tin", "gold", "lead", "tin"] * 10, "x": np.arange(40.0)})
    data = pf.data.load(table).as_given()
    found = in_units(Identity(), "robust", data)(data.codec.encode(table.iloc[[1, 39]]).x)
    assert found.tolist() == [[1, 0, 0, 0, (1 - 19.5) / 19.5], [0, 0, 1, 0, 1]]
