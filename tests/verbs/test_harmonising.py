"""Samples of any program against a table: missing cells, other order, other types, columns too many or too few."""

import numpy as np
import pandas as pd
import pytest

import pushforward as pf
from pushforward.errors import Refused


def table(n, seed):
    draw = np.random.default_rng(seed)
    pay = draw.normal(100, 10, n).round(2)
    return pd.DataFrame({"age": draw.integers(18, 70, n), "pay": pay, "job": draw.choice(["cook", "nurse"], n)})


REAL, FAKE = table(200, 0), table(150, 1)


def shapes(real, fake):
    found = pf.score(real, fake, metrics="shape")
    return found.to_json()["table"]["columns"], found.warnings


def test_order_and_kinds_of_numbers_change_nothing():
    expected, _ = shapes(REAL, FAKE)
    assert shapes(REAL, FAKE[["job", "pay", "age"]].astype({"age": float, "job": "category"}))[0] == expected


@pytest.mark.parametrize("as_file", [False, True])
def test_missing_numbers_of_samples_count(as_file, tmp_path):
    """A third of the cells is missing where none of the data's is: the laws are at least a third apart."""
    fake = FAKE.astype({"age": float})
    fake.loc[fake.index % 3 == 0, "age"] = np.nan
    if as_file:
        for name, frame in (("real", REAL), ("fake", fake)):
            frame.to_csv(tmp_path / f"{name}.csv", index=False)
        found, _ = shapes(tmp_path / "real.csv", tmp_path / "fake.csv")
    else:
        found, _ = shapes(REAL, fake)
    expected, _ = shapes(REAL, FAKE)
    assert 1 / 3 <= found["age"] < 1 / 3 + 2 * expected["age"] + 0.01
    assert (found["pay"], found["job"]) == (expected["pay"], expected["job"])


def test_columns_that_one_side_lacks_are_left_out_in_one_sentence():
    expected, _ = shapes(REAL, FAKE)
    more, said = shapes(REAL, FAKE.assign(id=1.5, mood="good"))
    assert more == expected
    assert "columns that the data do not have are left out of the samples: id, mood." in said
    fewer, said = shapes(REAL, FAKE.drop(columns="pay"))
    assert fewer == {name: value for name, value in expected.items() if name != "pay"}
    assert "columns that the samples do not have are left out of the data: pay." in said
    with pytest.raises(Refused, match="have none of them"):
        shapes(REAL, pd.DataFrame({"a": np.arange(40.0) ** 2, "b": np.arange(40.0)[::-1] ** 3}))


def test_training_rows_beside_them_are_read_alike():
    train = table(120, 2).astype({"age": float})
    train.loc[3, "age"] = np.nan
    found = pf.score(REAL, FAKE.drop(columns="pay"), train=train, metrics="shape")
    known = set(zip(train["age"], train["job"], strict=True))
    copies = np.mean([row in known for row in zip(FAKE["age"], FAKE["job"], strict=True)])
    assert found.to_json()["table"]["audit"]["copies"] == pytest.approx(copies)
    assert "pay" not in found.to_json()["table"]["columns"]


def test_levels_and_dates_of_data_without_a_column_stay():
    days = pd.date_range("2024-01-01", periods=200, freq="D")
    real = REAL.assign(day=days)
    fake = FAKE.assign(day=days[:150]).drop(columns="age")
    found, _ = shapes(real, fake)
    assert found["day"] == pytest.approx(0.25)


def test_compare_takes_them_too():
    fake = FAKE.astype({"age": float})
    fake.loc[:9, "age"] = np.nan
    found = pf.compare(REAL, {"a": fake, "b": FAKE.assign(mood="good")})
    assert set(found.ranking.names) == {"a", "b"}
    assert any("left out of the samples: mood" in note for note in found.notes)
