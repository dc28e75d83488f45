"""Missing cells of tables: an indicator beside a number, one more level, and back as the data have them."""

import json

import numpy as np
import pandas as pd
import pytest
import torch

import pushforward as pf
from pushforward.data import Codec, load
from pushforward.errors import Refused
from pushforward.spaces import Batch, Columns, OneOf, Real

N = 60


def frame(n=N, seed=0):
    draw = np.random.default_rng(seed)
    table = pd.DataFrame(
        {
            "age": draw.integers(18, 90, n),
            "income": np.round(draw.lognormal(8, 1, n), 2),
            "rooms": pd.array(draw.integers(1, 6, n), dtype="Int64"),
            "member": pd.array(draw.random(n) > 0.5, dtype="boolean"),
            "paid": pd.Series(draw.random(n) > 0.5).astype(object),
            "metal": draw.choice(["gold", "tin"], n),
            "size": pd.Categorical(draw.choice(["S", "L"], n), categories=["S", "M", "L"], ordered=True),
            "nothing": np.nan,
        }
    )
    for i, name in enumerate(["income", "rooms", "member", "paid", "metal", "size"]):
        table.loc[i : i + 5, name] = None
    return table


def whole(data):
    return Batch(torch.cat([part.all().x for part in (data.test, data.validation, data.train)]))


def ordered(data, table):
    return table.iloc[data.order].reset_index(drop=True)


def test_the_space_says_what_may_be_missing():
    assert load(frame()).space == Columns(
        (
            Real("age"),
            *(
                block
                for name in ("income", "rooms", "member")
                for block in (OneOf(f"{name} missing", ("no", "yes")), Real(name, absent=True))
            ),
            OneOf("paid", ("False", "True", "missing")),
            OneOf("metal", ("gold", "tin", "missing")),
            OneOf("size", ("S", "L", "missing")),
        )
    )


@pytest.mark.parametrize("native", [False, True])
def test_what_is_missing_comes_back_in_its_type(native):
    data = load(frame(), native=native)
    back = data.codec.decode(whole(data))
    pd.testing.assert_frame_equal(back, ordered(data, frame()), rtol=1e-6, check_dtype=True)


def test_a_codec_travels_with_what_is_missing():
    codec = load(frame()).codec
    again = Codec.from_json(json.loads(json.dumps(codec.to_json())))
    assert again == codec


@pytest.mark.parametrize("ending", [".csv", ".parquet"])
def test_files_hold_missing_cells_as_the_data_do(ending, tmp_path):
    data = load(frame())
    data.codec.write(whole(data), tmp_path / f"a{ending}")
    again = load(tmp_path / f"a{ending}")
    back = again.codec.decode(whole(again))
    assert back.isna().sum().tolist() == frame().isna().sum().tolist()
    assert not whole(again).x.isnan().any()


def test_units_are_those_of_the_decoded_table():
    data = load(frame())
    units, back = data.codec.units(whole(data).x), data.codec.decode(whole(data))
    numbers = ["age", "income", "rooms", "member", "nothing"]
    places = [list(back.columns).index(name) for name in numbers]
    told = back[numbers].astype(object).where(back[numbers].notna(), np.nan).to_numpy(dtype=np.float64)
    np.testing.assert_allclose(units[:, places].numpy(), told, rtol=1e-6)


def test_densities_are_of_the_numbers_that_are_there():
    """log |du/dv| is −Σ log std over the numbers of the row that are not missing."""
    data = load(frame())
    codec, batch = data.codec, whole(data)
    std = dict(zip(codec.numbers, codec.standard.std, strict=True))
    back = codec.decode(batch)
    numbers = ["age", "income", "rooms", "member"]
    told = -(back[numbers].notna().to_numpy() * np.log([std[name] for name in numbers])).sum(1)
    np.testing.assert_allclose(codec.log_det(batch).numpy(), told, rtol=1e-12)


def test_a_constant_that_may_be_missing_is_a_column_of_two_levels():
    data = load(frame().assign(flag=[1.0, *[np.nan] * (N - 1)]))
    assert OneOf("flag missing", ("no", "yes")) in data.space.blocks
    assert "flag" not in data.space.names
    assert data.codec.decode(whole(data))["flag"].dropna().tolist() == [1.0]


def test_samples_with_missing_cells_where_the_data_have_none():
    """Of numbers they are refused; of levels they are one of the values that the data do not hold, for a judge."""
    given = load(pd.DataFrame({"a": np.arange(30.0), "b": ["x", "y", "z"] * 10}), native=True)
    row = pd.DataFrame({"a": [1.0], "b": [None]})
    assert given.codec.encode(row).x.tolist() == [[1.0, 0.0, 0.0, 0.0, 1.0]]
    with pytest.raises(Refused, match="'a' of the table holds 1 missing values"):
        given.codec.encode(row.assign(a=np.nan))


def test_two_tables_are_scored(tmp_path):
    frame(200, 1).to_csv(tmp_path / "real.csv", index=False)
    frame(200, 2).to_csv(tmp_path / "fake.csv", index=False)
    found = pf.score(tmp_path / "real.csv", tmp_path / "fake.csv", metrics="energy")
    assert np.isfinite(found["energy"].value)
