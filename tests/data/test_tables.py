import json

import numpy as np
import pandas as pd
import pytest
import torch

from pushforward.data import Codec, load
from pushforward.errors import Refused
from pushforward.spaces import Batch, Columns

N = 60
RNG = np.random.default_rng(3)


def frame():
    return pd.DataFrame(
        {
            "age": RNG.integers(18, 90, N),
            "income": np.round(RNG.lognormal(8, 1, N), 2),
            "kind": np.array(["gold", "lead", "tin"])[np.arange(N) % 3],
            "weight": RNG.normal(70, 10, N),
            "year": np.full(N, 2020),
            "member": RNG.random(N) > 0.5,
            "rooms": RNG.integers(1, 9, N).astype(np.float32),
            "count": pd.array(RNG.integers(0, 5, N), dtype="Int64"),
        }
    )


def whole(data):
    parts = [part.all() for part in (data.train, data.validation, data.test)]
    labelled = parts[0].label is not None
    return Batch(torch.cat([p.x for p in parts]), torch.cat([p.label for p in parts]) if labelled else None)


def in_order(table):
    return table.sort_values("income").reset_index(drop=True)


@pytest.mark.parametrize("form", ["frame", ".csv", ".parquet"])
def test_what_you_gave_is_what_you_get_back(form, tmp_path):
    given = frame()
    path = tmp_path / f"customers{form}"
    if form == ".csv":
        given["count"] = given["count"].astype("int64")
        given["rooms"] = given["rooms"].astype("float64")
        given.to_csv(path, index=False)
    if form == ".parquet":
        given.to_parquet(path)
    data = load(given if form == "frame" else path, labels="kind")
    assert data.space == Columns(("age", "income", "weight", "member", "rooms", "count"), ("gold", "lead", "tin"))
    back = data.codec.decode(whole(data))
    # exact but for `weight`, whose 16 digits pass through float32
    pd.testing.assert_frame_equal(in_order(back), in_order(given), rtol=1e-6)
    assert in_order(back).drop(columns="weight").equals(in_order(given).drop(columns="weight"))
    assert Codec.from_json(json.loads(json.dumps(data.codec.to_json()))) == data.codec


@pytest.mark.parametrize("ending", [".csv", ".parquet", ".npz", ".npy"])
def test_files_are_written_and_read_back(ending, tmp_path):
    data = load(frame(), labels="kind")
    batch = data.test.all()
    data.codec.write(batch, tmp_path / f"new/a{ending}")
    found = data.codec.read(tmp_path / f"new/a{ending}")
    assert torch.allclose(found.x, batch.x, atol=1e-5)
    if ending in (".csv", ".parquet"):
        assert torch.equal(found.label, batch.label)


def test_samples_without_labels_leave_the_column_out():
    data = load(frame(), labels="kind")
    assert list(data.codec.decode(Batch(torch.zeros(2, 6)))) == [c for c in frame() if c != "kind"]


def test_samples_are_rounded_to_the_type_and_the_decimals():
    back = load(frame(), labels="kind").codec.decode(Batch(torch.randn(200, 6) * 3))
    assert back.dtypes["age"] == np.int64
    assert back.dtypes["member"] == np.bool_
    assert np.array_equal(back["income"], np.round(back["income"], 2))
    assert np.array_equal(back["rooms"], np.round(back["rooms"]))
    assert (back["year"] == 2020).all()


def test_columns_are_standardised_by_the_training_part():
    data = load(frame(), labels="kind")
    x = data.train.all().x.double()
    assert torch.allclose(x.mean(0), torch.zeros(6, dtype=torch.float64), atol=1e-6)
    assert torch.allclose(x.std(0, correction=0), torch.ones(6, dtype=torch.float64), atol=1e-6)
    assert next(c.done for c in data.columns if c.column == "year") == "carried"


def test_shown_are_the_modelled_columns_in_their_units():
    data = load(frame(), labels="kind")
    shown = data.codec.show(data.test.all())
    assert shown.shape == (len(data.test), len(data.space.names))
    assert np.allclose(shown[:, 0], data.codec.decode(data.test.all())["age"], atol=1e-4)


def test_labels_of_numbers_come_back_as_numbers():
    given = frame().drop(columns="kind")
    data = load(given, labels="member")
    assert data.space.classes == ("False", "True")
    assert data.codec.decode(whole(data))["member"].dtype == np.bool_
    data = load(given, labels="count")
    assert data.codec.decode(whole(data))["count"].dtype == "Int64"


def test_categories_come_back_as_categories():
    given = frame().assign(kind=lambda t: t["kind"].astype("category"))
    assert load(given, labels="kind").codec.decode(whole(load(given, labels="kind")))["kind"].dtype == "category"


def test_names_that_are_numbers(tmp_path):
    given = pd.DataFrame(RNG.normal(size=(N, 3)))
    data = load(given)
    assert data.space.names == ("0", "1", "2")
    assert list(data.codec.decode(data.test.all()).columns) == [0, 1, 2]
    data.codec.write(data.test.all(), tmp_path / "a.parquet")
    assert torch.allclose(data.codec.read(tmp_path / "a.parquet").x, data.test.all().x, atol=1e-5)


def test_split_by_a_column():
    given = frame().drop(columns="kind").assign(part=["train"] * 40 + ["test"] * 20)
    data = load(given, split="part")
    assert len(data.test) == 20
    assert "part" not in data.space.names
    assert sorted(data.codec.decode(data.test.all())["income"]) == sorted(given["income"][40:])
    with pytest.raises(Refused, match="did you mean 'part'"):
        load(given, split="parts")
    with pytest.raises(Refused, match="must hold train, validation or test, got '2020'"):
        load(given, split="year")


def test_order_of_columns_is_free_when_another_table_is_read(tmp_path):
    data = load(frame(), labels="kind")
    given = frame()
    given[reversed(list(given))].to_csv(tmp_path / "a.csv", index=False)
    given.to_csv(tmp_path / "b.csv", index=False)
    assert torch.equal(data.codec.read(tmp_path / "a.csv").x, data.codec.read(tmp_path / "b.csv").x)


def test_a_constant_column_may_be_missing(tmp_path):
    frame().drop(columns=["year", "kind"]).to_csv(tmp_path / "a.csv", index=False)
    assert load(frame(), labels="kind").codec.read(tmp_path / "a.csv").x.shape == (N, 6)


class TestHash:
    @pytest.mark.parametrize("column", ["age", "income", "kind", "member", "count"])
    def test_changes_with_a_cell(self, column):
        given = frame()
        other = given.copy()
        other.loc[[3, 4], column] = (
            other.loc[[5, 6], column].to_numpy() if column != "member" else ~other.loc[3, column]
        )
        assume = not other.equals(given)
        if not assume:
            other.loc[3, column] = other[column].max() + 1
        assert load(other, labels="kind").content_hash != load(given, labels="kind").content_hash

    def test_changes_with_a_name(self):
        given = frame()
        other = given.rename(columns={"age": "years"})
        assert load(other, labels="kind").content_hash != load(given, labels="kind").content_hash

    def test_is_not_of_the_path(self, tmp_path):
        frame().to_csv(tmp_path / "a.csv", index=False)
        (tmp_path / "b.csv").write_bytes((tmp_path / "a.csv").read_bytes())
        one, other = (load(tmp_path / name, labels="kind") for name in ("a.csv", "b.csv"))
        assert one.content_hash == other.content_hash


class TestRefused:
    @pytest.mark.parametrize(
        ("change", "reason"),
        [
            (
                {"kind": [1, *["x"] * (N - 1)]},
                r"column 'kind' of table must be numeric, got text such as 'x'.*labels\.$",
            ),
            ({"kind": 1, "weight": [*range(N - 2), np.inf, -np.inf]}, f"'weight' .* 2 infinite values.*row {N - 2} "),
            ({"kind": 1j}, "'kind' .* must be numeric, got complex"),
        ],
    )
    def test_columns_that_are_no_numbers(self, change, reason):
        with pytest.raises(Refused, match=reason):
            load(frame().assign(**change))

    def test_real_tables(self, shared_data):
        data = load(shared_data / "california_housing.parquet", labels="ocean_proximity")
        assert data.codec.decode(whole(data))["total_bedrooms"].isna().sum() == 207

    def test_names(self):
        with pytest.raises(Refused, match="'kidn'; did you mean 'kind'"):
            load(frame(), labels="kidn")
        with pytest.raises(Refused, match="'age' more than once"):
            load(frame().rename(columns={"income": "age"}), labels="kind")

    def test_nothing_to_model(self):
        with pytest.raises(Refused, match="must have a column of numbers"):
            load(frame()[["kind"]], labels="kind")
        with pytest.raises(Refused, match="must vary"):
            load(frame()[["year"]])
        with pytest.raises(Refused, match="at least 20 rows"):
            load(frame().drop(columns="kind")[:19])

    def test_options_of_images(self):
        with pytest.raises(Refused, match="size of load is for images"):
            load(frame(), size=28)

    def test_other_columns(self, tmp_path):
        codec = load(frame(), labels="kind").codec
        frame().drop(columns="age").to_csv(tmp_path / "a.csv", index=False)
        with pytest.raises(Refused, match="age is missing"):
            codec.read(tmp_path / "a.csv")
        frame().assign(more=1).to_csv(tmp_path / "a.csv", index=False)
        with pytest.raises(Refused, match="more is not among them"):
            codec.read(tmp_path / "a.csv")
        np.savez(tmp_path / "a.npz", x=np.zeros((N, 3)))
        with pytest.raises(Refused, match="7 columns as the table has"):
            codec.read(tmp_path / "a.npz")
        with pytest.raises(Refused, match=r"\.csv, \.parquet, \.npz or \.npy"):
            codec.write(load(frame(), labels="kind").test.all(), tmp_path / "a.xlsx")

    @pytest.mark.parametrize(
        ("content", "reason"),
        [
            (b"", "cannot be read as a table.*No columns"),
            (b"1,2\n" + b"3,4\n" * 30, "first line .* must name its columns, got numbers: 1, 2"),
            (b"a,b\n1,2\n1,2,3\n", "cannot be read as a table.*Expected 2 fields in line 3, saw 3"),
            (b"a,b\n\xff\xfe,2\n", "cannot be read as a table in utf-8"),
        ],
    )
    def test_damaged_csv(self, content, reason, tmp_path):
        (tmp_path / "a.csv").write_bytes(content)
        with pytest.raises(Refused, match=reason):
            load(tmp_path / "a.csv")

    @pytest.mark.parametrize("share", [0.0, 0.5, 0.99])
    def test_damaged_parquet(self, share, tmp_path):
        frame().to_parquet(tmp_path / "a.parquet")
        content = (tmp_path / "a.parquet").read_bytes()
        (tmp_path / "a.parquet").write_bytes(content[: int(share * len(content))])
        with pytest.raises(Refused, match="cannot be read as a Parquet table"):
            load(tmp_path / "a.parquet")


def test_housing(shared_data):
    given = pd.read_parquet(shared_data / "california_housing.parquet").dropna()
    data = load(given, labels="ocean_proximity")
    back = data.codec.decode(whole(data))
    key = list(given.columns)
    pd.testing.assert_frame_equal(
        back.sort_values(key).reset_index(drop=True), given.sort_values(key).reset_index(drop=True), check_dtype=True
    )


def test_adult_comes_back_as_it_is(shared_data):
    given = pd.read_parquet(shared_data / "adult.parquet")
    data = load(shared_data / "adult.parquet", split="split")
    assert len(data.space.names) == 15
    back, given = (t.sort_values(list(t)).reset_index(drop=True) for t in (
        data.codec.decode(whole(data)), given.drop(columns="split")))  # fmt: skip
    pd.testing.assert_frame_equal(back, given, check_exact=True)


def test_adult_with_its_own_split(shared_data):
    given = pd.read_parquet(shared_data / "adult.parquet")
    numbers = [c for c in given if given[c].dtype.kind in "iu"]
    data = load(given[[*numbers, "income", "split"]], labels="income", split="split")
    assert len(data.test) == 16281
    assert data.test.all().label.bincount().tolist() == [12435, 3846]
    assert len(data.space.names) == len(numbers) == 6


def test_means_that_were_filled_in_do_not_unround_the_rest():
    """Two cells with six decimals, as a table of weather has them, among whole numbers held as floats."""
    values = np.random.default_rng(0).integers(-20, 40, 3000).astype(float)
    values[[7, 99]] = 14.66666667, 1 / 3
    frame = pd.DataFrame({"temperature": values, "wind": np.random.default_rng(1).normal(size=3000)})
    data = load(frame)
    back = data.codec.decode(data.train.all())
    assert (back["temperature"] == back["temperature"].round()).all()
    assert (back["wind"] != back["wind"].round(3)).mean() > 0.9
