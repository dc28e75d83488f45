"""The comparison of models by a number that each gives to the same held-out rows, such as a log-density."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import torch
from scipy.stats import t

from pushforward.errors import Refused
from pushforward.metrics.base import Better
from pushforward.metrics.numerics.checked_arrays import Array
from pushforward.metrics.uncertainty.holm import holm


@dataclass(frozen=True)
class PairedRows:
    """The mean difference of two models over the same rows, with its t-test.

    Args:
        a: name of one.
        b: name of the other.
        difference: mean of a's numbers minus b's, row by row.
        stderr: of this difference: what makes a row hard for both falls out.
        interval: of this difference alone, at 1 − level.
        p_value: two-sided, corrected for the number of pairs.
        better: the better one; None where the difference is not resolved.
    """

    a: str
    b: str
    difference: float
    stderr: float
    interval: tuple[float, float]
    p_value: float
    better: str | None

    def to_json(self) -> dict[str, Any]:
        """Return the entry of `likelihoods` in the JSON of `compare`."""
        return vars(self) | {"interval": list(self.interval)}


def paired_rows(values: Mapping[str, Array], better: Better, level: float = 0.05) -> tuple[PairedRows, ...]:
    """δ = mean_i (a_i − b_i) for every pair, t = δ√n/s with s the standard deviation of differences; p-values by Holm.

    Args:
        values: one finite number a row, the same rows for all, by name.
        better: the direction of better models.
        level: chance of one or more wrong answers among all pairs.

    Raises:
        Refused: if the rows are not equally many for all, fewer than 2, or one is not finite.
    Example:
        >>> a, b = torch.tensor([[1.0, 2.0, 3.0, 4.0], [0.1, 1.0, 2.1, 3.0]])
        >>> [pair] = paired_rows({"a": a, "b": b}, "higher")
        >>> pair.better, round(pair.difference, 2)
        ('a', 0.95)
    """
    rows = {name: torch.as_tensor(v).detach().to("cpu", torch.float64).flatten() for name, v in values.items()}
    sizes = sorted({len(v) for v in rows.values()})
    if len(sizes) != 1 or sizes[0] < 2 or not all(bool(v.isfinite().all()) for v in rows.values()):
        raise Refused(f"paired_rows needs the same 2 or more rows for all, each with a finite number, got {sizes} "
                      "rows; leave out models that give a row none.")  # fmt: skip
    pairs = list(combinations(rows, 2))
    found = [_tested(rows[a] - rows[b], level) for a, b in pairs]
    p_values = holm([p for *_, p in found])
    return tuple(
        PairedRows(a, b, mean, error, interval, p, _better(a, b, mean, better) if p <= level else None)
        for (a, b), (mean, error, interval, _), p in zip(pairs, found, p_values, strict=True)
    )


def _tested(d: torch.Tensor, level: float) -> tuple[float, float, tuple[float, float], float]:
    """Return the mean, its standard error, its interval and the two-sided p-value of Student's test."""
    mean, error = float(d.mean()), float(d.std()) / len(d) ** 0.5
    reach = error * float(t.isf(level / 2, len(d) - 1))
    p = 2 * float(t.sf(abs(mean) / error, len(d) - 1)) if error > 0 else float(mean == 0)
    return mean, error, (mean - reach, mean + reach), p


def _better(a: str, b: str, difference: float, better: Better) -> str:
    return a if (difference > 0) == (better == "higher") else b
