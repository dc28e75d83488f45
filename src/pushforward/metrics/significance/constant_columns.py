"""A test of columns that are constant among the data: samples that vary there differ, however little, in any unit."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, lgamma
from typing import Any

import numpy as np

from pushforward.errors import Refused

LEVEL = 0.05

ROUNDING = 2.0**-22
"""Relative difference that is no difference: what the last digits of float32 make of a number."""


@dataclass(frozen=True)
class Constants:
    """The outcome of the test of constant columns: those that vary among the samples, and an exact p-value.

    Args:
        columns: those that are constant among the data and not among the samples, the most deviating first.
        values: the data's value in each.
        deviating: number of samples with another value, of each.
        lowest: the least value of the samples, of each.
        highest: the greatest value of the samples, of each.
        p_value: exact, by relabelling; 1 where no sample deviates.
        n: rows of data.
        m: samples.
        level: below or at which p is called a rejection.
    """

    columns: tuple[str, ...]
    values: tuple[float, ...]
    deviating: tuple[int, ...]
    lowest: tuple[float, ...]
    highest: tuple[float, ...]
    p_value: float
    n: int
    m: int
    level: float = LEVEL

    def to_json(self) -> dict[str, Any]:
        """The entry of `tests` in a verdict; the effect is the largest share of samples that deviate in one column."""
        most = max(self.deviating, default=0)
        rejected = self.p_value <= self.level
        return {"statistic": float(most), "effect_size": most / self.m, "p_value": self.p_value, "level": self.level,
                "rejected": rejected}  # fmt: skip


def constant_columns(x: np.ndarray, y: np.ndarray, names: Sequence[str]) -> Constants | None:
    """Test whether columns that are constant among n rows of data are constant among m samples as well.

    With K the largest number of samples that deviate from the data's constant in one column, p bounds the probability
    that a random relabelling of the N = n + m rows gives the data's label to n equal values of some column in which K
    or more others deviate: Σ_j Σ_v C(N_jv, n)/C(N, n) over columns j and values v found N_jv times, n ≤ N_jv ≤ N − K.

    Args:
        x: data (n, d), in the units that they came in.
        y: samples (m, d), in the same.
        names: of the d columns.

    Returns:
        None where no column is constant among the data.

    Raises:
        Refused: if the widths differ.
    Example:
        >>> x, y = np.ones((20, 1)), np.ones((20, 1)) + np.arange(20)[:, None]
        >>> outcome = constant_columns(x, y, ["a"])
        >>> outcome.deviating, outcome.p_value < 1e-9
        ((19,), True)
    """
    if x.shape[1] != y.shape[1] or x.shape[1] != len(names):
        raise Refused(f"data, samples and names must be of as many columns, got {x.shape[1]}, {y.shape[1]} and "
                      f"{len(names)}.")  # fmt: skip
    low, high = x.min(0).astype(np.float64), x.max(0).astype(np.float64)
    constant = np.flatnonzero(_same(high, low))
    if not len(constant):
        return None
    deviating = (~_same(y[:, constant].astype(np.float64), low[constant])).sum(0)
    order = sorted((i for i in range(len(constant)) if deviating[i]), key=lambda i: -deviating[i])
    columns = constant[order]
    return Constants(
        tuple(names[j] for j in columns),
        tuple(low[columns].tolist()),
        tuple(deviating[order].tolist()),
        tuple(y[:, columns].min(0).tolist()),
        tuple(y[:, columns].max(0).tolist()),
        _p_value(x, y, int(deviating.max())),
        len(x),
        len(y),
    )


def _same(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Whether numbers are equal but for the last digits of float32."""
    return np.abs(a / 2 - b / 2) <= ROUNDING * np.abs(b / 2)  # halves, since a difference may overflow


def _p_value(x: np.ndarray, y: np.ndarray, most: int) -> float:
    """Return the sum over columns and values that bounds the p-value, from logarithms of binomials."""
    if not most:
        return 1.0
    n, total = len(x), len(x) + len(y)
    bound = 0.0
    for j in range(x.shape[1]):
        for count in _counts(np.concatenate([x[:, j], y[:, j]]).astype(np.float64)):
            if n <= count <= total - most:
                bound += exp(_log_choose(count, n) - _log_choose(total, n))
    return min(1.0, max(bound, np.finfo(np.float64).tiny))


def _counts(values: np.ndarray) -> list[int]:
    """Return how often each value is there, neighbours in order being equal where `_same` says so."""
    ordered = np.sort(values)
    ends = np.flatnonzero(~_same(ordered[1:], ordered[:-1]))
    return np.diff(np.concatenate([[-1], ends, [len(values) - 1]])).tolist()


def _log_choose(n: int, k: int) -> float:
    return lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1)
