"""Schedules, optimisers and step counts against their formulas."""

import math

import pytest
import torch

from pushforward.errors import Refused
from pushforward.tuning import SGD, Adam, Constant, Cosine, Drop, Linear, RMSprop, Schedule, Steps, steps_at

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
    ],
)
def test_what_cannot_be_is_refused(make, said):
    with pytest.raises(Refused, match=said):
        make()
