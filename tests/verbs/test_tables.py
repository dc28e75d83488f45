"""Tables from the file to the verdict: labels, row numbers and what cannot be calculated with, in every verb."""

import json

import numpy as np
import pandas as pd
import pytest
import torch

import pushforward as pf
from pushforward.errors import Refused
from pushforward.networks import MLP
from pushforward.samplers import Normal

KINDS = np.array(["x", "=y", "z"])


def table(n, seed, part=False):
    draw = np.random.default_rng(seed)
    found = pd.DataFrame(draw.normal(size=(n, 2)), columns=["a", "b"]).assign(kind=KINDS[draw.integers(0, 3, n)])
    return found.assign(part=["test", "train", "train", "validation"] * (n // 4)) if part else found


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A run that was fitted to a table with labels, a split of its own and row numbers; other tables; arrays."""
    here = tmp_path_factory.mktemp("tables")
    table(120, 0, part=True).to_csv(here / "data.csv")
    table(80, 1).to_csv(here / "others.csv", index=False)
    table(80, 2).drop(columns="kind").to_csv(here / "bare.csv", index=False)
    for name, seed in (("x", 3), ("y", 4)):
        given = table(60, seed)
        np.savez(here / f"{name}.npz", x=given[["a", "b"]].to_numpy(), kind=given["kind"].to_numpy().astype(str))
    data = pf.data.load(here / "data.csv", labels="kind", split="part")
    game = pf.recipes.gram(data.space, network=MLP((8,)), conditional=False, noise=Normal(3), batch_size=8)
    pf.fit(game, data, run=here / "run", steps=4, quiet=True, device="cpu", examples=False)
    return here


QUICK = {"metrics": "energy", "floor": False}


def left_out(found):
    return [w for w in found.to_json()["warnings"] if "left out" in w]


def test_a_verdict_says_what_it_left_out(place):
    verdict = json.loads((place / "run" / "verdict.json").read_text())
    said = [w for w in verdict["warnings"] if "left out" in w]
    assert len(said) == 2
    assert said[0].startswith("column 0 ('Unnamed: 0') of data holds row numbers and is left out")
    assert "column 'kind' of data holds the classes" in said[1]
    page = (place / "run" / "report.html").read_text()
    assert all(sentence.split(" of data")[1][:30] in page for sentence in said)


@pytest.mark.parametrize("fake", ["others.csv", "bare.csv", "run"])
@pytest.mark.parametrize("real", ["data.csv", "others.csv", "run"])
def test_a_run_with_labels_is_no_dead_end(place, real, fake):
    """The columns a and b are compared, whichever side has labels, and whichever is the run."""
    labels = "kind" if real == "others.csv" and fake != "run" else None
    if real == "data.csv" and fake != "run":  # `kind` is a column of levels, and so is `part`
        found = pf.score(place / real, place / fake, **QUICK)
        assert any(
            "samples do not have are left out of the data" in note and "part" in note for note in left_out(found)
        )
        return
    found = pf.score(place / real, place / fake, labels=labels, **QUICK)
    assert np.isfinite(found["energy"].value)
    assert any("holds the classes" in note for note in left_out(found))


def test_labels_change_no_number(place):
    found = pf.score(place / "others.csv", place / "others.csv", labels="kind", **QUICK)
    bare = table(80, 1).drop(columns="kind")
    assert found["energy"].value == pf.score(bare, bare, **QUICK)["energy"].value
    contest = pf.compare(place / "others.csv", {"r": place / "run", "b": place / "bare.csv"})
    named = pf.compare(place / "others.csv", {"r": place / "run", "b": place / "bare.csv"}, labels="kind")
    assert contest.to_json()["models"] == named.to_json()["models"]
    without = pf.compare(place / "others.csv", {"a": place / "bare.csv", "b": bare})
    assert "columns that the samples do not have are left out of the data: kind." in without.to_json()["warnings"]


def test_the_split_of_the_run_is_known_from_its_folder(place):
    """The column `part` says which 30 of 120 rows nothing was fitted to."""
    found = pf.score(place / "data.csv", place / "run", **QUICK)
    assert found.n_real == 30
    assert any("only the test part" in w for w in found.warnings)


def test_labels_of_arrays_by_their_name(place):
    found = pf.score(place / "x.npz", place / "y.npz", labels="kind", **QUICK)
    assert (found.n_real, found.n_fake) == (60, 60)
    assert "labels of x are left out: rows of numbers are compared without their classes." in found.warnings
    plain = [np.load(place / f"{name}.npz")["x"] for name in "xy"]
    assert found["energy"].value == pf.score(*plain, **QUICK)["energy"].value


def test_options_of_reading_are_not_for_what_was_read(place):
    with pytest.raises(Refused, match="--labels are for data that are read now"):
        pf.score(place / "run", place / "bare.csv", labels="kind", **QUICK)
    with pytest.raises(Refused, match="run was read before"):
        pf.score(place / "run", labels="kind", **QUICK)


def test_sample_says_what_it_wrote_afresh_and_escapes_when_asked(place, capsys):
    out = pf.sample(place / "run", 7, out=place / "out.csv")
    said = capsys.readouterr().err
    assert "column '' holds fresh row numbers, from 0" in said
    assert "column 'kind' is left out: the sampler makes no classes" in said
    back = pd.read_csv(out)
    assert back["Unnamed: 0"].tolist() == list(range(7))
    assert list(back)[1:] == ["a", "b"]
    assert torch.allclose(pf.load(place / "run").codec.read(out).x, pf.load(place / "run").draw(7).x, atol=1e-5)


def test_formulas_in_names_are_escaped_by_sample(place, tmp_path):
    data = pf.data.load(table(60, 5).drop(columns="kind").rename(columns={"a": "@a"}))
    game = pf.recipes.gram(data.space, network=MLP((8,)), noise=Normal(3), batch_size=8)
    pf.fit(game, data, run=tmp_path / "run", steps=1, quiet=True, device="cpu", verdict=False)
    assert (pf.sample(tmp_path / "run", 3, out=tmp_path / "a.csv")).read_text().startswith("@a,b\n")
    escaped = pf.sample(tmp_path / "run", 3, out=tmp_path / "b.csv", escape_formulas=True)
    assert escaped.read_text().startswith("'@a,b\n")
    found = pf.load(tmp_path / "run").codec.read(escaped)
    assert found.x.shape == (3, 2)


def test_a_frame_of_polars_is_scored_as_one_of_pandas():
    polars = pytest.importorskip("polars", reason="polars is not installed")
    x, y = table(60, 7).drop(columns="kind"), table(60, 8).drop(columns="kind")[["b", "a"]]
    turned = [polars.DataFrame({name: frame[name].to_numpy() for name in frame}) for frame in (x, y)]
    found, plain = (pf.score(*pair, **QUICK).to_json() for pair in (turned, (x, y)))
    assert (found["n_real"], found["n_fake"]) == (60, 60)
    assert found["scores"] == plain["scores"]


def test_row_numbers_do_not_tell_tables_apart(tmp_path):
    """Two sets of one law, of different sizes, as pandas writes them with their index."""
    for name, n in (("real", 100), ("fake", 300)):
        table(n, n).drop(columns="kind").to_csv(tmp_path / f"{name}.csv")
    found = pf.score(tmp_path / "real.csv", tmp_path / "fake.csv", **QUICK)
    plain = pf.score(*(table(n, n).drop(columns="kind") for n in (100, 300)), **QUICK)
    assert found["energy"].value == plain["energy"].value
    assert [note.split(" of ")[1].split()[0] for note in left_out(found)] == ["real", "fake"]


def test_rules_are_those_that_data_and_training_rows_keep(tmp_path):
    files = {"real": np.arange(60.0), "fake": np.arange(80.0, 100.0), "train": np.arange(100.0)}
    for name, a in files.items():
        pd.DataFrame({"a": a, "b": np.arange(len(a)) % 7}).to_csv(tmp_path / f"{name}.csv", index=False)
    sides, more = (tmp_path / "real.csv", tmp_path / "fake.csv"), {"metrics": "energy", "floor": False}
    for train, broken in ((None, 1.0), (tmp_path / "train.csv", 0.0)):
        rules = pf.score(*sides, train=train, **more).to_json()["table"]["rules"]
        assert {"rule": "a within the range of the data", "broken": broken} in rules
