"""A ranking of many models against one reference, and which of its differences are resolved."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import pandas as pd

from pushforward.discrepancies import Unbiased
from pushforward.discrepancies.against import Against
from pushforward.errors import Refused
from pushforward.kernels import Kernel
from pushforward.metrics.numerics.checked_arrays import Array, generator, rows, subset
from pushforward.metrics.scores.mmd import DEFAULT, LEAST
from pushforward.metrics.significance.three_sample import relative, with_exchanges
from pushforward.metrics.uncertainty.holm import holm
from pushforward.progress import step


@dataclass(frozen=True)
class Comparison:
    """The comparison of one pair of models by a three-sample test, corrected for the number of pairs.

    Args:
        a: name of one.
        b: name of the other.
        difference: MMD² of a minus MMD² of b: negative where a is closer to the reference.
        interval: of this difference alone, at 1 − level.
        p_value: two-sided, corrected for the number of pairs.
        better: the closer one; None where the difference is not resolved.
    """

    a: str
    b: str
    difference: float
    interval: tuple[float, float]
    p_value: float
    better: str | None

    def to_json(self) -> dict[str, Any]:
        """Return the entry of `comparisons` in the JSON of `compare`."""
        return vars(self) | {"interval": list(self.interval)}


@dataclass(frozen=True)
class Ranking:
    """The models from the closest to the farthest, and the comparison of every pair.

    Args:
        names: by MMD², ascending.
        values: MMD² of each, in that order.
        comparisons: of all pairs, in the order given.
        level: chance of one or more wrong answers among all pairs.
        arithmetic: in which the kernel values of each were taken, in the order of `names`.
        relabellings: of the rows of two models that p-values rest on where samples are small; 0 where none are.
        relabelled: the pairs whose p-values do.
    """

    names: tuple[str, ...]
    values: tuple[float, ...]
    comparisons: tuple[Comparison, ...]
    level: float
    arithmetic: tuple[str, ...]
    relabellings: int = 0
    relabelled: tuple[tuple[str, str], ...] = ()

    @property
    def unresolved(self) -> tuple[tuple[str, str], ...]:
        """The pairs of models that these sizes do not tell apart."""
        return tuple((c.a, c.b) for c in self.comparisons if c.better is None)

    @property
    def words(self) -> str:
        """The ranking in one paragraph."""
        order = ", ".join(f"{name} ({value:.3g})" for name, value in zip(self.names, self.values, strict=True))
        resolved = [f"{c.better} is better than {c.b if c.better == c.a else c.a} (p = {c.p_value:.2g})"
                for c in self.comparisons if c.better]  # fmt: skip
        unresolved = [f"{c.a} and {c.b} (p = {c.p_value:.2g})" for c in self.comparisons if c.better is None]
        sentences = [f"From the closest to the farthest, by MMD²: {order}."]
        sentences += ["Resolved: " + "; ".join(resolved) + "."] if resolved else []
        sentences += ["Not resolved at these sizes: " + "; ".join(unresolved) + "."] if unresolved else []
        return " ".join(sentences)

    def frame(self) -> pd.DataFrame:
        """Return the comparisons as a table, one row a pair."""
        return pd.DataFrame([c.to_json() for c in self.comparisons])


@step("comparing samples by three-sample tests")
def ranking(
    reference: Array,
    models: Mapping[str, Array],
    *,
    kernel: Kernel = DEFAULT,
    level: float = 0.05,
    most: int | None = 10_000,
    seed: int = 0,
) -> Ranking:
    """Compare all pairs of models by three-sample tests, and rank them; p-values are corrected by Holm's rule.

    Args:
        reference: data, one row a point; at least 4.
        models: samples of each, by name; at least two models.
        kernel: bandwidths that wait for data are taken from the reference.
        level: chance of one or more wrong answers among all pairs.
        most: rows of each that are used, drawn at random from more; None uses all.
        seed: of those draws.

    Raises:
        Refused: if there are fewer than two models or 4 rows, the widths differ, or a value is not finite.
    """
    if len(models) < 2 or not 0 < level < 1:
        raise Refused(f"a ranking needs two or more models and a level between 0 and 1, got {len(models)} and {level}.")
    draw = generator(seed)
    x = subset(rows(reference, "reference", least=LEAST, whose="compare"), most, draw)
    k = kernel.fitted(x)
    against, sums, samples = Against(k, x), {}, {}
    for name, points in models.items():
        y = subset(rows(points, name, least=LEAST, whose="compare"), most, draw)
        if y.shape[1] != x.shape[1]:
            raise Refused(f"'{name}' has {y.shape[1]} coordinates and the reference {x.shape[1]}; encode both alike.")
        sums[name], samples[name] = against(y), y
    pairs = list(combinations(sums, 2))
    tests = [with_exchanges(relative(sums[a], sums[b], level), k, (x, samples[a], samples[b]), seed) for a, b in pairs]
    comparisons = [
        Comparison(a, b, t.difference, t.interval, p, None if p > level else (a if t.difference < 0 else b))
        for (a, b), t, p in zip(pairs, tests, holm([t.p_value for t in tests]), strict=True)
    ]
    mmd = {name: float(Unbiased()(s)) for name, s in sums.items()}
    names = tuple(sorted(mmd, key=lambda name: mmd[name]))
    arithmetic = tuple(sums[name].arithmetic for name in names)
    relabelled = tuple(pair for pair, t in zip(pairs, tests, strict=True) if t.relabellings)
    times = max(t.relabellings for t in tests)
    return Ranking(names, tuple(mmd[name] for name in names), tuple(comparisons), level, arithmetic, times, relabelled)
