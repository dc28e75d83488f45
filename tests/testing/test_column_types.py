"""Types of columns written elsewhere: their laws, and a table of theirs through a run, by object and by dotted path."""

import json
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pytest
import torch

import pushforward as pf
from pushforward.cli import main
from pushforward.data import Codec, ColumnType, load
from pushforward.errors import Refused
from pushforward.permission import permitting
from pushforward.testing import check

N = 300


@dataclass(frozen=True)
class Durations(ColumnType):
    """Durations in minutes, written as "1h 05m"."""

    @property
    def examples(self):
        return "0h 20m", "1h 05m", "12h 00m"

    def number(self, cell):
        hours, minutes = cell.removesuffix("m").split("h ")
        return 60.0 * int(hours) + int(minutes)

    def cell(self, number):
        return "{}h {:02d}m".format(*divmod(round(number), 60))


@dataclass(frozen=True)
class Versions(ColumnType):
    """Versions such as 3.11, of which the largest minor number is taken from the data."""

    base: int = 100

    @property
    def examples(self):
        return "3.2", "3.11", "4.0"

    def number(self, cell):
        major, minor = map(int, cell.split("."))
        return float(self.base * major + minor)

    def cell(self, number):
        return "{}.{}".format(*divmod(round(number), self.base))

    def fitted(self, cells):
        return Versions(1 + max((int(cell.split(".")[1]) for cell in cells), default=0))


@dataclass(frozen=True)
class Logarithms(ColumnType):
    """Positive numbers, by their logarithms."""

    @property
    def examples(self):
        return 1.5, 20.0, 4000.0

    def number(self, cell):
        return float(np.log(cell))

    def cell(self, number):
        return float(np.exp(number))


@pytest.mark.parametrize("kind", [Durations, Versions, Logarithms], ids=lambda kind: kind.__name__)
def test_types_of_texts_and_of_numbers_pass(kind):
    check(kind)


@dataclass(frozen=True)
class Rounding(Durations):
    def cell(self, number):
        return f"{round(number / 60)}h 00m"


@dataclass(frozen=True)
class Beyond(Durations):
    def cell(self, number):
        exact = number in (20.0, 65.0, 720.0)
        return super().cell(number if exact else number + 1000)


@dataclass(frozen=True)
class Welcoming(Durations):
    def number(self, cell):
        return super().number(cell) if isinstance(cell, str) and cell.endswith("m") else 0.0


@dataclass(frozen=True)
class Alike(Durations):
    def number(self, cell):
        return min(super().number(cell), 65.0)


@pytest.mark.parametrize(
    ("kind", "law"),
    [
        (Rounding, "The cell of the number of a cell is that cell"),
        (
            Beyond,
            "The cells of numbers between two seen ones can be read, and.*largest number is 720",
        ),
        (Welcoming, "A cell that it cannot read is refused by one sentence"),
        (Alike, "The numbers of different examples are different"),
    ],
    ids=lambda v: getattr(v, "__name__", ""),
)
def test_a_broken_law_is_named(kind, law):
    with pytest.raises(AssertionError, match=f"breaks a law of types of columns, '{law}"):
        check(kind())


def test_a_type_that_no_file_can_name_is_refused():
    @dataclass(frozen=True)
    class Inside(Durations):
        pass

    with pytest.raises(Refused, match="must be a frozen dataclass at the top of a module, .*Inside is not"):
        load(begun(), columns={"began": Inside()})


def table():
    draw = np.random.default_rng(0)
    start = draw.integers(0, 600, N)
    written = Durations()
    return pd.DataFrame({
        "began": [written.cell(v) for v in start],
        "ended": [None if i % 10 == 3 else written.cell(v) for i, v in enumerate(start + draw.integers(0, 200, N))],
        "kind": draw.choice(["a", "b"], N),
    })  # fmt: skip


def begun():
    return table().drop(columns="ended")


def test_a_table_goes_through_a_run(tmp_path):
    frame, kinds = table(), {"began": Durations, "ended": Durations()}
    data = load(frame, columns=kinds)
    assert [str(rule) for rule in data.codec.rules] == ["began <= ended"]
    assert [c.type for c in data.columns] == ["Durations", "Durations", "levels"]
    run = pf.fit(
        pf.recipes.table_cdf(data.space, width=16), data, steps=20, run=tmp_path / "r", verdict=False, quiet=True
    )
    drawn = pf.load(run.path, trust=Durations.__module__).sample(200, where="began >= '2h 00m' and began < 300")
    minutes = drawn["began"].map(Durations().number)
    assert len(drawn) == 200
    assert minutes.between(120, 299).all()
    assert drawn.dtypes.equals(frame.dtypes)
    assert 0 < drawn["ended"].isna().mean() < 0.5
    with pytest.raises(Refused, match="a column of Durations cells, with 'soon'; write '0h 20m'"):
        run.sample(5, where="began > 'soon'")
    with pytest.raises(Refused, match="compares 'began' with 'kind'|'kind' holds others"):
        run.sample(5, constraints="began < kind")


def test_a_stranger_s_run_imports_nothing(tmp_path):
    stored = json.loads(json.dumps(load(begun(), columns={"began": Durations()}).codec.to_json()))
    with pytest.raises(Refused, match=f"names {Durations.__module__}.Durations, which is not of this package"):
        Codec.from_json(stored, "codec.json")
    with permitting([Durations.__module__]):
        codec = Codec.from_json(stored, "codec.json")
    pd.testing.assert_frame_equal(codec.decode(codec.encode(begun())), begun())
    stored["typed"][0]["class_path"] = "collections.OrderedDict"
    with permitting(["collections"]), pytest.raises(Refused, match="must be a frozen dataclass"):
        Codec.from_json(stored, "codec.json")


def test_cells_that_cannot_be_read():
    frame = begun().assign(began=lambda t: t["began"].where(t.index != 17, "late"))
    with pytest.raises(Refused, match="'began' holds Durations cells such as '0h 20m', got 'late' in row 17"):
        load(frame, columns={"began": Durations()})
    levels = begun().assign(began=lambda t: t["began"].astype("category"))
    with pytest.raises(Refused, match="is of the type category"):
        load(levels, columns={"began": Durations()})
    with pytest.raises(Refused, match="it can be number, .*or the dotted path of a ColumnType"):
        load(begun(), columns={"began": "durations"})


def test_by_dotted_path_from_the_command_line(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    table().to_csv("t.csv", index=False)
    path = f"{Durations.__module__}.Durations"
    (tmp_path / "types.yaml").write_text(f"began: {path}\nended: {{class_path: {path}}}\n")
    call = ["fit", "table-cdf", "--data", "t.csv", "--columns", "types.yaml", "--steps", "2", "--no-verdict", "--quiet"]
    assert main([*call, "--run", "r"]) == 2
    assert "permit it by --trust" in capsys.readouterr().err
    trust = ["--trust", Durations.__module__]
    assert main([*call, "--run", "r", *trust]) == 0
    assert main(["sample", "r", "-n", "20", "--out", "more.csv"]) == 2
    assert main(["sample", "r", "-n", "20", "--out", "more.csv", *trust]) == 0
    began = pd.read_csv("more.csv")["began"].map(Durations().number)
    assert began.between(0, 600).all()
    (tmp_path / "c.yaml").write_text("data: t.csv\ncolumns: types.yaml\nsteps: 2\nverdict: false\n")
    assert main(["fit", "table-cdf", "--config", "c.yaml", "--quiet", "--run", "s"]) == 2
    assert main(["fit", "table-cdf", "--config", "c.yaml", "--quiet", "--run", "s", *trust]) == 0
    assert main(["fit", "--resume", "r", "--steps", "4", "--quiet", *trust]) == 0


def test_numbers_are_encoded_like_any():
    data = load(begun(), columns={"began": Durations()})
    x = torch.cat([part.all().x for part in (data.test, data.validation, data.train)])
    minutes = np.array([Durations().number(cell) for cell in begun()["began"]])[data.order]
    u = x[:, 0].double().numpy()
    np.testing.assert_allclose(np.corrcoef(u, minutes)[0, 1], 1.0, rtol=1e-9)
