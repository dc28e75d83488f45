"""Tables that are not as they should be: each is answered by one sentence, or by sensible work, and nothing is lost."""

import numpy as np
import pandas as pd
import pytest

DRAW = np.random.default_rng(0)
N = 120
BASE = pd.DataFrame(
    {
        "age": DRAW.integers(18, 90, N),
        "pay": np.round(DRAW.lognormal(3, 1, N), 2),
        "sex": DRAW.choice(["F", "M"], N),
    }
)
DAYS = pd.Timestamp("2024-01-15") + pd.to_timedelta(DRAW.integers(0, 300, N), "D")
FORMS = [day.strftime("%Y-%m-%d" if i == 7 else "%d.%m.%Y") for i, day in enumerate(DAYS)]


def csv(frame, **how):
    return frame.to_csv(index=False, **how)


def with_cells(column, rows, cell):
    frame = BASE.astype(object)
    frame.loc[rows, column] = cell
    return frame


REFUSED = {
    "mixed types": (
        csv(with_cells("pay", range(0, N, 3), "n/k")),
        "'n/k' in row 0 (40 of 120 cells",
    ),
    "a word": (csv(with_cells("pay", 5, "twelve")), "say in --columns that it holds levels"),
    "names": ("a,b,a\n" + "1,2,3\n" * 50, "must have different names, got 'a' more than once"),
    "one row": (csv(BASE.head(1)), "must have at least 20 rows to be split into three parts, got 1"),
    "no row": (csv(BASE.head(0)), "must have at least 20 rows to be split into three parts, got 0"),
    "nothing": ("", "cannot be read as a table"),
    "alike": ("a,b\n" + "1,x\n" * 50, "must vary from row to row"),
    "infinite": (
        csv(with_cells("pay", [3, 9], np.inf)),
        "holds 2 infinite values, the first in row 3",
    ),
    "other missing": (csv(with_cells("pay", [2], "?")), "if it stands for a missing value, --missing says so"),
    "two forms": (csv(BASE.assign(day=FORMS)), f"row 7, counted from 0, has '{FORMS[7]}': if all are dates"),
    "ragged": ("a,b\n" + "1,2\n" * 40 + "1,2,3\n", "Expected 2 fields in line 42, saw 3"),
    "decimals": (csv(BASE, sep=";", decimal=","), "or say --decimal ,"),
    "texts": ("word\n" + "\n".join(f"w{i % 40}" for i in range(60)), "has no column to model"),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_one_sentence_says_what_is_wrong(kind, shell, tmp_path):
    text, said = REFUSED[kind]
    (tmp_path / "table.csv").write_text(text, encoding="utf-8")
    answer = shell("fit", "table-cdf", "--data", "table.csv")
    assert answer.code == 2
    assert said in answer.err
    assert "Traceback" not in answer.err
    assert (tmp_path / "table.csv").read_text(encoding="utf-8") == text
    assert not (tmp_path / "runs").exists()


@pytest.mark.parametrize(
    ("encoding", "options", "said"),
    [
        ("latin-1", (), "--encoding cp1252 is what Windows writes in the West"),
        ("utf-16", (), "--encoding utf-16 may"),
        ("utf-8", ("--encoding", "klingon"), "one that Python knows"),
        ("utf-8", ("--sep", ";"), "--sep ';' does not occur in the first line of table.csv, and commas do"),
        ("utf-8", ("--sep", ";;"), "--sep must be one character"),
    ],
)
def test_encodings_and_separators_that_cannot_be_right(encoding, options, said, shell, tmp_path):
    frame = BASE.assign(name=np.where(BASE["sex"] == "F", "Zoë", "Jürg"))
    (tmp_path / "table.csv").write_bytes(csv(frame).encode(encoding))
    answer = shell("fit", "independent", "--data", "table.csv", *options)
    assert answer.code == 2
    assert said in answer.err
    assert "Traceback" not in answer.err


WORKS = {
    "all missing": (BASE.assign(empty=np.nan), (), lambda t: t["empty"].isna().all()),
    "30 rows": (BASE.head(30), (), lambda t: set(t["age"]) <= set(BASE["age"])),
    "one class": (BASE.assign(sex="F"), ("--labels", "sex"), lambda t: (t["sex"] == "F").all()),
    "two spellings": (
        with_cells("sex", [1, 2], "?"),
        ("--missing", "?"),
        lambda t: set(t["sex"]) <= {"F", "M", "?"},
    ),
    "wide": (pd.DataFrame(DRAW.normal(size=(60, 300))).add_prefix("c"), (), lambda t: t.shape[1] == 300),
}


@pytest.mark.parametrize("kind", WORKS)
def test_what_can_be_modelled_comes_back_in_its_form(kind, shell, tmp_path):
    frame, options, holds = WORKS[kind]
    frame.to_csv(tmp_path / "table.csv", index=False)
    answer = shell("fit", "cart", "--data", "table.csv", "--no-verdict", "--run", "r", *options)
    assert answer.code == 0, answer.err
    answer = shell("sample", "r", "-n", 50, "--out", "more.csv")
    assert answer.code == 0, answer.err
    more = pd.read_csv(tmp_path / "more.csv")
    assert list(more) == list(frame)
    assert holds(more)


def test_bars_separate_cells_too(shell, tmp_path):
    BASE.to_csv(tmp_path / "table.csv", index=False, sep="|")
    answer = shell("fit", "independent", "--data", "table.csv", "--no-verdict", "--run", "r")
    assert answer.code == 0, answer.err
    assert "are separated by bars" in answer.err


def test_what_no_sample_can_meet(shell, tmp_path):
    BASE.to_csv(tmp_path / "table.csv", index=False)
    assert shell("fit", "independent", "--data", "table.csv", "--no-verdict", "--run", "r").code == 0
    for options, said in (
        (("--where", "sex == 'X'"), "met by no value of 'sex' in the data; it holds F, M"),
        (("--where", "age is None"), "no cell of 'age' is missing in the data"),
        (("--where", "age == 'x'"), "compares 'age', a column of numbers, with a text"),
        (("--where", "age > 60 and age < 50"), "contradict each other"),
        (("--constraints", "age < pay and pay < age"), "no row meets age < pay and pay < age"),
        (("--constraints", "age >= 30", "--where", "age < 20"), "no row meets age >= 30 and age < 20"),
    ):
        answer = shell("sample", "r", "-n", 20, "--out", "more.csv", *options)
        assert answer.code == 2, options
        assert said in answer.err
        assert not (tmp_path / "more.csv").exists()
