"""How long, how often."""

import pytest

from pushforward.errors import Refused
from pushforward.training import Budget


def test_turns_or_minutes_whichever_is_spent_first():
    budget = Budget(steps=100, minutes=2.0)
    assert budget.progress(25, 30.0) == 0.25
    assert budget.progress(10, 90.0) == 0.75
    assert not budget.spent(99, 119.0)
    assert budget.spent(100, 0.0)
    assert budget.spent(0, 120.0)
    assert budget.progress(200, 0.0) == 1.0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({}, "needs --steps or --minutes"),
        ({"steps": 0}, "--steps must be at least 1, got 0"),
        ({"minutes": 0.0}, "--minutes must be positive, got 0.0"),
        ({"minutes": float("nan")}, "--minutes must be positive, got nan"),
    ],
)
def test_no_budget_is_refused(arguments, said):
    with pytest.raises(Refused, match=said):
        Budget(**arguments)
