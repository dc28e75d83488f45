"""Shape and trend of tables: SDMetrics' values, what missing cells add, and spreads that a bootstrap finds too."""

import numpy as np
import pandas as pd
import pytest
import torch

import pushforward as pf
from pushforward.data import load
from pushforward.kernels import Gaussian
from pushforward.metrics import Shape, Trend
from pushforward.metrics.scores.trend import correlations
from pushforward.metrics.uncertainty.floor import floor
from pushforward.spaces import Columns, OneOf, Real


def table(n, shift):
    i = np.arange(n)
    job = np.array(["cook", "nurse", "smith"])[(i * i // 3 + shift * (i % 5 == 0)) % 3]
    town = np.array(["A", "B"])[((i * 7 + shift) % 10 < 6).astype(int)]
    pay = ((i * i + shift * i) % 97) * 1.5
    return pd.DataFrame({"age": (i * 37 + shift * 5) % 61 + 18.0, "pay": pay, "job": job, "town": town})


def encoded(real, fake):
    data = load(real, native=True)
    return data.space, *(data.codec.encode(frame).x for frame in (real, fake))


# 1 − KSComplement, TVComplement, CorrelationSimilarity and ContingencySimilarity (continuous_column_names: edges of the
# real data) of SDMetrics 0.32.0 on these two tables.
COLUMNS = {"age": 0.0333333333, "pay": 0.15, "job": 0.0133333333, "town": 0.0}
PAIRS = {("age", "pay"): 0.1265112948, ("age", "job"): 0.35, ("age", "town"): 0.1733333333,
         ("pay", "job"): 0.3566666667, ("pay", "town"): 0.2966666667, ("job", "town"): 0.0166666667}  # fmt: skip


def test_columns_and_pairs_are_as_far_apart_as_sdmetrics_says():
    space, x, y = encoded(table(60, 0), table(50, 3))
    assert Shape().on(space).by_column(x, y) == pytest.approx(COLUMNS)
    names, distances = Trend().on(space).by_pair(x, y)
    found = {pair: distances[names.index(pair[0]), names.index(pair[1])] for pair in PAIRS}
    assert found == pytest.approx(PAIRS)
    assert Shape().on(space)(x, y)[0].value == pytest.approx(np.mean(list(COLUMNS.values())))
    assert Trend().on(space)(x, y)[0].value == pytest.approx(np.mean(list(PAIRS.values())))


def test_missing_cells_count():
    """Half of the numbers of one side are missing, and the others alike: half of each law is somewhere else."""
    blocks = (OneOf("a missing", ("no", "yes")), Real("a", absent=True), Real("b"))
    value = torch.arange(8.0)
    here, gone = (torch.stack([1.0 - m, m, value, value], 1) for m in (torch.zeros(8), torch.arange(8) % 2.0))
    assert Shape().on(Columns(blocks)).by_column(here, gone) == {"a": 0.5, "b": 0.0}


def test_correlations_are_of_the_rows_that_have_both():
    draw = np.random.default_rng(0)
    z = draw.normal(size=(50, 3)) @ draw.normal(size=(3, 3)) + 100
    z[draw.random(z.shape) < 0.2] = np.nan
    z = np.column_stack([z, np.full(50, 3.3)])
    theirs = pd.DataFrame(z).corr().fillna(0.0).to_numpy()
    assert correlations(z)[:3, :3] == pytest.approx(theirs[:3, :3])
    assert not correlations(z)[3].any()


@pytest.mark.parametrize("metric", [Shape(), Trend()], ids=lambda m: m.name)
def test_the_spread_is_that_of_a_bootstrap(metric):
    """Where no distance is near 0, resampled rows move the score as its influence function says. The deviation of 200
    draws is known to 5 %, and resampling adds a bias whose variation is of second order."""
    draw = np.random.default_rng(0)
    a, b = draw.normal(size=(2, 600))
    levels = lambda v: pd.cut(v, [-9, -0.5, 0.5, 9], labels=["l", "m", "h"]).astype(str)
    real = pd.DataFrame({"a": a, "b": a + b, "c": levels(a + 0.3 * b)})
    a, b = draw.normal(size=(2, 500))
    space, x, y = encoded(real, pd.DataFrame({"a": 1.6 * a + 0.8, "b": b - a + 1, "c": levels(0.7 - b - a)}))
    metric = metric.on(space)
    picked = lambda z: z[torch.from_numpy(draw.integers(0, len(z), len(z)))]
    values = [metric(picked(x), picked(y))[0].value for _ in range(200)]
    assert metric(x, y)[0].spread == pytest.approx(np.std(values), rel=0.25)


def test_gaussians_of_indicators_are_products_over_columns():
    """exp(−‖e_i − e_j‖²/2σ²) is 1 for equal levels and exp(−1/σ²) for others, a factor beside that of the numbers."""
    space, x, y = encoded(table(60, 0), table(50, 3))
    sigma = 1.7
    numbers = Gaussian(sigma)(x[:, :2], y[:, :2])
    differ = sum(x[:, place].argmax(1)[:, None] != y[:, place].argmax(1)[None] for _, place in space.choices)
    assert torch.allclose(Gaussian(sigma)(x, y), numbers * torch.exp(-differ / sigma**2))


def test_floors_are_carried_over_to_the_sizes_of_the_score():
    """Of equal laws: parts of half the rows have a floor that is as high as fresh rows of the full sizes score."""
    draw = torch.Generator().manual_seed(0)
    x = torch.randn(2000, 4, generator=draw)
    fresh = [Shape()(*torch.randn(2, 2000, 4, generator=draw))[0].value for _ in range(5)]
    assert floor(Shape(), x, sizes=(2000, 2000))["shape"].value == pytest.approx(np.mean(fresh), rel=0.2)


def test_many_pairs_with_levels_are_drawn(monkeypatch):
    monkeypatch.setattr("pushforward.metrics.scores.trend.MOST", 3)
    space, x, y = encoded(table(60, 0), table(50, 3))
    _, distances = Trend().on(space).by_pair(x, y)
    counted = np.isfinite(distances[np.triu_indices(4, 1)]).sum()
    assert counted == 4  # three pairs with levels, one of numbers
    assert Trend().on(space)(x, y)[0].value == pytest.approx(np.nanmean(distances[np.triu_indices(4, 1)]))


def test_the_verdict_names_the_columns_and_pairs_that_are_farthest_off():
    found = pf.score(table(60, 0), table(50, 3), metrics="shape,trend")
    assert found["shape"].value == pytest.approx(np.mean(list(COLUMNS.values())))
    assert "the columns pay (15 %)" in found.sentences["columns"]
    assert "the pairs pay with job (36 %), age with job (35 %)" in found.sentences["columns"]
    told = found.to_json()["table"]
    assert told["columns"] == pytest.approx(COLUMNS)
    assert told["pairs"][0] == ["pay", "job", pytest.approx(0.3566666667)]
