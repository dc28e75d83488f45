"""docs/json.md against what is printed: every key is there, of the type that is said, and no other."""

import json
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "json.md").read_text(encoding="utf-8")
TYPES = {"integer": int, "number": (int, float), "string": str, "object": dict, "array": list, "boolean": bool}


def documented(heading):
    """Keys and types of the table under a heading."""
    rows = re.search(rf"^#+ {heading}\n\n((?:\|.*\n)+)", PAGE, re.MULTILINE)[1].splitlines()[2:]
    return {key: kind for key, kind in (re.match(r"\| `(\w+)` \| ([\w ]+) \|", row).groups() for row in rows)}


def valid(entry, heading):
    table = documented(heading)
    assert list(entry) == list(table)
    for key, value in entry.items():
        kinds = [TYPES[word] for word in table[key].split(" or ") if word != "null"]
        allowed = "null" in table[key] if value is None else any(isinstance(value, kind) for kind in kinds)
        assert allowed, (heading, key, value)
        assert not isinstance(value, bool) or "boolean" in table[key].split(" or ")


@pytest.fixture
def files(tmp_path):
    """Four files of samples of one law."""
    draw = np.random.default_rng(0)
    for name in ("real", "fake", "train", "test"):
        np.save(tmp_path / f"{name}.npy", draw.normal(size=(60, 2)))
    return tmp_path


def test_score(shell, files):
    asked = ("--metrics", "kid,fid,prdc,c2st", "--train", "train.npy", "--test", "test.npy", "--json")
    found = json.loads(shell("score", "real.npy", "fake.npy", *asked).out)
    valid(found, "score")
    valid(found["grade"], "grade")
    assert "\n".join(found["sentences"].values()) == found["verdict"]
    assert found["version"] == 4
    for score in found["scores"].values():
        valid(score, "scores")
    floors = {name for name, score in found["scores"].items() if score["floor"] is not None}
    valid(found["protocol"]["floor"], "floor")
    assert floors == set(found["protocol"]["floor"]["spread"]) == set(found["protocol"]["floor"]["parts"]) != set()
    assert set(found["tests"]) == {"two-sample", "c2st", "memorisation"}
    for test in found["tests"].values():
        valid(test, "tests")
    assert set(found["splits"]) == {"generated-train", "generated-test", "train-test"}


def test_a_table(shell, tmp_path):
    draw = np.random.default_rng(0)
    for name in ("real", "fake"):
        pd.DataFrame({"a": draw.normal(size=60), "b": draw.choice(["x", "y"], 60)}).to_csv(f"{name}.csv", index=False)
    found = json.loads(shell("score", "real.csv", "fake.csv", "--train", "fake.csv", "--target", "b", "--json").out)
    valid(found, "score")
    valid(found["table"], "table")
    assert list(found["table"]["columns"]) == ["a", "b"]


def test_what_does_not_apply_is_null(shell, files):
    found = json.loads(shell("score", "real.npy", "fake.npy", "--metrics", "fid", "--no-floor", "--json").out)
    valid(found, "score")
    assert found["splits"] is found["table"] is None
    assert found["scores"]["fid"]["interval"] is found["scores"]["fid"]["floor"] is None


def test_a_run(run):
    found = json.loads((run / "verdict.json").read_text())
    valid(found, "score")
    valid(found["state"], "state")
    assert found["state"]["weights"]
    for weights in found["state"]["weights"].values():
        valid(weights, "weights")
    assert found["state"] == json.loads((run / "kept.json").read_text())
    turn, turns = (f"{found['state'][key]:,}" for key in ("turn", "turns"))
    assert found["sentences"]["state"].startswith(f"Turn {turn} of {turns} is judged")
    first = next(key for key in ("few", "grade", "state") if key in found["sentences"])
    assert found["verdict"].startswith(found["sentences"][first])
    assert (found["grade"] is None) == ("grade" not in found["sentences"])


def test_compare(shell, files):
    found = json.loads(shell("compare", "fake.npy", "test.npy", "--data", "real.npy", "--json").out)
    valid(found, "compare")
    for pair in found["comparisons"]:
        valid(pair, "comparisons")
    assert all(set(model) == {"mmd", "n"} for model in found["models"].values())
