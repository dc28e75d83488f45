"""A thousand seeded mutations of each file that a run is opened by: it opens, or is refused in a sentence."""

import json
import random
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

import pushforward as pf
from pushforward.data import Codec
from pushforward.errors import Refused
from pushforward.runs import RunFolder
from pushforward.runs.plain_values import read_object
from pushforward.verbs.call import make_game, recorded, restore_shares, restore_space
from pushforward.verbs.settings import Settings
from pushforward.verbs.trust import data_of, features_of
from pushforward.verbs.weight_limit import most_weights

OLDER = Path(__file__).parent / "data" / "older-run"
COUNT = 1000

JUNK: list[Any] = [
    None, True, False, 0, 1, -1, 2, 3, 2**31, 2**63, 2**70, -(2**70), 10**400, 0.0, -0.5, 1e-320, 1e308, float("inf"),
    "", "x", "0", "nan", "..", "../../x", "/dev/zero", "a\0b", "\x1b[2J", "\udce9", "os.system",
    "pushforward.kernels.Gaussian", "pushforward.networks.MLP", "float64", "O", "<U2147483647",
    "datetime64[s]", "complex64", ".npz/../../x", "hf:a/b",
    [], [[]], [1], [0, 0], [-1], [None], ["a", "a"], [1e308, 1e308], {}, {"a": 1}, {"class_path": "os.system"},
    {"class_path": "pushforward.networks.MLP", "init_args": {"widths": [2**40, 2**40]}},
    {"class_path": "pushforward.kernels.Linear"}, {"class_path": "pushforward.features.Identity", "init_args": None},
]  # fmt: skip
"""What is put in the place of a value."""

SCRAPS = ["", "", '"', "[", "{", "]", ":", "&a ", "*a", "- ", "\n", "\t", "!!set ", "\x00", "9" * 30, "é"]
"""What is put in the place of a few bytes."""

CODECS = [
    {"kind": "rows", "standard": {"mean": [0.5, -2.0], "std": [3.0, 0.1]}, "dtype": "float32", "flat": False,
     "labels": {"values": [0, 1], "names": ["0", "1"], "dtype": "<i8"}, "suffix": ".npz", "tensor": False},
    {"kind": "table", "names": ["a", "b", "c"], "dtypes": ["int64", "float64", "object"],
     "standard": {"mean": [0.0, 1.0], "std": [1.0, 2.0]}, "decimals": [0, None], "label_column": "c",
     "labels": {"values": ["x", "y"], "names": ["x", "y"], "dtype": "<U1"}, "suffix": ".csv"},
    {"kind": "table", "names": ["a", "b", "c"], "dtypes": ["int64", "str", "category"],
     "standard": {"mean": [0.0], "std": [1.0]}, "decimals": [0],
     "levels": [{"column": "b", "values": ["x", "y"], "dtype": "str", "categories": [], "ordered": False},
                {"column": "c", "values": [1, 2], "dtype": "int64", "categories": [1, 2, 3], "ordered": True}]},
    {"kind": "images", "channels": 3, "height": 4, "width": 5, "channel_axis": 3, "dtype": "uint8", "low": 0.0,
     "high": 255.0, "crop": False, "gray": False, "threshold": None, "binarise": False, "labels": None, "suffix": "",
     "tensor": False, "exact": True, "skip_corrupt": False},
]  # fmt: skip

SPACES = [
    {"kind": "Vector", "length": 2, "classes": []},
    {"kind": "Image", "channels": 1, "height": 8, "width": 8, "low": -1.0, "high": 1.0, "classes": ["a", "b"],
     "class_shares": [0.5, 0.5]},
    {"kind": "Columns", "names": ["a", "b"], "classes": ["x"], "class_shares": [1.0]},
    {"kind": "Columns", "columns": [{"name": "a", "size": 1}, {"name": "b", "levels": ["x", "y"]}], "classes": []},
]  # fmt: skip


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Where a value can be changed: every key or index below it, and the value itself."""
    below = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(place for key, entry in below for place in places(entry, (*path, key)))]


def mutated(value: Any, rng: random.Random) -> Any:
    """One to three places removed, renamed, doubled or filled with something else."""
    value = json.loads(json.dumps(value))
    for _ in range(rng.randint(1, 3)):
        place = rng.choice(places(value))
        if not place:
            value = rng.choice([*JUNK, value, value, value])
            continue
        holder = value
        for key in place[:-1]:
            holder = holder[key]
        key, kind = place[-1], rng.random()
        if kind < 0.15:
            del holder[key]
        elif kind < 0.3 and isinstance(holder, dict):
            holder[rng.choice(["", "size", "spec", "class_path", "seed", "x" * 300, f"{key}s"])] = holder.pop(key)
        elif kind < 0.4 and isinstance(holder, list):
            holder.extend(json.loads(json.dumps(holder)) * rng.choice([1, 50]))
        elif kind < 0.5:
            holder[key] = [holder[key]]
        else:
            holder[key] = json.loads(json.dumps(rng.choice(JUNK)))
    return value


def damaged(text: str, rng: random.Random) -> str:
    """The text with a few bytes gone, doubled or replaced."""
    for _ in range(rng.randint(1, 4)):
        at = rng.randrange(len(text) + 1)
        to = min(len(text), at + rng.choice([1, 1, 1, 2, 20]))
        new = rng.choice(SCRAPS)
        text = text[:at] + rng.choice([new, new, text[at:to] * 3]) + text[to:]
    return text


def survived(count: int, attempt: Callable[[random.Random], object]) -> int:
    """How many of the attempts succeed; every other one must be refused in one line, and none may end otherwise."""
    opened = 0
    for seed in range(count):
        try:
            attempt(random.Random(seed))
            opened += 1
        except Refused as refusal:
            assert str(refusal).strip(), seed  # noqa: PT017
        except Exception as error:
            raise AssertionError(f"mutation {seed} ended in {error!r}") from error
    return opened


@pytest.fixture
def folder(tmp_path):
    """A small run that is written over again and again."""
    return RunFolder(shutil.copytree(OLDER, tmp_path / "run"))


def test_call_yaml(folder):
    call, text = yaml.safe_load(folder.call.read_text()), folder.call.read_text()
    space, most = restore_space(read_object(folder.path / "space.json")), most_weights(folder.checkpoints.path)

    def attempt(rng):
        new = damaged(text, rng) if rng.random() < 0.3 else yaml.safe_dump(mutated(call, rng), allow_unicode=False)
        folder.call.write_bytes(new.encode("utf-8", "surrogatepass"))
        RunFolder.open(folder.path)
        found = recorded(folder)
        settings = Settings.read(found["fit"])
        features_of(settings.probe_features, "a file")
        if "object" not in found["data"]:
            data_of(found["data"], "a file")
        make_game(found, space, "a file", most)

    assert 0 < survived(COUNT, attempt) < COUNT


def test_a_changed_call_never_ends_a_run_in_a_traceback(folder):
    call = yaml.safe_load(folder.call.read_text())

    def attempt(rng):
        folder.call.write_text(yaml.safe_dump(mutated(call, rng)))
        pf.load(folder.path).sample(2, weights=rng.choice(["best", "last", "raw"]))
        pf.report([folder.path]) if rng.random() < 0.02 else None

    assert 0 < survived(COUNT // 4, attempt) < COUNT // 4


def test_settings(tmp_path):
    plain = Settings(lr_rule=pf.tuning.ThreeSampleRule(), probes=(pf.metrics.KID(),)).plain()
    text = json.dumps(plain)

    def attempt(rng):
        new = damaged(text, rng) if rng.random() < 0.3 else json.dumps(mutated(plain, rng))
        (tmp_path / "fit.json").write_bytes(new.encode("utf-8", "replace"))
        Settings.read(read_object(tmp_path / "fit.json"))

    assert 0 < survived(COUNT, attempt) < COUNT


def test_space_json(folder):
    def attempt(rng):
        given = rng.choice(SPACES)
        text = json.dumps(given)
        folder.space.write_bytes(
            (damaged(text, rng) if rng.random() < 0.3 else json.dumps(mutated(given, rng))).encode("utf-8", "replace")
        )
        stored = read_object(folder.path / "space.json")
        restore_shares(stored, restore_space(stored))

    assert 0 < survived(COUNT, attempt) < COUNT


@pytest.mark.parametrize("given", CODECS, ids=lambda c: c["kind"])
def test_codec_json(folder, given):
    path, text = folder.path / "codec.json", json.dumps(given)
    codec = Codec.from_json(given)
    assert Codec.from_json(json.loads(json.dumps(codec.to_json()))) == codec

    def attempt(rng):
        new = damaged(text, rng) if rng.random() < 0.3 else json.dumps(mutated(given, rng))
        path.write_bytes(new.encode("utf-8", "replace"))
        codec = Codec.from_json(read_object(folder.path / "codec.json"))
        assert not {"/", "\\"} & set(codec.suffix)

    assert 0 < survived(COUNT, attempt) < COUNT
