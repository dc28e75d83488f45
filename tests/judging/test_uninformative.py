"""Where neighbour scores say nothing: noise and constants are never called good, and good samples keep their scores."""

import pytest
import torch
from sklearn.datasets import load_digits

from pushforward.errors import Refused
from pushforward.judging import Evidence, judge, requested
from pushforward.judging.judgement import table
from pushforward.judging.measuring import measured
from pushforward.metrics import PRDC, expected_coverage
from pushforward.metrics.diagnosis.uninformative import uninformative
from pushforward.metrics.scores.prdc import BALLS
from pushforward.metrics.side import Side
from pushforward.metrics.uncertainty.floor import floor, part_sizes

ROWS = (6, 8, 11, 12, 13, 16, 22, 30, 55, 100)


def judged(x, y, request=None):
    return judge(Evidence(Side(x), Side(y)), requested(request), features={"features": "identity"}, floors=True)


def digits(g, n):
    images = torch.tensor(load_digits().data)
    return images[torch.randperm(len(images), generator=g)[:n]]


def vectors(g, n):
    """A law of eight columns that depend on each other."""
    mix = torch.randn(8, 8, generator=torch.Generator().manual_seed(9), dtype=torch.float64)
    return torch.randn(n, 8, generator=g, dtype=torch.float64) @ mix + 3


def shuffled(x, g):
    return torch.stack([column[torch.randperm(len(x), generator=g)] for column in x.T], 1)


OWN = "noise of every column's own law"

WRONG = {
    "the mean, repeated": lambda x, g: x.mean(0).expand(len(x), -1),
    "one grey": lambda x, g: torch.full_like(x, float(x.mean())),
    "greys": lambda x, g: torch.rand(len(x), 1, generator=g).double().expand(x.shape) * x.max(),
    "uniform noise": lambda x, g: x.min() + (x.max() - x.min()) * torch.rand(x.shape, generator=g).double(),
    "Gaussian noise": lambda x, g: x.mean() + x.std() * torch.randn(x.shape, generator=g).double(),
    OWN: shuffled,
}


@pytest.mark.parametrize("law", [digits, vectors], ids=lambda f: f.__name__)
@pytest.mark.parametrize("wrong", WRONG)
def test_what_is_plainly_wrong_is_never_called_good(wrong, law):
    for n in ROWS:
        g = torch.Generator().manual_seed(n)
        x, y = Side(law(g, n)), Side(WRONG[wrong](law(g, n), g))
        found, _ = measured((PRDC(),), x, y, True, 0)
        # A score that is not set back says that the samples are worse than data are against data: by two spreads, or,
        # of noise that has the law of every column, at all.
        margin = 0.0 if wrong == OWN else 2.0
        assert all(s.value < s.floor.value - margin * s.floor.spread for s in found if s.informative), n


@pytest.mark.parametrize("n", [4, 6, 14, 40])
@pytest.mark.parametrize("wrong", ["one grey", "uniform noise"])
def test_a_verdict_on_few_rows_begins_with_what_cannot_be_known(wrong, n):
    g = torch.Generator().manual_seed(n)
    x = digits(g, n)
    words = judged(x, WRONG[wrong](x, g)).words
    assert words.startswith(
        f"{n} rows of data and {n} samples are few: nothing here can show that the samples are good"
    )
    assert "100 % of the samples" not in words
    assert "100 % of the data" not in words


@pytest.mark.parametrize("d", [1, 2, 5])
def test_good_samples_of_independent_columns_keep_their_scores(rng, d):
    x, y = torch.randn(2, 400, d, generator=rng, dtype=torch.float64)
    found = judged(x, y)
    assert all(found[name].informative and found[name].reason is None for name in BALLS)
    assert "of the samples lie among the data (precision)" in found.words


def test_coverage_says_nothing_where_the_mean_lies_in_every_ball(rng):
    # In 60 dimensions rows are √120 apart and √60 from their mean.
    x, y = torch.randn(2, 100, 60, generator=rng, dtype=torch.float64)
    assert PRDC()(x, x.mean(0).expand(100, -1))[3].value == 1.0
    found = judged(x, y)
    assert not found["coverage"].informative
    assert "copies of the mean row" in found["coverage"].reason
    assert "(coverage;" not in found.words
    assert "coverage say nothing at these sizes" in found.words
    assert "precision" in found.words


def test_what_speaks_against_samples_stands(rng):
    x, y = torch.randn(2, 100, 60, generator=rng, dtype=torch.float64)
    found = judged(x, y + 10)
    assert found["coverage"].value == 0.0
    assert found["coverage"].informative


def test_rows_too_few_to_be_split_tell_nothing(rng):
    x, y = torch.randn(2, 11, 2, generator=rng, dtype=torch.float64)
    reasons = uninformative(PRDC(), x, 11, {s.name: s for s in PRDC()(x, y)})
    assert set(reasons) == set(BALLS)
    assert "11 rows of data are too few" in reasons["recall"]


def test_is_printed_and_in_json(rng):
    x, y = torch.randn(2, 11, 2, generator=rng, dtype=torch.float64)
    found = judged(x, y).to_json()
    assert found["scores"]["recall"]["informative"] is False
    assert found["scores"]["mmd"]["informative"] is None
    row = next(line for line in table(found).splitlines() if line.startswith("recall"))
    assert row.endswith("says nothing here")


def test_few_rows_leave_out_what_was_not_asked_for_by_name(rng):
    x, y = torch.randn(2, 5, 2, generator=rng, dtype=torch.float64)
    found = judged(x, y)
    assert [s.name for s in found.scores] == ["mmd", "energy"]
    assert "precision, recall, density and coverage need more rows than 5 a side, and are left out." in found.warnings
    assert "precision, recall, density and coverage say nothing" in found.words.splitlines()[0]
    with pytest.raises(Refused, match="at least 6 rows"):
        judged(x, y, "prdc")


def test_a_floor_has_the_sizes_of_the_score_or_their_ratio(rng):
    x = torch.randn(898, 2, generator=rng, dtype=torch.float64)
    found = floor(PRDC().plain, x, sizes=(898, 270), repeats=20)["coverage"]
    assert (found.n, found.m) == (690, 207)
    # Of so many rows of the data's own law, coverage is 0.73; of halves it would be 0.97.
    assert abs(found.value - expected_coverage(898, 270, 5)) < 4 * found.spread / 20**0.5 + 0.01
    few = floor(PRDC().plain, x, sizes=(60, 40))["coverage"]
    assert (few.n, few.m) == (60, 40)


@pytest.mark.parametrize(
    ("n", "sizes", "parts"),
    [
        (100, None, (50, 50)),
        (101, (101, 101), (50, 50)),
        (20, (20, 5000), (6, 13)),
        (5000, (5000, 6), (4994, 6)),
        (13, (13, 6), (7, 6)),
        (8, (8, 8), (4, 4)),
    ],
)
def test_parts_keep_to_the_ratio_and_to_what_a_metric_needs(n, sizes, parts):
    found = part_sizes(n, sizes, 6)
    assert sum(found) <= n
    assert min(found) >= min(6, n // 2)
    assert found == pytest.approx(parts, abs=1)
