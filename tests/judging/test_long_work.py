"""Long work is announced; short work is not."""

import json
import time

import numpy as np
import pytest
import torch

import pushforward as pf
from pushforward import progress
from pushforward.judging.long_work import announce
from pushforward.metrics import KID, PRDC, FrechetDistance, Jackknifed, Score
from pushforward.progress import hushed
from pushforward.rows import Held


def rows(n: int) -> Held:
    return Held(torch.zeros(1).expand(n)[:, None])


def test_the_line_says_what_is_measured_and_on_how_many_rows(capsys):
    announce([FrechetDistance(), KID(), PRDC()], [rows(10**6), rows(2 * 10**6)], 64)
    assert capsys.readouterr() == (
        "",
        "Measuring fid, kid, prdc on 1,000,000 x 2,000,000 rows of 64; --rows limits it.\n",
    )


@pytest.mark.parametrize(
    ("n", "width", "long"),
    [
        (5_000, 2, False),  # 10,000² pairs of 66 products
        (10_000, 64, True),  # 20,000² of 128
        (2_000, 2048, False),  # 4,000² of 2,112
        (10**8, 2, True),  # read in blocks: no pairs, but they take their time
    ],
)
def test_announced_only_where_long(n, width, long, capsys):
    announce([KID()], [rows(n), rows(n)], width)
    out, err = capsys.readouterr()
    assert (out, bool(err)) == ("", long)
    with hushed():
        announce([KID()], [rows(n), rows(n)], width)
    assert capsys.readouterr() == ("", "")


def test_the_jackknife_counts_its_blocks(capsys, monkeypatch):
    monkeypatch.setattr(progress, "SILENCE", 0.0)  # a line for every block, however short
    x, y = np.random.default_rng(0).normal(size=(2, 120, 2))
    Jackknifed(KID(), blocks=2)(x, y)
    lines = capsys.readouterr().err.splitlines()
    assert [line.split("  ")[0] for line in lines] == [f"kid without one block {i}/2" for i in (1, 2)]


def test_short_scores_are_silent(capsys):
    rows = np.random.default_rng(0).normal(size=(2, 60, 3))
    pf.score(rows[0], rows[1], metrics="fid,kid,energy")
    assert capsys.readouterr().err == ""


def test_minutes_are_of_training_alone(tmp_path):
    """Probes of a fifth of a second each: the clock of the budget stands still while they look."""
    calls = []

    def slow(x, y):
        calls.append(time.monotonic())
        time.sleep(0.2)
        return Score("slow", float(len(calls)), None, None)

    data = pf.data.load(np.random.default_rng(0).normal(size=(60, 2)))
    game, begun = pf.recipes.gan(data.space), time.monotonic()
    options = {"probe_every": 5, "log_every": 1, "verdict": False, "quiet": True, "run": tmp_path / "run"}
    pf.fit(game, data, minutes=0.02, probes={"slow": slow}, **options)
    wall = time.monotonic() - begun
    spent = json.loads((tmp_path / "run" / "log.jsonl").read_text().splitlines()[-1])["seconds"]
    assert spent >= 1.2
    assert len(calls) >= 2
    assert wall - spent >= 0.2 * len(calls)


def test_what_judging_adds_is_said_before_the_training(tmp_path, capsys):
    data = pf.data.load(np.random.default_rng(0).normal(size=(60, 2)))
    pf.fit(pf.recipes.gan(data.space), data, steps=2, run=tmp_path / "a")
    said = capsys.readouterr().err.splitlines()
    (line,) = [sentence for sentence in said if sentence.startswith("Judging on 9 unseen rows (")]
    assert line.endswith("(6 scores, tests, a page) follows the training; --no-verdict leaves it out.")
    pf.fit(pf.recipes.gan(data.space), data, steps=2, run=tmp_path / "b", verdict=False)
    assert "Judging on" not in capsys.readouterr().err
