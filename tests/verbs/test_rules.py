"""Orders between columns that hold in all rows: found where chance would break them, and kept when asked."""

import numpy as np
import pandas as pd
import pytest
import torch

import pushforward as pf
from pushforward.data import Codec
from pushforward.data.codecs.rules import Bound, Order, bounds_of, comparable, rules_of
from pushforward.errors import Refused
from pushforward.spaces import Batch
from pushforward.verbs.keeping_rules import Keeper

DRAW = np.random.default_rng(0)
N = 500
START = pd.Timestamp("2024-01-01") + pd.to_timedelta(DRAW.integers(0, 300, N), "D")
LOW = DRAW.normal(size=N)
TABLE = pd.DataFrame(
    {
        "start": START.strftime("%d.%m.%Y"),
        "end": (START + pd.to_timedelta(DRAW.integers(0, 40, N), "D")).strftime("%Y-%m-%d"),
        "low": LOW,
        "mid": LOW + DRAW.exponential(size=N),
        "far": DRAW.uniform(1e3, 2e3, N),
        "other": DRAW.normal(size=N),
    }
).assign(high=lambda t: t["mid"] + DRAW.exponential(size=N))
TABLE.loc[:9, "mid"] = np.nan


def test_they_are_found_where_chance_would_break_them():
    data = pf.data.load(TABLE)
    assert set(data.codec.rules) == {Order("start", "end"), Order("low", "mid"), Order("mid", "high")}
    assert any("start <= end" in note and "sample --rules" in note for note in data.notes)
    broken = TABLE.assign(low=TABLE["low"].where(np.arange(N) != 77, 9.0))
    assert Order("low", "mid") not in pf.data.load(broken).codec.rules
    assert rules_of(TABLE[["low", "mid"]][:15], ()) == ()


def test_ends_of_ranges_are_found_where_a_normal_law_would_pass_them_and_kept():
    draw = np.random.default_rng(1)
    table = pd.DataFrame({"debt": draw.exponential(size=400), "share": draw.beta(0.5, 0.5, 400)})
    table = table.assign(age=draw.normal(400, 1, 400), loss=-table["debt"][::-1].to_numpy(), flag=np.arange(400) % 2)
    found = (Bound("debt", 0.0), Bound("share", 0.0), Bound("share", 1.0, upper=True), Bound("loss", 0.0, upper=True))
    data = pf.data.load(table)
    assert data.codec.bounds == found
    assert any("debt >= 0" in note for note in data.notes)
    assert bounds_of(table.assign(debt=table["debt"] - 0.1), ()) == found[1:]
    assert Codec.from_json(data.codec.to_json()).bounds == found
    normal = lambda n, seed: Batch(torch.randn(n, data.space.dim, generator=torch.Generator().manual_seed(seed)))
    kept = data.codec.decode(Keeper(data.codec, found).drawn(normal, 60, 0))
    assert len(kept) == 60
    assert (kept["debt"] >= 0).all()
    assert (kept["loss"] <= 0).all()
    assert kept["share"].between(0, 1).all()


def test_samples_keep_them_when_asked_and_the_acceptance_is_said(tmp_path, capsys):
    data = pf.data.load(TABLE)
    run = pf.fit(pf.recipes.independent(data.space), data, run=tmp_path / "r", verdict=False, quiet=True)
    met = lambda frame: np.mean([rule.met(comparable(frame, data.codec.dates)) for rule in data.codec.rules], axis=1)
    assert met(run.sample(300)).max() < 0.95
    kept = pf.load(run.path).sample(300, rules=True)
    assert len(kept) == 300
    assert met(kept).min() == 1.0
    assert "samples keep start <= end and low <= mid" in capsys.readouterr().err
    within = run.sample(200, rules=True, where="low > 0")
    assert (within["low"] > 0).all()
    assert met(within).min() == 1.0
    bare = pf.data.load(TABLE[["far", "other"]])
    run = pf.fit(pf.recipes.independent(bare.space), bare, run=tmp_path / "b", verdict=False, quiet=True)
    with pytest.raises(Refused, match="the data have none"):
        run.sample(rules=True)
