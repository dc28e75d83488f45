"""The laws of metrics, which every one of them obeys."""

from math import isfinite
from typing import get_args

import torch
from torch import Tensor

from pushforward.errors import Refused
from pushforward.metrics import Metric, Score
from pushforward.metrics.base import Uncertainty
from pushforward.testing.rule import holds, is_a_value, laws_of, points


def draw_rows(m: Metric, spread: float = 1.0, mean: float = 0.0) -> Tensor:
    """Draw as many rows as a tell-tale comparison takes: normal points, or the probabilities that a metric reads."""
    rows = points(max(100, m.least_samples), mean=mean)
    return (5.0 * spread * rows).softmax(1) if m.reads == "probabilities" else spread * rows


def scores_with_names_and_directions(m: Metric) -> None:
    """The scores are finite, and each has a name of its own and a direction."""
    scores = m(draw_rows(m), draw_rows(m))
    holds(bool(scores) and all(isinstance(s, Score) for s in scores), f"it gave {scores!r}")
    holds(len({s.name for s in scores}) == len(scores), "two scores have one name")
    for s in scores:
        holds(isfinite(s.value), f"{s.name} is {s.value}")
        holds(s.better in ("lower", "higher"), f"better of {s.name} is {s.better!r}")


def scores_with_errors(m: Metric) -> None:
    """A score has an error and an interval around it, or a spread where it is biased, and says how found."""
    for s in m(draw_rows(m), draw_rows(m)):
        errors = s.stderr, s.interval, s.spread
        lacking = tuple(v is None for v in errors)
        holds(lacking in ((False, False, True), (True, True, False)), f"those of {s.name} are {errors}")
        holds((s.stderr or 0.0) >= 0 and (s.spread or 0.0) >= 0, f"an error of {s.name} is negative")
        holds(s.interval is None or s.interval[0] <= s.value <= s.interval[1], f"{s.name} lies outside its interval")
        holds(s.uncertainty in get_args(Uncertainty), f"uncertainty of {s.name} is {s.uncertainty!r}")


def tells_better_samples_from_worse(m: Metric) -> None:
    """The first score is better for samples of the data's law than for others: far away, or nearly all alike."""
    x, near, far = draw_rows(m), draw_rows(m), draw_rows(m, 0.01, mean=500.0)
    sign = 1 if m(x, near)[0].better == "lower" else -1
    values = m(x, near)[0].value, m(x, far)[0].value
    holds(sign * values[0] < sign * values[1], f"it gave {values[0]:.3g} and {values[1]:.3g}")


def the_same_each_time(m: Metric) -> None:
    """The same rows give the same scores, as tensors and as arrays; torch's generator is left as it was."""
    x, y = draw_rows(m), draw_rows(m, 0.5)
    state = torch.get_rng_state()
    holds(m(x, y) == m(x.numpy(), y.numpy()), "they differ")
    holds(torch.equal(torch.get_rng_state(), state), "torch's generator has moved")


def too_few_rows_are_refused(m: Metric) -> None:
    """A side with one row less than `least_samples` is refused."""
    enough = draw_rows(m)
    few = enough[: m.least_samples - 1]
    for x, y in ((few, enough), (enough, few)):
        try:
            m(x, y)
        except Refused:
            continue
        raise AssertionError(f"{m.least_samples - 1} rows were accepted")


LAWS = laws_of(
    "metrics",
    is_a_value,
    scores_with_names_and_directions,
    tells_better_samples_from_worse,
    the_same_each_time,
    scores_with_errors,
    too_few_rows_are_refused,
)
