"""Schedules, optimisers and step counts against their formulas."""

import math
from itertools import pairwise

import pytest
import torch
from scipy.stats import norm

from pushforward.errors import Refused
from pushforward.tuning import (
    SGD,
    STEADY,
    Adam,
    Constant,
    Cosine,
    Drop,
    Linear,
    RMSprop,
    Schedule,
    Steps,
    ThreeSampleRule,
    Trend,
    steps_at,
)

SCHEDULES = [Constant(), Linear(), Linear(0.1, 0.3), Cosine(), Cosine(0.2, 0.5), Drop(), Drop(0.5, 0.0)]


@pytest.mark.parametrize("schedule", SCHEDULES, ids=str)
def test_every_schedule_begins_at_one_and_never_rises(schedule: Schedule):
    factors = [schedule(t / 200) for t in range(201)]
    assert factors[0] == 1.0
    assert all(a >= b >= 0.0 for a, b in zip(factors, factors[1:], strict=False))


@pytest.mark.parametrize("t", [0.0, 0.3, 0.5, 0.9, 1.0])
def test_the_formulas(t):
    assert Linear(0.1, 0.3)(t) == pytest.approx(1.0 if t < 0.3 else 1 - 0.9 * (t - 0.3) / 0.7, abs=1e-15)
    s = max(0.0, (t - 0.3) / 0.7)
    assert Cosine(0.2, 0.3)(t) == pytest.approx(0.2 + 0.8 * math.cos(math.pi * s / 2) ** 2, abs=1e-15)
    assert Drop(0.5, 0.1)(t) == (1.0 if t < 0.5 else 0.1)


@pytest.mark.parametrize("schedule", [Linear(0.25), Cosine(0.25)])
def test_the_end_is_reached_and_kept(schedule):
    assert schedule(1.0) == pytest.approx(0.25, abs=1e-15)
    assert schedule(2.0) == pytest.approx(0.25, abs=1e-15)


def test_the_rate_is_the_first_one_times_the_schedule():
    assert Adam(0.2, decay=Linear()).rate(0.75) == pytest.approx(0.05, abs=1e-16)
    assert RMSprop().rate(1.0) == 5e-5


@pytest.mark.parametrize(
    ("tune", "expected"),
    [
        (Adam(2e-4, (0.5, 0.9), 1e-6, 0.1), {"lr": 2e-4, "betas": (0.5, 0.9), "eps": 1e-6, "weight_decay": 0.1}),
        (RMSprop(1e-3, 0.9), {"lr": 1e-3, "alpha": 0.9}),
        (SGD(0.3, 0.5), {"lr": 0.3, "momentum": 0.5}),
    ],
)
def test_what_is_built_has_these_options(tune, expected):
    group = tune.build([torch.nn.Parameter(torch.zeros(2))]).param_groups[0]
    assert {k: group[k] for k in expected} == expected


def test_adams_first_step_is_the_rate_times_the_sign():
    """m̂/(√v̂ + ε) = g/(|g| + ε) at the first step."""
    p = torch.nn.Parameter(torch.zeros(3, dtype=torch.float64))
    optimizer = Adam(0.1, eps=1e-8).build([p])
    p.grad = torch.tensor([2.0, -0.5, 1e-3], dtype=torch.float64)
    optimizer.step()
    torch.testing.assert_close(p.detach(), -0.1 * p.grad / (p.grad.abs() + 1e-8), rtol=1e-12, atol=0)


def test_critic_steps_of_the_paper():
    """100 in each of the first 25 turns and in every 500th, else 5."""
    steps = Steps(5, burst=100, first=25, every=500)
    counted = [steps_at(steps, t) for t in range(1001)]
    assert [t for t, n in enumerate(counted) if n == 100] == [*range(25), 500, 1000]
    assert set(counted) == {5, 100}


def test_a_plain_number_of_steps_and_no_bursts():
    assert steps_at(3, 10**6) == 3
    assert [Steps(2, 9, first=0, every=0).at(t) for t in (0, 1, 500)] == [2, 2, 2]


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: Adam(0.0), "lr of Adam must be positive, got 0.0"),
        (lambda: Adam(float("nan")), "lr of Adam must be positive, got nan"),
        (lambda: Adam(betas=(0.5, 1.0)), r"betas of Adam must lie in \[0, 1\), got 1.0"),
        (lambda: Adam(weight_decay=-1.0), "weight_decay of Adam must be at least 0"),
        (lambda: RMSprop(-1.0), "lr of RMSprop must be positive"),
        (lambda: RMSprop(alpha=1.5), "alpha of RMSprop must lie in"),
        (lambda: SGD(0.0), "lr of SGD must be positive"),
        (lambda: SGD(momentum=1.0), "momentum of SGD must lie in"),
        (lambda: Linear(start=1.0), r"start of Linear must lie in \[0, 1\), got 1.0"),
        (lambda: Linear(end=-0.1), "end of Linear must be at least 0"),
        (lambda: Cosine(start=-0.5), "start of Cosine must lie in"),
        (lambda: Cosine(end=-0.5), "end of Cosine must be at least 0"),
        (lambda: Drop(at=-1.0), "at of Drop must be at least 0"),
        (lambda: Drop(factor=-1.0), "factor of Drop must be at least 0"),
        (lambda: Steps(-1), "usual of Steps must be at least 0, got -1"),
        (lambda: ThreeSampleRule(every=0), "every of ThreeSampleRule must be positive, got 0"),
        (lambda: ThreeSampleRule(patience=0), "patience of ThreeSampleRule must be positive, got 0"),
        (lambda: ThreeSampleRule(level=1.0), r"level of ThreeSampleRule must lie in \[0, 1\), got 1.0"),
        (lambda: ThreeSampleRule(factor=1.5), r"factor of ThreeSampleRule must lie in \(0, 1\], got 1.5"),
        (lambda: ThreeSampleRule(least=0.0), r"least of ThreeSampleRule must lie in \(0, 1\], got 0.0"),
        (lambda: ThreeSampleRule(against=3, kept=3), r"kept of ThreeSampleRule must lie in \[0, against\), got 3 of 3"),
        (lambda: ThreeSampleRule(variance_floor=-1.0), "variance_floor of ThreeSampleRule must be at least 0"),
    ],
)
def test_what_cannot_be_is_refused(make, said):
    with pytest.raises(Refused, match=said):
        make()


def played(rule: ThreeSampleRule, verdicts: str) -> list[Trend]:
    """The rule after each check, which is remembered by its number: + is an improvement, − is none."""
    trends, left = [Trend()], iter(verdicts)
    for check in range(1000):
        p = None
        if rule.tests(trends[-1]):
            if (verdict := next(left, None)) is None:
                return trends
            p = {"+": 0.01, "-": 0.5}[verdict]
        trends.append(rule.after(trends[-1], check, p))
    raise AssertionError("it never ends")


def test_the_papers_schedule():
    """Ten are remembered before the first test; the third failure in a row halves, three stay, seven are awaited."""
    trends = played(ThreeSampleRule(), "---+")
    assert [len(t.past) for t in trends] == [*range(11), 10, 10, 3, *range(4, 11), 10]
    assert [t.factor for t in trends] == [1.0] * 13 + [0.5] * 9
    assert trends[12].past == tuple(range(10)), "a failure is not remembered"
    assert trends[13].past == (7, 8, 9)
    assert trends[-2].past == (7, 8, 9, 13, 14, 15, 16, 17, 18, 19)
    assert trends[-1].past == (8, 9, 13, 14, 15, 16, 17, 18, 19, 20), "an improvement forgets the oldest"


def test_an_improvement_forgives_failures():
    assert played(ThreeSampleRule(), "--+--+--")[-1].factor == 1.0
    assert played(ThreeSampleRule(), "--+---")[-1].factor == 0.5


def test_the_rates_fall_to_the_least_and_no_further():
    rule = ThreeSampleRule(against=1, patience=1, kept=0, factor=0.5, least=0.2)
    factors = [t.factor for t in played(rule, "-----")]
    assert sorted(set(factors), reverse=True) == [1.0, 0.5, 0.25, 0.2]
    assert factors == sorted(factors, reverse=True)


def ends(rule: ThreeSampleRule, verdicts: str) -> int | None:
    """After how many tests it is over."""
    trends = played(rule, verdicts)
    tested = 0
    for before, after in pairwise(trends):
        tested += rule.tests(before)
        if rule.ended(before, after):
            return tested
    return None


def test_the_end_is_decays_in_a_row_without_an_improvement_or_no_lower_rate():
    quick = ThreeSampleRule(against=1, patience=2, kept=0)
    assert ends(quick, "-" * 20) == 6, "three decays of two failures"
    assert ends(quick, "----+-----" + "+") is None
    assert ends(quick, "----+------") == 11
    lowest = ThreeSampleRule(against=1, patience=2, kept=0, factor=0.5, least=0.5)
    assert ends(lowest, "--+--") == 5, "the second time at the least rate"
    assert ends(STEADY, "-+--+---") == 8
    assert STEADY.factor == 1.0


@pytest.mark.parametrize("t", [-3.0, -1.2815515655446004, 0.0, 0.7, 9.0])
def test_the_p_value_is_the_normal_law(t):
    assert ThreeSampleRule().p_value(0.2 * t, 0.2) == pytest.approx(norm.cdf(t), rel=1e-12)


def test_an_error_of_nothing():
    rule = ThreeSampleRule()
    assert [rule.p_value(d, 0.0) for d in (-1e-9, 0.0, 1e-9)] == [0.0, 0.5, 1.0]


def test_the_floor_of_the_released_code_makes_the_test_a_fixed_demand():
    """Success iff D_new < D_old − 1.2816·√1e-5 ≈ D_old − 0.00405, whatever the error below √1e-5."""
    floored = ThreeSampleRule(variance_floor=1e-5)
    for stderr in (1e-4, 1e-3, 3e-3):
        assert floored.p_value(-0.0040, stderr) > floored.level
        assert floored.p_value(-0.0041, stderr) <= floored.level
    assert ThreeSampleRule().p_value(-0.0040, 1e-3) < 1e-4
    assert floored.p_value(-0.01, 0.01) == ThreeSampleRule().p_value(-0.01, 0.01)
