"""Dates and times of tables: whole steps since the first, and back in form, type and zone."""

import datetime
import json

import numpy as np
import pandas as pd
import pytest
import torch

import pushforward as pf
from pushforward.data import Codec, load
from pushforward.data.codecs.dates import Dates
from pushforward.errors import Refused
from pushforward.spaces import Batch

N = 60
DAYS = pd.Series(pd.Timestamp("2020-02-27") + pd.to_timedelta(np.random.default_rng(0).integers(0, 400, N), unit="D"))
HOURS = pd.Series(pd.Timestamp("1999-12-31") + pd.to_timedelta(np.random.default_rng(1).integers(0, 9000, N), unit="h"))
FORMS = {
    "a type of times": DAYS,
    "with hours": HOURS,
    "in seconds": HOURS.astype("datetime64[s]"),
    "with a zone": HOURS.dt.tz_localize("Europe/Rome", ambiguous=True, nonexistent="shift_forward"),
    "texts of days": DAYS.dt.strftime("%Y-%m-%d"),
    "texts with a point": DAYS.dt.strftime("%d.%m.%Y"),
    "texts with hours": HOURS.dt.strftime("%Y-%m-%d %H:%M:%S"),
    "ISO's texts": HOURS.dt.strftime("%Y-%m-%dT%H:%M:%S"),
    "Python's dates": pd.Series([day.date() for day in DAYS], dtype=object),
}


def whole(data):
    return Batch(torch.cat([part.all().x for part in (data.test, data.validation, data.train)]))


@pytest.mark.parametrize("missing", [False, True])
@pytest.mark.parametrize("form", FORMS)
def test_they_come_back_as_they_were(form, missing):
    when = FORMS[form].copy()
    if missing:
        when[[3, 7]] = None
    table = pd.DataFrame({"a": np.arange(N) * 1.5, "when": when})
    data = load(table)
    assert [d.column for d in data.codec.dates] == ["when"]
    back = data.codec.decode(whole(data))
    pd.testing.assert_frame_equal(back, table.iloc[data.order].reset_index(drop=True), rtol=1e-6)
    assert Codec.from_json(json.loads(json.dumps(data.codec.to_json()))) == data.codec


def test_steps_are_the_largest_that_fit():
    weeks = pd.Series(pd.to_datetime(["2024-01-01", "2024-01-15", "2024-02-05"]), name="w")
    found = Dates.of(weeks)
    assert found.step == 7 * 24 * 3600 * 10**9
    assert found.numbers(weeks).tolist() == [0, 2, 5]


def test_what_is_no_date():
    for cells in (["2024-01-01", "soon"], ["2024-13-01", "2024-01-01"], [1, 2], ["a", "b"], ["2024-1-1", "2024-01-02"]):
        assert Dates.of(pd.Series(cells, name="c")) is None
    assert Dates.of(pd.Series([datetime.date(2024, 1, 1), None], name="c")).form == "day"


def test_files_keep_them(tmp_path):
    table = pd.DataFrame({"a": np.arange(N) * 1.5, "when": DAYS.dt.strftime("%d.%m.%Y")})
    table.to_csv(tmp_path / "t.csv", index=False)
    data = load(tmp_path / "t.csv")
    data.codec.write(whole(data), tmp_path / "back.csv")
    back = pd.read_csv(tmp_path / "back.csv")
    assert back["when"].tolist() == table["when"].iloc[data.order].tolist()


def test_other_dates_than_the_data_s():
    codec = load(pd.DataFrame({"a": np.arange(N) * 1.5, "when": DAYS.dt.strftime("%Y-%m-%d")})).codec
    later = pd.DataFrame({"a": [1.0], "when": ["2031-05-06"]})
    assert codec.decode(codec.encode(later))["when"].tolist() == ["2031-05-06"]
    with pytest.raises(Refused, match="column 'when' holds dates such as %Y-%m-%d, got '06.05.2031'"):
        codec.encode(later.assign(when="06.05.2031"))


def test_samples_are_dates_and_meet_conditions(tmp_path):
    draw = np.random.default_rng(0)
    n = 800
    day = pd.Timestamp("2023-01-01") + pd.to_timedelta(draw.integers(0, 300, n), unit="D")
    table = pd.DataFrame({"when": day, "b": draw.normal(size=n)})
    data = load(table)
    run = pf.fit(
        pf.recipes.table_cdf(data.space, width=16), data, steps=20, run=tmp_path / "r", verdict=False, quiet=True
    )
    drawn = run.sample(200)
    assert drawn["when"].dtype == table["when"].dtype
    assert drawn["when"].between(day.min(), day.max()).all()
    assert (drawn["when"] == drawn["when"].dt.normalize()).all()
    late = run.sample(100, where="when >= '2023-06-01'")
    assert (late["when"] >= "2023-06-01").all()
    with pytest.raises(Refused, match="a column of dates, with 'June'"):
        run.sample(10, where="when > 'June'")
