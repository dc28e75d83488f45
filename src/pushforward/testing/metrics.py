"""Laws of metrics."""

from math import isfinite

import torch

from pushforward.errors import Refused
from pushforward.metrics import Metric, Score
from pushforward.testing.law import code, holds, is_a_value, points


def rows(m: Metric) -> int:
    """As many as a tell-tale comparison takes."""
    return max(100, 2 * m.least_samples)


def scores_with_names_and_directions(m: Metric) -> None:
    """Each score is finite, has a name of its own, a direction, and an error that is none or not negative."""
    found = m(points(rows(m)), points(rows(m)))
    holds(bool(found) and all(isinstance(s, Score) for s in found), f"it gave {found!r}")
    holds(len({s.name for s in found}) == len(found), "two scores have one name")
    for s in found:
        holds(isfinite(s.value), f"{s.name} is {s.value}")
        holds(s.better in ("lower", "higher"), f"better of {s.name} is {s.better!r}")
        holds(s.stderr is None or s.stderr >= 0, f"stderr of {s.name} is {s.stderr}")


def tells_better_samples_from_worse(m: Metric) -> None:
    """The first score is better for samples of the data's law than for samples five deviations away."""
    n = rows(m)
    x, near, far = points(n), points(n), points(n, mean=5.0)
    sign = 1 if m(x, near)[0].better == "lower" else -1
    values = m(x, near)[0].value, m(x, far)[0].value
    holds(sign * values[0] < sign * values[1], f"it gave {values[0]:.3g} and {values[1]:.3g}")


def the_same_each_time(m: Metric) -> None:
    """The same rows give the same scores, as tensors and as arrays; torch's generator is left as it was."""
    x, y = points(rows(m)), points(rows(m), mean=0.5)
    state = torch.get_rng_state()
    holds(m(x, y) == m(x, y) == m(x.numpy(), y.numpy()), "they differ")
    holds(torch.equal(torch.get_rng_state(), state), "torch's generator has moved")


def too_few_rows_are_refused(m: Metric) -> None:
    """One row less than `least_samples` on a side is refused."""
    few, enough = points(m.least_samples - 1), points(rows(m))
    for x, y in ((few, enough), (enough, few)):
        try:
            m(x, y)
        except Refused:
            continue
        raise AssertionError(f"{m.least_samples - 1} rows were accepted")


LAWS = code(
    "metrics",
    is_a_value,
    scores_with_names_and_directions,
    tells_better_samples_from_worse,
    the_same_each_time,
    too_few_rows_are_refused,
)
