"""Patience: training ends when the states since the best are worse by more than chance, says so, and can go on."""

import numpy as np
import pandas as pd
import pytest

import pushforward as pf
from pushforward.errors import Refused

DRAW = np.random.default_rng(0)
TABLE = pd.DataFrame(DRAW.normal(size=(200, 3)), columns=list("abc"))


def fitted(path, steps=400, **options):
    data = pf.data.load(TABLE)
    game = pf.recipes.table_cdf(data.space, width=64, dropout=0.0)
    return pf.fit(game, data, run=path, steps=steps, probe_every=10, verdict=False, examples=False, **options)


def test_it_ends_when_states_get_worse_says_so_and_can_go_on(tmp_path, capsys):
    run = fitted(tmp_path / "run", patience=3)
    last = run.folder.checkpoints.load_last().turn
    kept = run.kept["turn"]
    assert last == kept + 30
    assert run.kept["stopped_improving"]
    sentence = f"stopped early at turn {last:,}: since turn {kept:,} every state is worse than the best"
    told = capsys.readouterr().err
    assert sentence in told
    assert "On tables of 1,000 rows `fit cart`" in told
    assert run.folder.read_json("environment.json")["stopped_early"] == sentence
    assert run.folder.read_jsonl("log.jsonl")[-1]["turn"] == last
    pf.resume(run.path, data=pf.data.load(TABLE))
    assert f"is finished, after {last} turns" in capsys.readouterr().err
    more = pf.resume(run.path, steps=last + 20, quiet=True, data=pf.data.load(TABLE))
    assert more.folder.checkpoints.load_last().turn == last + 20


def test_tables_have_it_and_0_is_none(tmp_path):
    assert fitted(tmp_path / "own", quiet=True).folder.checkpoints.load_last().turn < 400
    assert fitted(tmp_path / "none", 120, quiet=True, patience=0).folder.checkpoints.load_last().turn == 120
    with pytest.raises(Refused, match="--patience must be at least 0"):
        fitted(tmp_path / "none", patience=-1)
