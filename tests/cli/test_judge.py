"""`sample`, `score` and `report` on a small run."""

import json

import numpy as np
import pandas as pd
import pytest


def test_samples_come_back_as_the_table_that_was_given(shell, run, tmp_path):
    answer = shell("sample", run, "-n", 7, "--out", "more.csv")
    assert (answer.code, answer.out) == (0, "more.csv\n")
    table = pd.read_csv(tmp_path / "more.csv")
    assert list(table.columns) == ["count", "height"]
    assert len(table) == 7
    assert table["count"].dtype == np.int64


def test_the_form_is_that_of_the_ending(shell, run, tmp_path):
    for ending in ("npz", "npy", "csv", "parquet"):
        assert shell("sample", run, "-n", 4, "--seed", 3, "--out", f"s.{ending}").code == 0
    arrays = np.load(tmp_path / "s.npz")
    assert arrays.files == ["samples"]
    assert arrays["samples"].shape == (4, 2)
    np.testing.assert_array_equal(np.load(tmp_path / "s.npy"), arrays["samples"])
    pd.testing.assert_frame_equal(pd.read_parquet(tmp_path / "s.parquet"), pd.read_csv(tmp_path / "s.csv"))


def test_pictures_come_back_as_pictures(shell, tmp_path):
    assert shell("fit", "gan", "--data", "digits", "--steps", 1, "--no-verdict", "--quiet", "--run", "d").code == 0
    assert shell("sample", "d", "-n", 3, "--out", "folder").code == 0
    written = list((tmp_path / "folder").glob("*/*.png"))  # digits have labels: a folder a class
    assert len(written) == 3
    assert {file.parent.name for file in written} <= set("0123456789")


def test_a_seed_repeats_and_another_does_not(shell, run, tmp_path):
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        assert shell("sample", run, "-n", 4, "--seed", seed, "--out", f"{name}.npy").code == 0
    a, b, c = (np.load(tmp_path / f"{name}.npy") for name in "abc")
    np.testing.assert_array_equal(a, b)
    assert not np.array_equal(a, c)


@pytest.mark.parametrize("weights", ["best", "last", "raw"])
def test_weights(shell, run, weights):
    answer = shell("sample", run, "-n", 4, "--weights", weights, "--out", "s.npy", "--json")
    assert json.loads(answer.out) == {"out": "s.npy"}


def test_samples_that_cannot_be(refused, run):
    assert refused("sample", run, "-n", 0) == "-n must be at least 1, got 0."
    assert "takes no labels" in refused("sample", run, "--label", "cat")
    assert "must be one of 'best', 'last', 'raw', got 'first'" in refused("sample", run, "--weights", "first")
    assert refused("sample", run, "--out", "s.xlsx")


def test_scores_of_two_files(shell, tmp_path):
    rng = np.random.default_rng(0)
    np.save(tmp_path / "real.npy", rng.normal(size=(60, 2)))
    np.save(tmp_path / "fake.npy", rng.normal(size=(60, 2)) + 3)
    answer = shell("score", "real.npy", "fake.npy", "--json")
    assert answer.code == 0, answer.err
    found = json.loads(answer.out)
    assert (found["n_real"], found["n_fake"]) == (60, 60)
    assert (found["real"], found["fake"]) == ("real.npy", "fake.npy")
    assert found["tests"]["two-sample"]["rejected"] is True
    grade, measured, *_ = shell("score", "real.npy", "fake.npy").out.splitlines()
    assert grade.startswith("Broken: shown one real and one generated row, a judge picks the real one every time")
    assert measured.startswith("Measured on 60 rows of data and 60 samples.")


def test_scores_of_a_run_are_its_verdict(shell, run):
    answer = shell("score", run, "--json")
    # The folder has been copied to another name since.
    assert json.loads(answer.out) == json.loads((run / "verdict.json").read_text()) | {"fake": run.name}


def test_bounds_that_are_crossed_end_with_one(shell, refused, tmp_path):
    rng = np.random.default_rng(0)
    np.save(tmp_path / "real.npy", rng.normal(size=(60, 2)))
    np.save(tmp_path / "fake.npy", rng.normal(size=(60, 2)) + 3)
    asked = ("score", "real.npy", "fake.npy", "--metrics", "energy,prc", "--no-floor")
    crossed = shell(*asked, "--fail-above", "energy=0.05", "--fail-below", "recall=1.1,precision=0")
    assert crossed.code == 1
    assert "energy" in crossed.out
    assert [line.split()[1] for line in crossed.err.splitlines()] == ["energy", "recall"]
    assert shell(*asked, "--fail-above", "energy=100").code == 0
    for bounds, said in (("energy", "NAME=NUMBER"), ("kid=1", "was not measured")):
        answer = shell(*asked, "--fail-above", bounds)
        assert answer.code == 2
        assert said in answer.err


def test_comparing_sets_of_samples(shell, refused, tmp_path):
    rng = np.random.default_rng(0)
    for name, shift in (("real", 0), ("a", 0), ("b", 2)):
        np.save(tmp_path / f"{name}.npy", rng.normal(size=(60, 2)) + shift)
    answer = shell("compare", "a.npy", "b.npy", "--data", "real.npy", "--json")
    assert answer.code == 0, answer.err
    found = json.loads(answer.out)
    assert found["ranking"] == ["a.npy", "b.npy"]
    assert found["comparisons"][0]["better"] == "a.npy"
    assert "a.npy is better than b.npy" in shell("compare", "a.npy", "b.npy", "--data", "real.npy").out
    assert "--data" in refused("compare", "a.npy", "b.npy")
    assert "two or more" in refused("compare", "a.npy", "--data", "real.npy")


def test_log_densities_and_jackknife(shell, refused, tmp_path):
    x = np.random.default_rng(0).normal(size=(60, 2))
    np.save(tmp_path / "real.npy", x)
    np.save(tmp_path / "logp.npy", -0.5 * (x**2).sum(1) - np.log(2 * np.pi))
    asked = ("score", "real.npy", "real.npy", "--metrics", "bits-per-dimension,energy", "--json")
    answer = shell(*asked, "--log-prob", "logp.npy", "--uncertainty", "jackknife-10")
    assert answer.code == 0, answer.err
    scores = json.loads(answer.out)["scores"]
    bits = (0.5 * (x**2).sum(1).mean() + np.log(2 * np.pi)) / (2 * np.log(2))
    assert scores["bits-per-dimension"]["value"] == pytest.approx(bits, rel=1e-9)
    assert scores["energy"]["uncertainty"] == "jackknife"
    assert "--log-prob" in refused(*asked)
    np.save(tmp_path / "short.npy", np.zeros(59))
    assert "60 rows of data, got 59" in refused(*asked, "--log-prob", "short.npy")
    assert "must be jackknife" in refused(*asked, "--log-prob", "logp.npy", "--uncertainty", "exact")


def test_scores_of_things_that_differ(refused, tmp_path):
    np.save(tmp_path / "real.npy", np.random.default_rng(0).normal(size=(60, 2)))
    np.save(tmp_path / "fake.npy", np.random.default_rng(0).normal(size=(60, 3)))
    assert refused("score", "real.npy", "fake.npy")
    assert "nowhere.npy" in refused("score", "real.npy", "nowhere.npy")


def test_report_of_one_and_of_two(shell, run, tmp_path):
    (run / "report.html").unlink()
    assert shell("report", run).out.strip() == str(run / "report.html")
    answer = shell("report", run, run, "--out", "both.html")
    assert (answer.code, answer.out) == (0, "both.html\n")
    assert "<html" in (tmp_path / "both.html").read_text()
