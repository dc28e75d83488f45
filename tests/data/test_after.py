"""Dates that are modelled as the time since another: back as they were, and no sample in which they come before."""

import json

import numpy as np
import pandas as pd
import pytest
import torch

import pushforward as pf
from pushforward.data import Codec, load
from pushforward.data.codecs.table_units import table_units
from pushforward.errors import Refused
from pushforward.spaces import Batch

N = 300
KINDS = {"sent": "after placed", "back": "after sent"}


def table(missing=False):
    draw = np.random.default_rng(0)
    placed = np.datetime64("2021-01-01") + draw.integers(0, 1000, N)
    sent = placed + draw.integers(1, 15, N)
    back = pd.Series((sent + draw.integers(0, 5, N)).astype(str))
    if missing:
        back[::7] = None
    return pd.DataFrame({"sent": pd.to_datetime(sent), "placed": placed.astype(str), "back": back})


def whole(data):
    return Batch(torch.cat([part.all().x for part in (data.test, data.validation, data.train)]))


@pytest.mark.parametrize("missing", [False, True])
def test_tables_come_back_as_they_were(missing):
    frame = table(missing)
    data = load(frame, columns=KINDS)
    assert [a.column for a in data.codec.after] == ["sent", "back"]
    pd.testing.assert_frame_equal(data.codec.decode(whole(data)), frame.iloc[data.order].reset_index(drop=True))
    assert Codec.from_json(json.loads(json.dumps(data.codec.to_json()))) == data.codec
    assert data.as_given().codec.after == ()
    assert [c.done for c in data.columns][0] == "1 to 14 steps after placed"


def test_points_are_the_time_between():
    frame = table()
    data = load(frame, columns=KINDS)
    days = (frame["sent"] - pd.to_datetime(frame["placed"])).dt.days.to_numpy()[data.order]
    u = whole(data).x[:, 0].double().numpy()
    np.testing.assert_allclose(u, (days - data.codec.standard.mean[0]) / data.codec.standard.std[0], atol=1e-5)


def test_whatever_a_sampler_makes_keeps_the_order_and_the_range():
    frame = table()
    data = load(frame, columns=KINDS)
    x = 3 * torch.randn(500, 3, generator=torch.Generator().manual_seed(0))
    rows = data.codec.decode(Batch(x))
    sent, placed, back = (pd.to_datetime(rows[name]) for name in ("sent", "placed", "back"))
    inside = placed <= frame["placed"].max()
    assert (sent > placed)[inside].all()
    assert (back >= sent).all()
    assert sent.max() <= frame["sent"].max()
    numbers = [dates.numbers(rows[dates.column]).to_numpy() for dates in data.codec.dates]
    np.testing.assert_allclose(table_units(data.codec, x).numpy(), np.stack(numbers, 1))


def test_samples_meet_conditions_and_rows_are_completed(tmp_path):
    frame = table()
    data = load(frame, columns=KINDS)
    run = pf.fit(
        pf.recipes.table_cdf(data.space, width=16), data, steps=30, run=tmp_path / "r", verdict=False, quiet=True
    )
    drawn = run.sample(300)
    assert (drawn["sent"] > drawn["placed"]).all()
    assert drawn["sent"].dtype == frame["sent"].dtype
    late = run.sample(200, where="sent >= '2022-01-01' and placed < '2022-06-01'")
    assert (late["sent"] >= "2022-01-01").all()
    assert (late["placed"] < "2022-06-01").all()
    given = frame[["placed", "sent"]].head(20)
    both = run.sample(given=given)
    pd.testing.assert_frame_equal(both[["placed", "sent"]], given)
    started = run.sample(given=frame[["placed"]].head(20))
    assert (started["sent"] > started["placed"]).all()
    with pytest.raises(Refused, match="'sent' of rows without 'placed', after which it is modelled; give both"):
        run.sample(given=frame[["sent"]].head(20))
    assert np.isfinite(run.log_prob(frame)).all()


def test_the_density_is_that_of_the_times():
    """The shift by a start has the Jacobian 1, so both codecs scale by the standard deviations alone."""
    data = load(table(), columns=KINDS)
    logs = np.log(np.array(data.codec.standard.std))
    np.testing.assert_allclose(data.codec.log_det(whole(data)).numpy(), -logs.sum())


def test_it_is_told_where_dates_have_an_order():
    assert any("sent: after placed in --columns" in note for note in load(table()[["placed", "sent"]]).notes)
    assert not any(
        "--columns" in note for note in load(table()[["placed", "sent"]], columns={"sent": "after placed"}).notes
    )


@pytest.mark.parametrize(
    ("change", "kinds", "said"),
    [
        ({}, {"sent": "after ordered"}, "which is no column of dates of table; those are sent, pl"),
        ({}, {"sent": "after back", "back": "after sent"}, "sent, back come after each other"),
        ({}, {"placed": "after sent"}, "in row 0 .* it does not"),
        ({"placed": None}, {"sent": "after placed"}, "which is no column of dates|holds missing dates"),
        ({"placed": "2021-01-01"}, {"sent": "after placed"}, "holds missing dates, or one alone"),
        ({}, {"sent": "before placed"}, "it can be number, .*`after` and another column of dates"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused(change, kinds, said):
    with pytest.raises(Refused, match=said):
        load(table().assign(**change), columns=kinds)


def test_other_steps_are_refused():
    frame = table().assign(placed=lambda f: pd.to_datetime(f["placed"]) - pd.Timedelta("1h") * (f.index % 2))
    with pytest.raises(Refused, match="both are of other steps"):
        load(frame, columns={"sent": "after placed"})
