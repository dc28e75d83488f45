"""A table of numbers and levels from the file to the verdict: fitted, sampled, scored, compared."""

import json

import numpy as np
import pandas as pd
import pytest
from scipy.stats import hypergeom

import pushforward as pf
from pushforward.cli import main
from pushforward.errors import Refused
from pushforward.spaces import OneOf

METALS = np.array(["gold", "lead", "tin"])


def table(n, seed):
    """Heavy metals cost less; half of the rows are `new`; one column is constant."""
    draw = np.random.default_rng(seed)
    place = draw.choice(3, n, p=[0.5, 0.3, 0.2])
    return pd.DataFrame(
        {
            "price": np.round(3.0 * (2 - place) + draw.normal(size=n), 2),
            "metal": METALS[place],
            "pieces": draw.integers(1, 40, n),
            "new": draw.random(n) > 0.5,
            "grade": pd.Categorical(draw.choice(["low", "high"], n), categories=["low", "mid", "high"], ordered=True),
            "unit": "kg",
        }
    )


QUICK = {"metrics": "energy", "floor": False}


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """Fitted from the command line, with the default networks."""
    here = tmp_path_factory.mktemp("levels")
    table(600, 0).to_parquet(here / "t.parquet")
    data, out = str(here / "t.parquet"), str(here / "run")
    assert main(["fit", "gram", "--data", data, "--steps", "400", "--run", out, "--quiet", "--device", "cpu"]) == 0
    return here / "run"


def test_samples_have_the_columns_the_types_and_the_levels_of_the_data(run, tmp_path):
    given = table(600, 0)
    for found in (pf.load(run).sample(300, seed=1), pd.read_parquet(pf.sample(run, 300, out=tmp_path / "s.parquet"))):
        assert list(found) == list(given)
        assert (found.dtypes == given.dtypes).all()
        assert set(found["metal"]) == set(METALS)
        assert set(found["grade"]) == {"low", "high"}
        assert set(found["unit"]) == {"kg"}


def test_a_few_turns_learn_which_levels_are_frequent_and_what_they_cost(run):
    """Independent columns would have one mean price for all metals, where the data have 6, 3 and 0."""
    found = pf.load(run).sample(2000, seed=1)
    shares = found["metal"].value_counts(normalize=True)
    assert shares["gold"] > shares["tin"]
    means = found.groupby("metal")["price"].mean()
    assert means["gold"] - means["tin"] > 3


def test_the_folder_says_what_a_point_is_and_the_page_names_levels(run):
    stored = json.loads((run / "space.json").read_text())
    assert {"name": "metal", "levels": ["gold", "lead", "tin"]} in stored["columns"]
    assert pf.load(run).game.space.choices[0][0] == OneOf("metal", tuple(METALS))
    page = (run / "report.html").read_text()
    assert sum(f">{level}<" in page for level in METALS) >= 2, "the first eight rows are of more than one metal"
    assert "two-sample" in json.loads((run / "verdict.json").read_text())["tests"]


def test_a_run_is_scored_and_compared_like_any_samples(run):
    found = pf.score(table(300, 5), run, **QUICK)
    assert np.isfinite(found["energy"].value)
    contest = pf.compare(table(300, 5), {"run": run, "same law": table(300, 6)})
    assert contest.to_json()["ranking"][0] == "same law"


def test_distances_are_of_numbers_in_their_units_and_indicators_as_they_are():
    """Energy distance by its definition, 2E‖x−y‖ − E‖x−x′‖ − E‖y−y′‖ over pairs, in coordinates made by hand."""
    x, y = table(60, 1), table(50, 2)
    for scale in ("none", "robust"):
        units = {c: (0.0, 1.0) for c in ("price", "pieces", "new")}
        if scale == "robust":
            cells = x[list(units)].astype(float)
            low, middle, high = (cells.quantile(q) for q in (0.25, 0.5, 0.75))
            assert (high > low).all()
            units = {c: (middle[c], high[c] - low[c]) for c in units}
        a, b = (
            np.column_stack(
                [*((t[c].astype(float) - m) / s for c, (m, s) in units.items()),
                 *(t[c] == level for c, levels in (("metal", METALS), ("grade", ["low", "high"])) for level in levels)]
            )
            for t in (x, y)
        )  # fmt: skip
        far = lambda p, q: np.linalg.norm(p[:, None] - q[None], axis=2)
        n, m = len(a), len(b)
        expected = 2 * far(a, b).mean() - far(a, a).sum() / (n * (n - 1)) - far(b, b).sum() / (m * (m - 1))
        assert pf.score(x, y, scale=scale, **QUICK)["energy"].value == pytest.approx(expected, abs=1e-9)


def test_a_level_that_the_data_do_not_hold_is_a_difference_whatever_its_share():
    """Of 80 rows 5 samples hold another unit: the bound over all coordinates that 40 of n equal rows are the data.

    Twice that, since the verdict has two tests.
    """
    x, y = table(40, 1), table(40, 2).assign(unit=["lb"] * 5 + ["kg"] * 35)
    found = pf.score(x, y, **QUICK)
    [test] = [t for name, t in found.tests.items() if "constant" in name]
    both = pd.concat([x, y])
    levels = [both[c] == v for c, values in (("metal", METALS), ("grade", ["low", "high"])) for v in values]
    coordinates = [both["price"], both["pieces"], both["new"], *levels, both["unit"] == "kg", both["unit"] != "kg"]
    counts = [n for column in coordinates for n in column.value_counts() if 40 <= n <= 75]
    assert test["p_value"] == pytest.approx(2 * sum(hypergeom(80, n, 40).pmf(40) for n in counts))
    assert counts.count(75) == 2
    assert any("unit" in sentence for sentence in str(found).splitlines())


def test_what_has_no_level_of_its_own_stays_a_refusal(run):
    with pytest.raises(Refused, match=r"gmm has a density of real numbers alone.*'metal', 'grade'"):
        pf.recipes.gmm(pf.load(run).game.space)
    with pytest.raises(Refused, match=r"factor-analysis has a density of real numbers alone"):
        pf.recipes.factor_analysis(pf.load(run).game.space)
