"""JSON and YAML of a stranger: read in bounded memory and time, or refused in a sentence."""

import json
import time
import tracemalloc

import pytest
import yaml

from pushforward.errors import Refused
from pushforward.runs import bounded_parsing as bounded
from pushforward.runs import plain_values as plain
from pushforward.runs.bounded_parsing import DEEPEST, json_value, yaml_value

LAUGHS = "l0: &l0 [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"l{i}: &l{i} [{', '.join([f'*l{i - 1}'] * 10)}]\n" for i in range(1, 10)
)

YAML_BOMBS = {
    "billion laughs": LAUGHS,
    "laughs by merging": "a: &a {x: 1}\n"
    + "".join(f"{k}: &{k} {{<<: [{', '.join(['*a'] * 9_000)}]}}\n" for k in "bcd"),
    "a part of itself": "a: &a [*a]",
    "an alias of nothing": "a: *b",
    "deep lists": "[" * 5_000,
    "deep mappings": "{a: " * 5_000,
    "deep blocks": "".join(" " * i + "a:\n" for i in range(900)),
    "deep dashes": "- " * 50_000,
    "many": "[" + "x," * 100_000 + "]",
    "base sixty": "a: " + ":".join(["1"] * 100_000),
    "many digits": "a: " + "1" * 100_000,
    "a date that is none": "a: 2001-99-99",
    "an object": "!!python/object/apply:os.system [id]",
    "a list as a key": "? [a]\n: b",
    "a control character": "a: \x01",
    "half a character": '"\\uDCE9"',
    "two documents": "a: 1\n---\nb: 2\n",
    "cut short": "a: [",
}

JSON_BOMBS = {
    "deep lists": "[" * 100_000,
    "deep entries": '{"a":' * 100_000,
    "deep and closed": "[" * (DEEPEST + 1) + "]" * (DEEPEST + 1),
    "many": "[" + "0," * 5_000_000 + "0]",
    "many digits": "1" * 5_000,
    "no number": "[NaN]",
    "infinite": '{"a": -Infinity}',
    "half a character": '"\\udce9"',
    "cut short": '{"a": ',
}


@pytest.mark.parametrize(
    ("read", "text"),
    [(yaml_value, text) for text in YAML_BOMBS.values()] + [(json_value, text) for text in JSON_BOMBS.values()],
    ids=[f"YAML: {name}" for name in YAML_BOMBS] + [f"JSON: {name}" for name in JSON_BOMBS],
)
def test_bombs_are_refused_soon_and_in_little_memory(read, text):
    tracemalloc.start()
    begun = time.process_time()
    with pytest.raises(ValueError, match="."):
        read(text)
    spent, most = time.process_time() - begun, tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert spent < 30  # with memory traced; the laughs alone would take years
    assert most < 2**26


def test_aliases_that_stay_small_are_read():
    assert yaml_value("a: &a {x: 1}\nb: *a\nc: {<<: *a, y: [*a, *a]}") == {
        "a": {"x": 1},
        "b": {"x": 1},
        "c": {"x": 1, "y": [{"x": 1}, {"x": 1}]},
    }


@pytest.mark.parametrize("count", [100, 10_000, 19_990])
def test_aliases_count_as_often_as_they_repeat(count):
    text = "a: &a [1, 1, 1, 1, 1, 1, 1, 1, 1]\nb: [" + "*a, " * (count // 10) + "]\n"
    expanded = len(str(yaml.safe_load(text)).split("1")) - 1  # ones
    assert expanded == 9 * (1 + count // 10)
    if 10 * (count // 10) + 16 < bounded.MOST_YAML:
        assert yaml_value(text) == yaml.safe_load(text)
    else:
        with pytest.raises(ValueError, match="more than"):
            yaml_value(text)


def test_what_is_deep_in_words_is_not_deep():
    text = json.dumps({"a": '["[{\\' * 500, "b": [["]" * 500]]})
    assert json_value(text) == json.loads(text)
    assert json_value("[" * DEEPEST + "]" * DEEPEST) == json.loads("[" * DEEPEST + "]" * DEEPEST)


def test_files_beyond_their_size_are_not_read(tmp_path, monkeypatch):
    monkeypatch.setattr(plain, "MOST_BYTES_JSON", 2**20)
    for name, read in (("a.json", plain.read_json), ("a.yaml", plain.read_yaml)):
        with open(tmp_path / name, "wb") as file:
            file.truncate(2**40)  # a hole: nothing on the disk
        with pytest.raises(Refused, match="at most 1 MiB, and it is larger"):
            read(tmp_path / name)


def test_entries_by_name_are_an_object(tmp_path):
    (tmp_path / "a.json").write_text("[1]")
    with pytest.raises(Refused, match="must hold entries by name, but it holds list"):
        plain.read_object(tmp_path / "a.json")
