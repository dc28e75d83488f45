"""Run folders that somebody damaged or made up: a page says what it cannot show, and never ends in a traceback."""

import json
from copy import deepcopy

import numpy as np
import pytest

from pushforward.report import file_forms as forms
from pushforward.report.headline import headline
from pushforward.report.page import run_page
from pushforward.report.run_files import read
from pushforward.report.sections.protocol import protocol
from pushforward.report.sections.scores import scores
from pushforward.report.sections.words import state, words

COUNT = 1000
DRAWN = 3
"""Of the damaged files that are still read, so many are drawn: a page takes a second."""

JUNK = [
    None,
    True,
    "",
    "$x_$",
    "x",
    -1,
    0.5,
    1e300,
    10**400,
    [],
    [1],
    [[]],
    {},
    {"a": 1},
    {"value": "x"},
    {"$\\frac$": 1.0},
]
FORMS = {"verdict.json": forms.VERDICT, "log.jsonl": forms.LOG, "scores.jsonl": forms.PROBE,
         "diagnostics.jsonl": forms.DIAGNOSTICS}  # fmt: skip


@pytest.fixture
def run(images):
    """A short run with every file that a page reads."""
    images.write_text("log.jsonl", "".join(f"{line}\n" for line in images.log.read_text().splitlines()[:40]))
    shares = {"largest": 2.0, "stable_rank": 3.1, "size": 8, "condition": 4.0, "lost": 0.0, "shares": [1.0, 0.5, 0.2]}
    slope = {"low": 0.1, "median": 0.2, "high": 0.4}
    calibration = {"error": 0.1, "log_loss": 0.6, "mean_ratio": 1.1, "bins": [[0.2, 0.3, 10], [0.7, 0.6, 12]]}
    for turn in (500, 1000):
        record = {
            "turn": turn,
            "alarm": None,
            "layers": {"_first": shares, "second": shares},
            "calibration": calibration,
        }
        images.append_jsonl(
            "diagnostics.jsonl", record | {"slopes": {"data": slope, "samples": slope, "between": slope}}
        )
    images.append_jsonl("log.jsonl", {"turn": 9, "player": "rule", "check": {"decayed": True, "factor": 0.5}})
    return images


def told(run):
    """The page without its figures of training, which take a second."""
    judged = read(run).judged
    return [part(judged) for part in (headline, scores, state, words, protocol)]


@pytest.mark.parametrize(
    "name", ["verdict.json", "log.jsonl", "scores.jsonl", "diagnostics.jsonl", "panels.npz", "progress.npz"]
)
def test_damaged_bytes_are_said_and_the_rest_is_shown(name, run, damaged):
    sound, seen = (run.path / name).read_bytes(), 0
    assert not read(run).missing
    for content in damaged(sound, COUNT if name in ("verdict.json", "log.jsonl", "panels.npz") else COUNT // 4):
        (run.path / name).write_bytes(content)
        missing = read(run).missing
        if name == "verdict.json" and not missing:
            told(run)
        if not missing and seen < DRAWN:
            run_page(read(run))
            seen += 1
    (run.path / name).write_bytes(sound[: len(sound) // 2])
    assert name.endswith(".jsonl") or any(name in line for line in read(run).missing)


def places(value, above=()):
    """The place of every value in a JSON value."""
    yield above
    entries = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, entry in entries:
        yield from places(entry, (*above, key))


def changed(value, draw):
    """A copy with one value replaced by junk, or taken out."""
    found = deepcopy(value)
    ways = [place for place in places(found) if place]
    *way, last = ways[int(draw.integers(len(ways)))]
    at = found
    for key in way:
        at = at[key]
    if draw.integers(4):
        at[last] = JUNK[int(draw.integers(len(JUNK)))]
    else:
        del at[last]
    return found


@pytest.mark.parametrize("name", FORMS)
def test_made_up_values_are_refused_or_shown(name, run):
    """JSON that is sound, with one value that is not what this program writes."""
    draw, sound, seen = np.random.default_rng(0), (run.path / name).read_text(), 0
    records = [json.loads(sound)] if name == "verdict.json" else [json.loads(line) for line in sound.splitlines()]
    assert all(map(FORMS[name], records))
    for _ in range(COUNT if name == "verdict.json" else COUNT // 4):
        place = int(draw.integers(len(records)))
        made_up = changed(records[place], draw)
        if not FORMS[name](made_up):
            continue
        lines = [json.dumps(record) for record in (*records[:place], made_up, *records[place + 1 :])]
        (run.path / name).write_text("\n".join(lines) + "\n")
        if name == "verdict.json":
            told(run)
        elif seen < DRAWN:
            run_page(read(run))
            seen += 1


@pytest.mark.parametrize(
    "changes",
    [
        {"data_examples": np.zeros(())},
        {"data_examples": np.zeros((3, 0))},
        {"data_examples": np.zeros((3, 8, 8, 2), np.uint8)},
        {"sample_examples": np.zeros((3, 9, 9, 1), np.uint8)},
        {"missed_scores": np.zeros((20, 2))},
        {"missed_ratios": np.full(20, np.nan)},
        {"class_names": np.arange(3)},
        {"class_data": np.arange(2)},
        {"closest_train": np.zeros((3, 8, 8, 1), np.uint8)},
        {"original_data": np.zeros((0, 2))},
        {"columns": np.zeros(3)},
        {"over_scores": np.array(["a"])},
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_panels_that_cannot_be_drawn_are_said(changes, run):
    arrays = run.read_arrays("panels.npz")
    assert forms.check_panels(arrays, "panels.npz") is arrays
    run.write_arrays("panels.npz", arrays | changes)
    assert any("panels.npz is damaged" in line for line in read(run).missing)
