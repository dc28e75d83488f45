"""First lines, commas, row numbers and single cells of tables: each used rightly, or left out and said, or quoted."""

import json

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import torch

from pushforward.data import Codec, load, load_like
from pushforward.data.raw.row_numbers import row_numbers
from pushforward.data.readers.tables import read_table
from pushforward.errors import Refused

N = 30
RNG = np.random.default_rng(5)
FRAME = pd.DataFrame(RNG.normal(size=(N, 2)).round(3), columns=["a", "b"])
LINES = FRAME.to_csv(index=False).splitlines()
# What a table says of a column that is left out.
COUNTS = "is left out: neither judged nor modelled"


@pytest.fixture
def table(tmp_path):
    """Writes lines to a file."""

    def write(lines, name="t.csv"):
        (tmp_path / name).write_text("\n".join(lines) + "\n")
        return tmp_path / name

    return write


# name: the file's lines, and what the note says
LEFT_OUT = {
    "pandas' index": ([f",{LINES[0]}"] + [f"{i},{row}" for i, row in enumerate(LINES[1:])], COUNTS),
    "an index from one": ([f",{LINES[0]}"] + [f"{i},{row}" for i, row in enumerate(LINES[1:], 1)], COUNTS),
    "an index with gaps": ([f",{LINES[0]}"] + [f"{3 * i + 7},{row}" for i, row in enumerate(LINES[1:])], COUNTS),
    "written twice": (
        [f",Unnamed: 0,{LINES[0]}"] + [f"{i},{i},{row}" for i, row in enumerate(LINES[1:])],
        "are left out: neither judged nor modelled",
    ),
    "a named counter": ([f"no,{LINES[0]}"] + [f"{i},{row}" for i, row in enumerate(LINES[1:])], COUNTS),
    "a counter at the end": ([f"{LINES[0]},t"] + [f"{row},{i}" for i, row in enumerate(LINES[1:], 1)], COUNTS),
    "shuffled ids": ([f"id,{LINES[0]}"] + [f"{i * 7 % N},{row}" for i, row in enumerate(LINES[1:])], COUNTS),
    "a header one name short": ([LINES[0]] + [f"{i},{row}" for i, row in enumerate(LINES[1:])], COUNTS),
    "names of rows": ([LINES[0]] + [f"car {i},{row}" for i, row in enumerate(LINES[1:])], "(such as 'car 0')"),
    "commas at the ends": ([f"{line}," for line in LINES], "end with commas: they make an empty column"),
    "commas below the header": ([LINES[0]] + [f"{row}," for row in LINES[1:]], "end with commas"),
    "a comma in the header": ([f"{LINES[0]},"] + LINES[1:], "end with commas"),
    "several commas": ([LINES[0]] + [f"{row},," for row in LINES[1:]], "2 empty columns"),
    "a short header and commas": ([LINES[0]] + [f"{i},{row}," for i, row in enumerate(LINES[1:])], COUNTS),
}  # fmt: skip


@pytest.mark.parametrize("kind", LEFT_OUT)
def test_what_is_no_column_is_left_out_and_said(kind, table):
    """Such a file is the same as one of the two columns alone, as data and as samples."""
    lines, note = LEFT_OUT[kind]
    plain, path = load(table(LINES, "plain.csv")), table(lines)
    data, said = load(path), []
    assert data.space.names == ("a", "b")
    assert torch.equal(data.train.all().x, plain.train.all().x)
    assert torch.equal(load_like(plain, path, said).x, plain.codec.encode(FRAME).x)
    assert torch.equal(load_like(data, table(LINES, "plain.csv")).x, plain.codec.encode(FRAME).x)
    assert any(note in sentence for sentence in data.notes)
    assert any(note in sentence for sentence in said)


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        (
            [LINES[0]] + [f"{row},1.5" for row in LINES[1:]],
            "must name every column, got 2 names above rows of 3 values",
        ),
        ([LINES[0]] + [f"{row},1.5,2.5" for row in LINES[1:]], "got 2 names above rows of 4 values; add the names"),
        ([LINES[0]] + [f"x,{row}" for row in LINES[1:]], "must name every column"),
        (["a,a"] + LINES[1:], "must have different names, got 'a' more than once"),
    ],
)
def test_first_lines_that_cannot_be_right(lines, reason, table):
    with pytest.raises(Refused, match=reason):
        load(table(lines))


def test_what_only_looks_like_row_numbers_is_data():
    rank, whole = RNG.permutation(N), np.arange(N)
    for column in (rank, whole + 0.0, whole + 5, 2 * whole, whole % 7):
        assert load(FRAME.assign(score=column)).space.names == ("a", "b", "score")
    assert load(pd.DataFrame({"a": whole})).space.names == ("a",)
    assert not row_numbers(pd.DataFrame({"a": [0, 1, 2, 3], "b": [1, 2, 3, 4]}))
    assert load(FRAME.assign(t=whole), labels="t", split="80/10/10").space.names == ("a", "b")
    # of the data's columns none is left out of samples that happen to count
    data = load(FRAME.assign(k=rank))
    assert data.space.names == ("a", "b", "k")
    assert load_like(data, FRAME.assign(k=whole)).x.shape == (N, 3)


@pytest.mark.parametrize(("start", "name"), [(0, ""), (1, ""), (0, "id"), (1, "nr")])
@pytest.mark.parametrize("ending", [".csv", ".parquet"])
def test_samples_have_fresh_row_numbers_in_the_same_place(start, name, ending, tmp_path):
    given = FRAME.copy()
    given.insert(1, name, np.arange(start, N + start))
    given.to_csv(tmp_path / "t.csv", index=False)
    data = load(tmp_path / "t.csv")
    codec = Codec.from_json(json.loads(json.dumps(data.codec.to_json())))
    assert codec == data.codec
    codec.write(data.test.all(), tmp_path / f"out{ending}")
    back = pd.read_csv(tmp_path / "out.csv") if ending == ".csv" else pd.read_parquet(tmp_path / "out.parquet")
    assert [column.replace("Unnamed: 1", "") for column in back] == ["a", name, "b"]
    assert back.iloc[:, 1].tolist() == list(range(start, start + len(data.test)))
    assert torch.allclose(codec.read(tmp_path / f"out{ending}").x, data.test.all().x, atol=1e-5)


class TestIndices:
    def test_of_parquet(self, tmp_path):
        for given, words in (
            (FRAME.set_index(np.arange(7, N + 7)), "the index of t is left out"),
            (FRAME.sample(frac=1, random_state=0), "the index of t is left out"),
            (FRAME.set_index(pd.Index(range(N), name="when")), r"the index of t \('when'\) is left out"),
            (FRAME.set_index(pd.MultiIndex.from_product([["u", "v"], range(N // 2)], names=["g", "i"])), "'g', 'i'"),
        ):
            given.to_parquet(tmp_path / "t.parquet")
            data = load(tmp_path / "t.parquet")
            assert data.space.names == ("a", "b")
            assert any(pd.Series(note).str.contains(words).all() for note in data.notes)
        FRAME.to_parquet(tmp_path / "t.parquet")
        assert not any("left out" in note for note in load(tmp_path / "t.parquet").notes)

    def test_that_became_columns(self, tmp_path):
        pq.write_table(pa.table(FRAME.assign(__index_level_0__=np.arange(N) * 2)), tmp_path / "t.parquet")
        assert load(tmp_path / "t.parquet").space.names == ("a", "b")
        assert load(FRAME.reset_index()).space.names == ("a", "b")
        assert load(FRAME.reset_index(names="level_0")).space.names == ("a", "b")

    def test_of_columns(self):
        names = pd.MultiIndex.from_product([["u"], ["a", "b"]])
        data = load(FRAME.set_axis(names, axis=1))
        assert data.space.names == ("u/a", "u/b")
        assert any("several levels" in note for note in data.notes)
        assert torch.equal(load_like(data, FRAME[["b", "a"]].set_axis(names[::-1], axis=1)).x, data.codec.encode(
            FRAME.set_axis(["u/a", "u/b"], axis=1)).x)  # fmt: skip


def with_cells(cells):
    """The lines with other texts in column b, by row."""
    return [LINES[0]] + [f"{row.split(',')[0]},{cells.get(i, row.split(',')[1])}" for i, row in enumerate(LINES[1:])]


@pytest.mark.parametrize(
    ("cell", "remedy"),
    [
        ("?", "if it stands for a missing value"),
        ("-", "if it stands for a missing value"),
        ("missing", "if it stands for a missing value"),
        ("#DIV/0!", "if it stands for a missing value"),
        ("1,234", "without commas between thousands"),
        ("12,5", "decimals with a point"),
        ("1.234,5", "decimals with a point"),
        ("12 %", "without the sign of percent"),
        ("$1.50", "without a currency"),
        ("3.5 €", "without a currency"),
        ("70 kg", "without units"),
        ("2024-02-29", "a date as a number"),
        ("29/2/2024", "a date as a number"),
        ("yes", "write 1 and 0"),
        ("3..4", "correct it or drop the row"),
        ("1_000", "correct it or drop the row"),
    ],
)
def test_a_cell_that_is_no_number_is_quoted(cell, remedy, table):
    with pytest.raises(Refused) as refusal:
        load(table(with_cells({17: f'"{cell}"'})))
    assert f"column 'b' holds {cell!r} in row 17 (1 of {N} cells is no number) of t, counted from 0" in str(
        refusal.value
    )
    assert remedy in str(refusal.value)
    with pytest.raises(Refused, match="column 'b' holds"):
        load_like(load(FRAME), table(with_cells({17: f'"{cell}"'})))


def test_several_cells_are_counted_and_whole_columns_are_text(table):
    with pytest.raises(Refused, match=rf"holds '\?' in row 4 \(3 of {N} cells are no number\) of t, the first of them"):
        load(table(with_cells({9: "?", 4: "?", 20: "word"})))
    with pytest.raises(Refused, match="must be numeric, got text such as '1 kg'; write numbers without units"):
        load(table(with_cells({i: f"{i + 1} kg" for i in range(N)})))
    with pytest.raises(Refused, match=r"holds numbers as text, such as '1\.5'; convert them"):
        load(FRAME.assign(b=["1.5"] * N))


@pytest.mark.parametrize("text", ["NA", "n/a", "null", "nan"])
def test_missing_values_are_written_as_the_first_of_them_was(text, table, tmp_path):
    data = load(table(with_cells({3: text, 8: ""})))
    data.codec.write(data.codec.encode(pd.DataFrame({"a": [1, 2], "b": [None, 1.0]})), tmp_path / "a.csv")
    assert (tmp_path / "a.csv").read_text().splitlines()[1].split(",")[1] == text


def test_numbers_as_objects_of_python_are_numbers():
    from decimal import Decimal

    given = FRAME.assign(b=[Decimal(i) / 4 for i in range(N)])
    assert load(given).codec.decode(load(given).test.all())["b"].max() <= (N - 1) / 4


class TestTooLarge:
    def test_squares_that_overflow(self, tmp_path):
        for value in (1e300, -2e200, 1e151):
            with pytest.raises(Refused, match=r"'b' of table holds .* beyond 1e\+150 overflow when they are squared"):
                load(FRAME.assign(b=np.where(np.arange(N) == 3, value, 1.0)))
            with pytest.raises(Refused, match=r"array holds .* overflow"):
                load(FRAME.to_numpy() * value)
            with pytest.raises(Refused, match="overflow"):
                load_like(load(FRAME), FRAME.assign(b=value))
        assert load(FRAME * 1e149).space.names == ("a", "b")

    def test_integers_that_float64_does_not_hold(self, table):
        for first in (2**60, -(2**63), 10**25):
            with pytest.raises(Refused, match=r"float64 has not all integers beyond 2\^53; subtract"):
                load(table(with_cells({i: str(first + i) for i in range(N)})))
        with pytest.raises(Refused, match=r"array holds .* beyond 2\^53"):
            load(np.arange(2 * N).reshape(N, 2) + 2**55)
        assert load(FRAME.assign(b=2**53 - np.arange(N))).space.names == ("a", "b")

    def test_samples_keep_within_narrow_floats(self):
        given = (RNG.random((N, 2)) * 65000).astype(np.float16)
        data = load(given)
        back = data.codec.decode(data.codec.encode(given)._replace(x=torch.full((3, 2), 50.0)))
        assert np.isfinite(back).all()
        assert back.dtype == np.float16


class TestFormulas:
    GIVEN = FRAME.rename(columns={"a": "=cmd|' /C calc'!A0", "b": "-b"}).assign(kind=["+1", "@sum", "plain"] * (N // 3))

    @pytest.mark.parametrize("ending", [".csv", ".parquet", ".npz"])
    def test_are_kept_unless_they_are_to_be_escaped(self, ending, tmp_path):
        data = load(self.GIVEN, labels="kind")
        batch = data.test.all()
        for escape in (False, True):
            data.codec.write(batch, tmp_path / f"a{ending}", escape_formulas=escape)
            found = data.codec.read(tmp_path / f"a{ending}")
            assert torch.allclose(found.x, batch.x, atol=1e-5)
            if ending != ".npz":
                assert torch.equal(found.label, batch.label)
        if ending == ".csv":
            back = pd.read_csv(tmp_path / "a.csv")
            assert list(back) == ["'=cmd|' /C calc'!A0", "'-b", "kind"]
            assert set(back["kind"]) <= {"'+1", "'@sum", "plain"}
            assert (back["'-b"] < 0).any()  # a negative number is no formula

    def test_of_rows_with_labels(self, tmp_path):
        data = load((FRAME.to_numpy(), np.array(["=x", "y"] * (N // 2))))
        data.codec.write(data.test.all(), tmp_path / "a.csv", escape_formulas=True)
        assert set(pd.read_csv(tmp_path / "a.csv")["label"]) == {"'=x", "y"}


def test_labels_that_are_not_those_of_the_data_are_left_out_and_said(tmp_path):
    data, said = load(FRAME.assign(kind=["x", "y"] * (N // 2)), labels="kind"), []
    FRAME.assign(kind="z").to_csv(tmp_path / "t.csv", index=False)
    batch = load_like(data, tmp_path / "t.csv", said)
    assert batch.label is None
    assert said == ["column 'kind' of t is left out: its labels are not those of the data."]


def test_a_table_keeps_its_file_and_its_marks(tmp_path):
    (tmp_path / "t.csv").write_bytes(b"\xef\xbb\xbf" + "\r\n".join(["", " ", *LINES, ""]).encode())
    found = read_table(tmp_path / "t.csv")
    assert list(found.frame) == ["a", "b"]
    assert found.frame.equals(FRAME)
    assert found.notes == ()
