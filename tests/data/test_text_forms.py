"""Tables that are texts: separators, decimals, encodings and missing cells, read and written as the data came."""

import gzip
import json

import numpy as np
import pandas as pd
import pytest
import torch

from pushforward.data import Codec, load, load_like
from pushforward.errors import Refused
from pushforward.spaces import Columns, OneOf, Real

N = 40
DRAW = np.random.default_rng(0)
FRAME = pd.DataFrame({"preis": DRAW.integers(0, 999, N) / 100, "straße": DRAW.choice(["Äcker", "Öhr"], N)})
SPACE = Columns((Real("preis"), OneOf("straße", ("Äcker", "Öhr"))))


def ordered(data):
    x = torch.cat([part.all().x for part in (data.test, data.validation, data.train)])
    return x[np.argsort(data.order)]


@pytest.mark.parametrize(
    ("ending", "options"),
    [
        (".csv", {}),
        (".tsv", {}),
        (".csv.gz", {}),
        (".tsv.gz", {}),
        (".csv", {"sep": ";", "decimal": ","}),
        (".csv", {"sep": "|"}),
        (".csv", {"encoding": "cp1252"}),
        (".csv.gz", {"encoding": "utf-16", "sep": ";"}),
        (".tsv", {"decimal": ","}),
    ],
)
def test_what_you_gave_is_what_you_get_back(ending, options, tmp_path):
    path, told = tmp_path / f"t{ending}", {"sep": "\t" if ending.startswith(".tsv") else ",", **options}
    FRAME.to_csv(path, index=False, **told)
    data = load(path, **options)
    assert (data.space, data.name, data.codec.suffix) == (SPACE, "t", ending)
    assert torch.allclose(ordered(data), ordered(load(FRAME)))
    codec = Codec.from_json(json.loads(json.dumps(data.codec.to_json())))
    assert codec == data.codec
    codec.write(data.codec.encode(FRAME), tmp_path / f"out{ending}")
    unpacked = gzip.decompress if ending.endswith(".gz") else bytes
    assert unpacked((tmp_path / f"out{ending}").read_bytes()) == unpacked(path.read_bytes())
    assert torch.equal(load_like(data, tmp_path / f"out{ending}").x, data.codec.encode(FRAME).x)


def test_other_separators_are_seen_in_the_first_line_and_said(tmp_path):
    FRAME.to_csv(tmp_path / "t.csv", index=False, sep=";")
    data = load(tmp_path / "t.csv")
    assert torch.allclose(ordered(data), ordered(load(FRAME)))
    assert any("the columns of t.csv are separated by semicolons" in note for note in data.notes)


def test_a_second_spelling_of_missing_is_said(tmp_path):
    table = FRAME.astype({"preis": object})
    table.loc[:9, "preis"], table.loc[10:14, "preis"] = "?", None
    table.to_csv(tmp_path / "t.csv", index=False)
    with pytest.raises(Refused, match=r"holds '\?' in row 0 \(10 of 40 .*--missing"):
        load(tmp_path / "t.csv")
    data = load(tmp_path / "t.csv", missing="?,unknown")
    assert data.train.all().x[:, 1].mean() > 0
    assert data.columns[0].missing == 15
    data.codec.write(data.codec.encode(table.replace("?", None)), tmp_path / "out.csv")
    assert pd.read_csv(tmp_path / "out.csv")["preis"].eq("?").sum() == 15


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({}, "cannot be read as a table in utf-8 .*--encoding cp1252"),
        ({"encoding": "utf-9"}, "one that Python knows, .* got 'utf-9'"),
        ({"encoding": "ascii"}, "cannot be read as a table in ascii"),
        ({"sep": ";;"}, "--sep must be one character"),
        ({"encoding": "cp1252", "decimal": ","}, r"'preis' .* holds numbers as text, .* --decimal"),
        ({"encoding": "cp1252", "sep": ",", "decimal": ","}, "--decimal must be one character that does not separate"),
    ],
)
def test_the_wrong_one_is_named(options, reason, tmp_path):
    FRAME.to_csv(tmp_path / "t.csv", index=False, encoding="cp1252", sep=";" if options.get("decimal") else ",")
    with pytest.raises(Refused, match=reason):
        load(tmp_path / "t.csv", **options)


def test_utf_16_is_known_by_its_beginning(tmp_path):
    FRAME.to_csv(tmp_path / "t.csv", index=False, encoding="utf-16")
    with pytest.raises(Refused, match="--encoding utf-16 may"):
        load(tmp_path / "t.csv")


def test_options_of_texts_are_for_texts(tmp_path):
    FRAME.to_parquet(tmp_path / "t.parquet")
    for given in (FRAME, tmp_path / "t.parquet", "ring", np.eye(30)):
        with pytest.raises(Refused, match="for tables that are texts"):
            load(given, sep=";")


class TestBadTables:
    def test_one_row(self):
        with pytest.raises(Refused, match="must have at least 20 rows .* got 1; collect more"):
            load(FRAME[:1])

    def test_thirty_rows_are_enough(self):
        data = load(FRAME[:30])
        assert len(data.train) + len(data.validation) + len(data.test) == 30

    def test_duplicate_names(self, tmp_path):
        (tmp_path / "t.csv").write_text("a,b,a\n" + "1,2,3\n" * 30)
        with pytest.raises(Refused, match="different names, got 'a' more than once"):
            load(tmp_path / "t.csv")

    def test_a_column_without_any_cell_is_carried(self):
        data = load(FRAME.assign(nothing=np.nan))
        assert data.space == SPACE
        assert next(c.values for c in data.columns if c.column == "nothing") == "all are missing"
        assert data.codec.decode(data.test.all())["nothing"].isna().all()

    @pytest.mark.parametrize(
        ("cells", "reason"),
        [
            ([3, *["word"] * (N - 1)], "got text such as 'word'; 1 cells are none, such as 3 in row 0: make all texts"),
            (["word", *range(N - 1)], r"holds 'word' in row 0 \(1 of 40 cells is no number\)"),
            ([*["2024-01-31"] * 20, *["31/1/2024"] * 20], "if all are dates, write them in one form"),
            ([np.inf, *range(N - 1)], "holds 1 infinite values, the first in row 0"),
        ],
    )
    def test_what_no_column_can_be(self, cells, reason):
        with pytest.raises(Refused, match=reason):
            load(FRAME.assign(odd=pd.Series(cells)))

    def test_one_class(self):
        data = load(FRAME.assign(kind="same"), labels="kind")
        assert data.space.classes == ("same",)
