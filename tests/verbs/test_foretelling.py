"""Long work is announced, with what it takes; short work is not."""

import json
import time

import numpy as np
import torch

import pushforward as pf
from pushforward.data.points import Held
from pushforward.features import Identity, Own
from pushforward.metrics import KID, PRDC, FrechetDistance, Score
from pushforward.verbs.foretelling import Work, announce, foretold

MILLION = [Held(torch.zeros(1).expand(10**6)[:, None])] * 2
WORKS = [
    Work(FrechetDistance(), 10**6, 10**6, 64, True),
    Work(KID(), 10**6, 10**6, 64, True),
    Work(PRDC(), 10_000, 10_000, 64),
]


def test_the_line_says_rows_passes_memory_and_time():
    line = foretold(WORKS, Identity(), MILLION, 1e10, 0.0)
    # 2·2·10⁶·80² + 3·2·10⁶·80·81/2·80 + 3·10⁸·80 products and little more, 10¹⁰ a second.
    assert line == (
        "fid, kid on 1,000,000 x 1,000,000 rows of 64 in 5 passes; prdc on 10,000 x 10,000 rows of 64: about 0.7 GB "
        "and 3 min; --rows limits it."
    )
    assert foretold(WORKS, Identity(), MILLION, 1e14, 0.0) is None


def test_features_count_by_the_point():
    line = foretold([], Own(lambda x: x), MILLION, 1e12, 0.01)
    assert line == "features of 2,000,000 points: about 0.6 GB and 5.6 hours; --rows limits it."


def test_announced_on_standard_error_only_where_long(capsys):
    announce([Work(PRDC(), 1000, 1000, 64)], Identity(), MILLION)
    assert capsys.readouterr() == ("", "")
    slow = [Work(PRDC(), 10**7, 10**7, 64)]
    announce(slow, Identity(), MILLION)
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("prdc on 10,000,000 x 10,000,000 rows of 64: about 16.0 GB and ")
    assert err.endswith("hours; --rows limits it.\n")


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
    assert "will add about 3 s to the training" in line
    pf.fit(pf.recipes.gan(data.space), data, steps=2, run=tmp_path / "b", verdict=False)
    assert "Judging on" not in capsys.readouterr().err
