"""Columns of many levels and of names: rare levels share an indicator, and what only names rows is written afresh."""

import json
import uuid
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest
import torch

import pushforward as pf
from pushforward.data import Codec, load, load_like
from pushforward.data.codecs.identifiers import Identifier
from pushforward.data.codecs.levels import FREQUENT, WIDEST, Levels
from pushforward.errors import Refused
from pushforward.spaces import Batch, Columns, OneOf, Real

N = 600
DRAW = np.random.default_rng(0)
NAMES = [f"town {i}" for i in range(400)]
TOWNS = np.array([*["Rome"] * 200, *["Oslo"] * 100, *NAMES[:300]])
FRAME = pd.DataFrame({"x": DRAW.normal(size=N), "town": TOWNS[DRAW.permutation(N)]})


def whole(data):
    return Batch(torch.cat([part.all().x for part in (data.test, data.validation, data.train)]))


class TestRareLevels:
    def test_share_an_indicator(self):
        data = load(FRAME)
        assert data.space == Columns((Real("x"), OneOf("town", ("Oslo", "Rome", "a rare level"))))
        assert data.codec.log_det(data.test.all()).shape == (len(data.test),)
        towns = data.codec.encode(FRAME).x[:, 1:].argmax(1)
        assert torch.equal(towns, torch.tensor([{"Oslo": 0, "Rome": 1}.get(t, 2) for t in FRAME["town"]]))

    def test_are_redrawn_from_the_seen_ones_by_their_frequency(self):
        rare = np.repeat(["a", "b"], [15, 5])
        column = pd.Series([*["many"] * 1000, *rare, *[f"t{i}" for i in range(120)]], name="town")
        found = Levels.of(column, "of t")
        assert (found.values, sum(found.counts)) == (("many",), 140)
        drawn = found.decode(np.tile([0.0, 1.0], (14_000, 1)), np.random.default_rng(0))
        assert set(drawn) <= set(column) - {"many"}
        for level, share in (("a", 15 / 140), ("b", 5 / 140)):
            assert abs((drawn == level).mean() - share) < 5 * np.sqrt(share / 14_000)

    def test_samples_of_the_same_points_are_the_same(self):
        data = load(FRAME)
        one, other = (data.codec.decode(whole(data)) for _ in range(2))
        assert one.equals(other)
        assert (one["town"] == "Rome").sum() == 200
        assert set(one["town"]) <= set(FRAME["town"])

    def test_only_frequent_levels_have_their_own_and_not_too_many(self):
        many = pd.Series(np.repeat([f"t{i:04d}" for i in range(WIDEST + 100)], FREQUENT), name="t")
        assert len(Levels.of(many, "of t").values) == WIDEST
        assert Levels.of(pd.Series(np.repeat([f"t{i}" for i in range(150)], FREQUENT), name="t"), "of t").rare == ()
        few = pd.Series(np.repeat([f"t{i}" for i in range(150)], FREQUENT - 1), name="t")
        assert Levels.of(few, "of t").values == ()

    @pytest.mark.parametrize("dtype", ["str", "category", object, "string"])
    def test_types_and_missing_cells_come_back(self, dtype):
        table = FRAME.assign(town=FRAME["town"].astype(dtype))
        table.loc[:9, "town"] = None
        data = load(table)
        codec = Codec.from_json(json.loads(json.dumps(data.codec.to_json())))
        assert codec == data.codec
        back = codec.decode(codec.encode(table))
        assert back["town"].dtype == table["town"].dtype
        assert back["town"].isna().tolist() == table["town"].isna().tolist()
        frequent = table["town"].isin(["Rome", "Oslo"])
        assert back["town"][frequent].tolist() == table["town"][frequent].tolist()

    def test_a_hundred_thousand_levels_take_no_more_memory_than_two(self):
        n = 100_000
        table = pd.DataFrame({"x": np.arange(n) % 7.0, "key": [f"k{i % (n - 1)}" for i in range(n)]})
        data = load(table)
        assert data.space.shape == (1,)
        held = data.train.numbers, data.train.levels
        assert sum(t.numel() * t.element_size() for t in held) < 10 * n
        assert set(data.codec.decode(data.test.all())["key"]) <= set(table["key"])


class TestIdentifiers:
    KEYS = pd.DataFrame(
        {
            "key": [str(uuid.UUID(bytes=DRAW.bytes(16), version=4)) for _ in range(N)],
            "x": DRAW.normal(size=N),
            "code": [f"C-{i:04d}" for i in DRAW.permutation(N)],
            "customer_id": DRAW.permutation(N) + 50_000,
        }
    )

    def test_are_found_left_out_and_written_afresh_in_their_places(self):
        data = load(self.KEYS)
        assert data.space.names == ("x",)
        assert any("'key' and 'code' of table name each row differently" in note for note in data.notes)
        codec = Codec.from_json(json.loads(json.dumps(data.codec.to_json())))
        back = codec.decode(data.test.all())
        assert list(back) == list(self.KEYS)
        assert back.dtypes.equals(self.KEYS.dtypes)
        assert all(back[c].is_unique for c in ("key", "code", "customer_id"))
        assert all(uuid.UUID(key).version == 4 for key in back["key"])
        assert back["code"].str.fullmatch(r"C-\d{4}").all()
        assert back["customer_id"].min() == 50_000 + N
        assert list(codec.without_index().decode(data.test.all())) == ["x"]

    def test_of_other_tables_are_left_out_too(self):
        notes = []
        x = load_like(load(self.KEYS), self.KEYS.assign(key="same", code="same"), notes).x
        assert x.shape == (N, 1)
        assert load_like(load(self.KEYS), self.KEYS[["x"]]).x.shape == (N, 1)
        assert any("'key' and 'code'" in note for note in notes)

    def test_more_new_names_than_a_form_has_are_longer(self):
        found = Identifier.of(pd.Series([f"C{i}" for i in range(10)], name="c"), 0)
        words = found.fresh(200)
        assert words.is_unique
        assert words.str.fullmatch(r"C\d+").all()

    @pytest.mark.parametrize("cells", [[f"{i} kg" for i in range(N)], [f"{i},5" for i in range(N)]])
    def test_numbers_that_are_badly_written_are_no_names(self, cells):
        with pytest.raises(Refused, match="must be numeric, got text"):
            load(self.KEYS.assign(code=cells))

    def test_dates_are_no_names(self):
        data = load(self.KEYS.assign(code=pd.date_range("2020-01-01", periods=N).astype(str)))
        assert data.space.names == ("x", "code")


class TestColumnsThatAreSaid:
    TABLE = FRAME.assign(
        zip=DRAW.choice([1000, 2000, 3000], N), odd=DRAW.normal(size=N), code=[f"c{i}" for i in range(N)]
    )

    def test_what_is_said_holds(self, tmp_path):
        (tmp_path / "types.yaml").write_text("zip: levels\nodd: none\ntown: identifier\ncode: levels\n")
        data = load(self.TABLE, columns=tmp_path / "types.yaml")
        assert data.space == Columns((Real("x"), OneOf("zip", ("1000", "2000", "3000"))))
        back = data.codec.decode(data.train.all())
        assert list(back) == ["x", "town", "zip", "code"]
        assert back["zip"].dtype == self.TABLE["zip"].dtype
        assert set(back["code"]) <= set(self.TABLE["code"])
        assert [c.type for c in data.columns] == ["number", "identifier", "levels", "levels", "none"]
        assert data.as_given().codec.space.names == ("x", "zip", "code")

    def test_levels_of_numbers_are_known_as_floats_too(self):
        data = load(self.TABLE, columns={"zip": "levels"})
        assert torch.equal(data.codec.encode(self.TABLE.astype({"zip": float})).x, data.codec.encode(self.TABLE).x)

    @pytest.mark.parametrize(
        ("said", "reason"),
        [
            ({"zap": "levels"}, "no column of table: 'zap'; did you mean 'zip'"),
            ({"zip": "category"}, "'zip' is 'category'; it can be number, levels, date, identifier, none"),
            ({"town": "date"}, "'town' of table holds dates, and it holds cells such as"),
            ({"town": "number"}, "column 'town' of table must be numeric"),
        ],
    )
    def test_what_cannot_be_is_refused(self, said, reason):
        with pytest.raises(Refused, match=reason):
            load(self.TABLE, columns=said)
        with pytest.raises(Refused, match="columns of load is for tables"):
            load(np.zeros((30, 2)) + DRAW.normal(size=(30, 2)), columns={"x0": "number"})


@pytest.mark.parametrize(
    "column",
    [
        pd.Series([Decimal(int(i)) / 4 for i in DRAW.integers(0, 99, N)]),
        pd.Series([int(i) for i in DRAW.integers(0, 9, N)], dtype=object),
        pd.Series(DRAW.integers(0, 9, N), dtype="int64[pyarrow]"),
        pd.Series(DRAW.normal(size=N), dtype="double[pyarrow]"),
        pd.Series(DRAW.integers(0, 9, N), dtype="UInt8"),
        pd.Series(DRAW.random(N) > 0.5, dtype="bool[pyarrow]"),
        pd.Series(DRAW.choice(["a", "b"], N), dtype="string[pyarrow]"),
    ],
    ids=lambda c: str(c.dtype) + type(c[0]).__name__,
)
@pytest.mark.parametrize("missing", [False, True])
def test_types_come_back(column, missing):
    table = pd.DataFrame({"x": FRAME["x"], "c": column.copy()})
    if missing:
        table.loc[:5, "c"] = None
    codec = load(table).codec
    back = codec.decode(codec.encode(table))
    assert back["c"].dtype == table["c"].dtype
    assert back["c"].isna().equals(table["c"].isna())
    there = table["c"].notna()
    assert [type(cell) for cell in back["c"][there]] == [type(cell) for cell in table["c"][there]]
    assert np.allclose(back["c"][there].astype(float), table["c"][there].astype(float), atol=1e-6) if column.dtype != (
        "string[pyarrow]") else back["c"][there].tolist() == table["c"][there].tolist()  # fmt: skip


@pytest.mark.parametrize("library", ["polars", "pyarrow"])
def test_tables_of_other_libraries_come_back_as_such(library):
    module = pytest.importorskip(library)
    table = FRAME.assign(n=pd.array([*[None] * 5, *DRAW.integers(0, 9, N - 5)], dtype="Int64"))
    given = module.from_pandas(table) if library == "polars" else module.Table.from_pandas(table, preserve_index=False)
    data = load(given)
    back = data.codec.given_back(data.test.all())
    assert type(back) is type(given)
    assert [str(t) for t in (back.schema.dtypes() if library == "polars" else back.schema.types)] == [
        str(t) for t in (given.schema.dtypes() if library == "polars" else given.schema.types)
    ]


class TestLevelsThatTheDataDoNotHave:
    """In judging: rows of the same law have rare levels that the data do not happen to hold."""

    def rows(self, seed, n=2000):
        draw = np.random.default_rng(seed)
        town = (3000 * draw.random(n) ** 3).astype(int)
        return pd.DataFrame({"x": draw.normal(size=n), "town": [f"town {i}" for i in town]})

    def test_are_rare_levels_and_missing_ones_are_not(self):
        native = load(FRAME).as_given()
        x = native.codec.encode(FRAME.assign(town=["town 3", "nowhere", None, *FRAME["town"][3:]])).x[:, 1:]
        assert x[:3].tolist() == [[0, 0, 1, 0], [0, 0, 1, 0], [0, 0, 0, 1]]

    def test_are_a_share_of_rows_of_the_same_law(self):
        one, other = self.rows(0), self.rows(1)
        town = load(one, native=True).codec.levels[0]
        new = ~other["town"].isin(one["town"])
        assert new.mean() > 0.1
        places = town.encode(other["town"], other=True).argmax(1)
        assert set(places[new]) == {town.names.index("a rare level")}

    def test_do_not_tell_rows_of_the_same_law_apart(self):
        found = pf.score(self.rows(0), self.rows(1), metrics="mmd").to_json()
        assert {name: test["rejected"] for name, test in found["tests"].items()} == {
            "two-sample": False,
            "constant-columns": False,
        }
