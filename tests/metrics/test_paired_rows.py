"""Models compared row by row: SciPy's paired t-test, and refusals."""

import numpy as np
import pytest
from scipy.stats import ttest_rel

from pushforward.errors import Refused
from pushforward.metrics import paired_rows

RNG = np.random.default_rng(0)
HARD = RNG.normal(size=200) * 10  # what makes a row hard for all
NATS = {"a": HARD + RNG.normal(size=200), "b": HARD + RNG.normal(size=200) - 0.5, "c": HARD + RNG.normal(size=200)}


def test_it_is_scipys_paired_test_with_holms_correction():
    found = {(pair.a, pair.b): pair for pair in paired_rows(NATS, "higher")}
    raw = {(a, b): ttest_rel(NATS[a], NATS[b]) for a, b in found}
    ascending = sorted(raw, key=lambda pair: raw[pair].pvalue)
    for place, pair in enumerate(ascending):
        so_far = [min(1, (3 - i) * raw[ascending[i]].pvalue) for i in range(place + 1)]
        assert found[pair].p_value == pytest.approx(max(so_far), rel=1e-9)
        assert found[pair].difference == pytest.approx((NATS[pair[0]] - NATS[pair[1]]).mean())
        interval = raw[pair].confidence_interval(0.95)
        assert found[pair].interval == pytest.approx((interval.low, interval.high))


def test_what_is_hard_for_all_falls_out_and_the_direction_counts():
    """The difference of .5 is lost in a spread of 10 without pairs: an error of 1."""
    higher, lower = (next(iter(paired_rows({k: NATS[k] for k in "ab"}, better))) for better in ("higher", "lower"))
    assert (higher.better, lower.better) == ("a", "b")
    assert higher.stderr < 0.15


def test_equal_models_are_not_resolved():
    (pair,) = paired_rows({"a": HARD, "b": HARD}, "higher")
    assert (pair.p_value, pair.better) == (1.0, None)


@pytest.mark.parametrize("other", [HARD[:10], np.where(HARD > 9, np.nan, HARD), np.where(HARD > 9, -np.inf, HARD)])
def test_rows_that_do_not_match_are_refused(other):
    with pytest.raises(Refused, match="the same 2 or more rows for all, each with a finite number"):
        paired_rows({"a": HARD, "b": other}, "higher")
