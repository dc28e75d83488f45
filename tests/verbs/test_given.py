"""Draws of the other columns given the first: exact, in the data's form, and refused by name where there are none."""

import numpy as np
import pandas as pd
import pytest
import torch
from scipy import stats

import pushforward as pf
from pushforward import verbs
from pushforward.errors import Refused


@pytest.fixture(scope="module")
def table(tmp_path_factory):
    """b is a plus noise, n is a count that follows b, k never varies; the run draws b first."""
    rng = np.random.default_rng(0)
    a = rng.normal(size=3000)
    b = 10 + 2 * a + rng.normal(size=3000)
    frame = pd.DataFrame({"a": a, "b": b, "n": rng.poisson(np.exp(b / 10)), "k": 7, "c": np.where(a > 0, "x", "y")})
    folder = tmp_path_factory.mktemp("given")
    data = pf.data.load(frame, labels="c")
    game = pf.recipes.triangular(data.space, first=("b", "n"), widths=(32,))
    return pf.fit(game, data, run=folder / "run", steps=300, seed=0, verdict=False, quiet=True), frame


@pytest.fixture(scope="module")
def moons(tmp_path_factory):
    data = pf.data.load("two-moons")
    game = pf.recipes.triangular(data.space)
    folder = tmp_path_factory.mktemp("moons")
    return pf.fit(game, data, run=folder / "run", steps=300, seed=0, verdict=False, quiet=True)


def test_given_columns_come_back_beside_draws_of_the_others(table):
    run, frame = table
    given = frame[["n", "b"]].head(50)
    drawn = run.sample(given=given, seed=1)
    assert list(drawn) == list(frame)
    np.testing.assert_allclose(drawn["b"], given["b"], rtol=1e-5)
    assert drawn["n"].tolist() == given["n"].tolist()
    assert (drawn["k"] == 7).all()
    assert drawn["a"].nunique() == 50
    assert not run.sample(given=given, seed=2)["a"].equals(drawn["a"])
    assert run.sample(given=given, seed=1).equals(drawn)


def test_rows_are_taken_in_turn(table):
    run, frame = table
    drawn = run.sample(7, given={"b": [8.0, 12.0]})
    np.testing.assert_allclose(drawn["b"], [8, 12, 8, 12, 8, 12, 8], rtol=1e-5)


def test_classes_may_be_given_too(table):
    run, _ = table
    drawn = run.sample(given=pd.DataFrame({"b": [9.0, 11.0, 9.0], "c": ["x", "y", "y"]}))
    assert drawn["c"].tolist() == ["x", "y", "y"]
    with pytest.raises(Refused, match="--given has the class of each row; leave out --label and --shares"):
        run.sample(given=pd.DataFrame({"b": [9.0], "c": ["x"]}), label="y")
    assert set(run.sample(20, given={"b": [9.0]}, label="y")["c"]) == {"y"}


def test_draws_have_the_conditional_law(moons):
    """Their u of the second coordinate is uniform, by the map's own CDF in the other direction."""
    x0 = 0.3
    drawn = moons.sample(2000, given=np.array([[x0]]), seed=3)
    np.testing.assert_allclose(drawn[:, 0], x0, rtol=1e-6)
    u = moons.encode(drawn)
    assert np.ptp(u[:, 0]) < 1e-5
    assert stats.kstest(u[:, 1], "uniform").pvalue > 1e-3


def test_they_are_what_all_draws_are_near_that_value(moons):
    """A two-sample test of the second coordinate: of draws given 0.5, and of free ones within 0.01 of it."""
    free = moons.sample(100_000, seed=5)
    near = free[np.abs(free[:, 0] - 0.5) < 0.01, 1]
    drawn = moons.sample(len(near), given=[[0.5]], seed=6)[:, 1]
    assert len(near) > 200
    assert stats.ks_2samp(near, drawn).pvalue > 1e-3


def test_a_file_in_a_file_out(table, tmp_path):
    run, frame = table
    frame[["b", "n"]].head(5).to_csv(tmp_path / "some.csv", index=False)
    out = verbs.sample(run.path, given=tmp_path / "some.csv", out=tmp_path / "more.csv")
    written = pd.read_csv(out)
    np.testing.assert_allclose(written["b"], frame["b"].head(5), rtol=1e-5)
    assert (
        len(verbs.sample(run.path, 12, given=tmp_path / "some.csv", out=tmp_path / "m.csv").read_text().split()) == 13
    )


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"a": [1.0]}, "draws first, in the order b, n, a, got a; fit triangular with --first a"),
        ({"b": [1.0], "a": [0.0]}, "draws first, in the order b, n, a, got a,b; fit triangular with --first a,b"),
        ({"a": [1.0], "b": [1.0], "n": [1]}, "--given must hold some of the columns b, n, a, not all of them, got all"),
        ({"k": [7]}, "not all of them, got none that varies"),
        ({"bb": [1.0]}, "--given has a column 'bb', which the data have not; did you mean 'b'"),
        ({"b": ["tall"]}, "column 'b'"),
        ({"b": [float("nan")]}, "column 'b'"),
        (np.zeros((2, 1)), "--given must be a table that names its columns, as the data do"),
        ("nowhere.csv", "nowhere.csv' does not exist"),
    ],
)
def test_what_cannot_be_given_is_refused_by_name(table, given, said):
    with pytest.raises(Refused, match=said):
        table[0].sample(given=given)


def test_samplers_that_draw_all_at_once_are_refused(tmp_path):
    data = pf.data.load("two-moons")
    run = pf.fit(pf.recipes.real_nvp(data.space), data, run=tmp_path / "r", steps=2, verdict=False, quiet=True)
    with pytest.raises(
        Refused, match="--given asks for draws of the other columns, which r cannot make; fit table-cdf"
    ):
        run.sample(given=[[0.0]])


def test_first_must_name_columns():
    space = pf.spaces.Columns(("age", "income"))
    with pytest.raises(Refused, match="first of triangular must name columns of the data, got 'agee'; did you mean"):
        pf.recipes.triangular(space, first=("agee",))
    with pytest.raises(Refused, match="got 'age' twice; name each column once"):
        pf.recipes.triangular(space, first=("age", "age"))


def test_a_continuation_is_the_whole_draw_of_the_same_noise(moons):
    """Given the first coordinate of a draw, the rest of the same noise is the rest of that draw."""
    sampler = moons.sampler()
    torch.manual_seed(0)
    z = sampler.draw_noise(20)
    with torch.no_grad():
        x = sampler.push(z)
        torch.testing.assert_close(sampler.continued(x, z, 1), x, rtol=1e-4, atol=1e-4)
