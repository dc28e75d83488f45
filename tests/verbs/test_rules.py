"""Orders between columns that hold in all rows: found where chance would break them, and kept when asked."""

import numpy as np
import pandas as pd
import pytest

import pushforward as pf
from pushforward.data.codecs.rules import Order, comparable, rules_of
from pushforward.errors import Refused

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


def test_samples_keep_them_when_asked_and_the_acceptance_is_said(tmp_path, capsys):
    data = pf.data.load(TABLE)
    run = pf.fit(pf.recipes.independent(data.space), data, run=tmp_path / "r", verdict=False, quiet=True)
    met = lambda frame: np.mean([rule.met(comparable(frame, data.codec.dates)) for rule in data.codec.rules], axis=1)
    assert met(run.sample(300)).max() < 0.95
    kept = pf.load(run.path).sample(300, rules=True)
    assert len(kept) == 300
    assert met(kept).min() == 1.0
    assert "samples keep start <= end and low <= mid" in capsys.readouterr().err
    with pytest.raises(Refused, match="leave out --where and --balance"):
        run.sample(rules=True, where="low > 0")
    bare = pf.data.load(TABLE[["far", "other"]])
    run = pf.fit(pf.recipes.independent(bare.space), bare, run=tmp_path / "b", verdict=False, quiet=True)
    with pytest.raises(Refused, match="the data have none"):
        run.sample(rules=True)
