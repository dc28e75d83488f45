"""Columns of levels: what becomes one, what comes back, and what is refused."""

import json
from dataclasses import asdict

import numpy as np
import pandas as pd
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from pushforward.data import Codec, load
from pushforward.data.codecs.levels import OTHER, Levels, of_levels
from pushforward.errors import Refused
from pushforward.runs.typed_values import arguments
from pushforward.spaces import Batch, Columns, OneOf, Real

N = 60
METALS = ("gold", "lead", "tin")


def frame(n=N, seed=0):
    draw = np.random.default_rng(seed)
    return pd.DataFrame(
        {
            "age": draw.integers(18, 90, n),
            "metal": draw.choice(METALS, n),
            "income": np.round(draw.lognormal(8, 1, n), 2),
            "paid": draw.choice(["yes", "no"], n),
            "size": pd.Categorical(draw.choice(["S", "L"], n), categories=["S", "M", "L"], ordered=True),
            "floor": pd.Categorical(draw.choice(np.array([2, 0], dtype=np.int8), n)),
            "member": draw.random(n) > 0.5,
            "currency": ["EUR"] * n,
        }
    )


def whole(data):
    return Batch(torch.cat([part.all().x for part in (data.train, data.validation, data.test)]))


def in_order(table):
    return table.sort_values("income").reset_index(drop=True)


SPACE = Columns(
    (
        Real("age"),
        OneOf("metal", METALS),
        Real("income"),
        OneOf("paid", ("no", "yes")),
        OneOf("size", ("S", "L")),
        OneOf("floor", ("0", "2")),
        Real("member"),
    )
)


@pytest.mark.parametrize("form", ["frame", ".csv", ".parquet"])
def test_what_you_gave_is_what_you_get_back(form, tmp_path):
    table, path = frame(), tmp_path / f"t{form}"
    if form == ".csv":
        table = table.astype({"size": "str", "floor": "int64"})
        table.to_csv(path, index=False)
    if form == ".parquet":  # which keeps categories of texts alone
        table = table.astype({"floor": "int8"})
        table.to_parquet(path)
    data = load(table if form == "frame" else path)
    if form == "frame":
        assert data.space == SPACE
    back = data.codec.decode(whole(data))
    pd.testing.assert_frame_equal(in_order(back), in_order(table), check_exact=True)
    assert Codec.from_json(json.loads(json.dumps(data.codec.to_json()))) == data.codec
    written = tmp_path / "new" / f"back{'.csv' if form == 'frame' else form}"
    data.codec.write(data.test.all(), written)
    assert torch.allclose(data.codec.read(written).x, data.test.all().x, atol=1e-6)


@pytest.mark.parametrize("dtype", ["str", "object", "string", "category"])
def test_the_type_of_a_column_of_texts_comes_back(dtype):
    table = frame().astype({"metal": dtype})
    data = load(table)
    assert data.codec.decode(data.test.all()).dtypes["metal"] == table.dtypes["metal"]


texts = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), max_size=8)


@given(st.lists(texts, min_size=2, max_size=6, unique=True), st.integers(0, 2**32 - 1))
@settings(max_examples=60, deadline=None)
def test_any_texts_come_back_and_none_is_invented(levels, seed):
    draw = np.random.default_rng(seed)
    column = pd.Series([*levels, *draw.choice(np.array(levels, dtype=object), 40)], name="a", dtype="str")
    known = Levels.of(column, "of t")
    u = known.encode(column)
    assert known.decode(u).equals(column)
    assert (u.sum(1) == 1).all()
    assert set(known.decode(draw.normal(size=(50, len(levels))))) <= set(levels)
    stored = json.loads(json.dumps(asdict(known)))
    assert Levels(**arguments(stored, Levels, "stored")) == known


def test_the_largest_coordinate_decides_and_no_level_is_invented():
    codec = load(frame()).codec
    x = torch.randn(500, *codec.space.shape)
    back = codec.decode(Batch(x))
    place = codec.space.choices[0][1]
    assert back["metal"].tolist() == [METALS[i] for i in x[:, place].argmax(1)]
    assert set(back["size"]) == {"S", "L"}
    assert (back["currency"] == "EUR").all()
    assert list(back) == list(frame())
    assert (back.dtypes == frame().dtypes).all()


def test_encoded_are_indicators_in_the_order_of_the_columns():
    codec = load(frame()).codec
    table = frame()[:5]
    x = codec.encode(table).x
    for block, place in codec.space.choices:
        expected = pd.get_dummies(table[block.name].astype(str)).reindex(columns=list(block.levels), fill_value=False)
        assert np.array_equal(x[:, place], expected)
    i = codec.numbers.index("income")
    standard = (table["income"] - codec.standard.mean[i]) / codec.standard.std[i]
    assert np.allclose(x[:, 4], standard, rtol=1e-6)


def test_a_density_is_one_of_the_numbers():
    """log |du/dv| is −log std for each of the three columns of numbers, and levels keep their probabilities."""
    data = load(frame())
    table = data.codec.decode(data.train.all())
    std = table[["age", "income"]].std(ddof=0).tolist() + [table["member"].to_numpy(dtype=float).std()]
    assert data.codec.log_det(data.test.all()).tolist() == pytest.approx([-np.log(std).sum()] * len(data.test))


def test_judges_have_a_place_for_what_the_data_do_not_hold():
    native = load(frame()).as_given()
    metal, place = native.space.choices[0]
    assert metal.levels == (*METALS, OTHER)
    other = frame().astype({"size": "str"})
    other.loc[3, ["metal", "currency"]] = ["brass", "USD"]
    x = native.codec.encode(other).x
    assert x[3, place].tolist() == [0, 0, 0, 1]
    assert x[:, place][:, 3].sum() == 1
    assert x[3, -2:].tolist() == [0, 1]
    assert x[0, -2:].tolist() == [1, 0]
    with pytest.raises(Refused, match=r"'metal' of the table holds 'brass', which is none of .*\(gold, lead, tin\)"):
        load(frame()).codec.encode(other)


def test_another_table_may_have_other_types():
    """A level is known by its value, as text, or as text that was escaped for a spreadsheet."""
    table = frame().assign(metal=np.array(["=x", "y"])[np.arange(N) % 2])
    codec = load(table).codec
    other = table.astype({"floor": "str", "size": "str"}).assign(metal=np.array(["'=x", "y"])[np.arange(N) % 2])
    assert torch.equal(codec.encode(other).x, codec.encode(table).x)


def test_labels_are_no_levels():
    data = load(frame(), labels="metal")
    assert data.space.classes == METALS
    assert "metal" not in data.space.names
    assert data.codec.decode(data.test.all())["metal"].isin(METALS).all()


def test_a_table_of_levels_alone():
    data = load(frame()[["metal", "paid"]])
    assert data.space.shape == (5,)
    back = data.codec.decode(whole(data)).value_counts().sort_index()
    assert back.equals(frame()[["metal", "paid"]].value_counts().sort_index())
    with pytest.raises(Refused, match="must vary"):
        load(frame()[["currency"]])


def test_columns_are_told_before_training():
    told = {c.column: (c.type, c.values.partition(":")[0], c.done) for c in load(frame()).columns}
    assert told["metal"] == ("levels", "3", "3 indicators")
    assert told["currency"] == ("constant", "1", "carried")
    assert told["age"][::2] == ("whole number", "standardised")
    assert told["income"][0] == "number, 2 decimals"
    assert told["member"][:2] == ("truth", "0 to 1")
    assert list(told) == list(frame())


def test_shown_are_the_numbers_of_the_levels():
    data = load(frame())
    shown, table = data.codec.show(data.test.all()), data.codec.decode(data.test.all())
    assert shown.shape == (len(data.test), len(data.space.names))
    assert [METALS[int(i)] for i in shown[:, 1]] == table["metal"].tolist()
    assert np.allclose(shown[:, 2], table["income"], rtol=1e-6)


class TestWhatIsAColumnOfLevels:
    @pytest.mark.parametrize(
        ("cells", "so"),
        [
            (["a", "b"], True),
            (["yes", "no"], True),
            (["?", "Private", "State", "Private"], True),
            (["7th", "HS", "Masters"], True),
            (["1 kg", "2 kg"], False),
            (["1,5", "2,5"], False),
            (["2020-01-01", "2020-01-02"], False),
            (["1", "2", "x"], False),
            (["?", "NA", "x"], False),
            ([1, "x"], False),
            ([True, False], False),
            ([1.0, 2.0], False),
        ],
    )
    def test_by_its_cells(self, cells, so):
        assert of_levels(pd.Series(cells)) is so
        assert of_levels(pd.Series(cells, dtype=object)) is so

    def test_the_type_category_always_is(self):
        assert of_levels(pd.Series([1, 2], dtype="category"))
        assert not of_levels(pd.Series([], dtype=object))


class TestRefused:
    def test_missing_cells(self):
        table = frame()
        table.loc[7, "size"] = None
        with pytest.raises(Refused, match="'size' of the table holds 1 missing values, the first in row 7"):
            load(frame()).codec.encode(table)

    def test_categories_that_json_has_not(self):
        with pytest.raises(Refused, match=r"'age' of table must have categories that are texts or numbers.*astype"):
            load(frame().assign(age=pd.cut(frame()["age"], 3)))

    def test_arrays_in_place_of_the_table(self, tmp_path):
        codec = load(frame()).codec
        np.save(tmp_path / "a.npy", np.zeros((N, 8)))
        with pytest.raises(Refused, match=r"a holds numbers alone, and the table levels too \(metal, paid, size"):
            codec.read(tmp_path / "a.npy")
        with pytest.raises(Refused, match=r"with levels \(metal, .*\) is written as \.csv or \.parquet"):
            codec.named("a.npz")

    @pytest.mark.parametrize(
        "levels", [[], [{"column": "metal", "values": ["a", "a"], "dtype": "str"}], [{"column": "metal"}]]
    )
    def test_stored_levels_that_cannot_be(self, levels):
        stored = json.loads(json.dumps(load(frame()).codec.to_json()))
        with pytest.raises(Refused):
            Codec.from_json(stored | {"levels": levels})
