"""`pf.compare`: a ranking, and which of its differences are resolved."""

import json

import numpy as np
import pytest

import pushforward as pf
from pushforward.errors import Refused
from pushforward.verbs.comparing import words


def rows(seed, n=150, shift=0.0):
    return (np.random.default_rng(seed).normal(size=(n, 2)) + shift).astype("float32")


def test_the_json_contract_and_who_is_better():
    found = pf.compare(rows(0), {"far": rows(1, shift=1.5), "near": rows(2), "twin": rows(3, 100)})
    entry = json.loads(json.dumps(found.to_json(), allow_nan=False))
    assert list(entry) == [
        "version",
        "data",
        "models",
        "protocol",
        "ranking",
        "comparisons",
        "likelihoods",
        "skipped_files",
        "warnings",
    ]
    assert entry["ranking"][-1] == "far"
    assert all(list(c) == ["a", "b", "difference", "interval", "p_value", "better"] for c in entry["comparisons"])
    assert [c["better"] for c in entry["comparisons"]] == ["near", "twin", None]
    assert entry["models"]["twin"]["n"] == 100
    assert len(found.frame()) == 3


def test_paths_name_themselves(tmp_path):
    for name, seed in (("a", 1), ("b", 2)):
        np.save(tmp_path / f"{name}.npy", rows(seed))
    paths = [tmp_path / "a.npy", tmp_path / "b.npy"]
    assert set(pf.compare(rows(0), paths).ranking.names) == set(map(str, paths))


def test_one_model_is_no_comparison():
    with pytest.raises(Refused, match="two or more"):
        pf.compare(rows(0), {"a": rows(1)})
    with pytest.raises(Refused, match="two or more different"):
        pf.compare(rows(0), ["a.npy", "a.npy"])


@pytest.mark.parametrize(("n", "m", "pairs"), [(150, 15, "few and many, few and more are"), (15, 150, "all pairs are")])
def test_it_says_that_few_rows_made_it_use_a_permutation(n, m, pairs):
    found = pf.compare(rows(0, n), {"few": rows(1, m), "many": rows(2), "more": rows(3, shift=1.5)}).to_json()
    (warning,) = [w for w in found["warnings"] if "permutation" in w]
    assert f"p-values of {pairs} the larger" in warning
    assert "999 exchanges of rows" in warning
    assert f"Warning: {warning}" in words(found)


def test_many_rows_need_no_permutation():
    found = pf.compare(rows(0), {"near": rows(2), "far": rows(1, shift=1.5)}).to_json()
    assert not any("permutation" in w for w in found["warnings"])


def test_digits_in_the_space_of_a_learnt_map(monkeypatch, tmp_path):
    monkeypatch.setenv("PUSHFORWARD_CACHE", str(tmp_path))
    digits = pf.data.load("digits")
    good = digits.codec.decode(digits.train.all(200))
    noisy = np.asarray(good) * 0
    found = pf.compare(digits, {"good": good, "black": noisy}, features=lambda x: x.flatten(1), rows=200)
    assert found.ranking.comparisons[0].better == "good"


def test_a_run_is_judged_on_rows_that_it_was_not_fitted_to(tmp_path):
    """Of 200 rows the test part has 30, whoever asks: compare, or score with the data named."""
    path = tmp_path / "rows.npy"
    np.save(path, rows(0, 200))
    data = pf.data.load(path)
    game = pf.recipes.gram(data.space, network=pf.networks.MLP((4,)), batch_size=8)
    run = pf.fit(game, data, steps=2, run=tmp_path / "run", quiet=True, verdict=False, device="cpu")
    found = pf.compare(path, {"run": run.path, "other": rows(1)}).to_json()
    assert found["protocol"]["n_real"] == 30
    assert any("only the test part of the data is used" in warning for warning in found["warnings"])
    judged = pf.score(path, run.path, metrics="mmd,memorisation").to_json()
    assert judged["n_real"] == 30
    assert pf.compare(path, {"one": rows(2), "other": rows(1)}).to_json()["protocol"]["n_real"] == 200
