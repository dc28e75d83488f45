"""A permutation test of two samples that chooses its own bandwidth and keeps its level exactly."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import torch
from jaxtyping import Float
from scipy.stats import rankdata
from torch import Tensor

from pushforward.errors import Refused
from pushforward.kernels import Kernel
from pushforward.metrics.numerics.checked_arrays import Array, generator, pair, subset
from pushforward.metrics.significance.aggregated import Aggregated, aggregated
from pushforward.metrics.significance.detectable import detectable_shift
from pushforward.metrics.significance.relabelling import p_value
from pushforward.progress import step


@dataclass(frozen=True)
class TwoSample:
    """The outcome of a two-sample test: its statistic, an exact p-value and the size of the effect.

    Args:
        statistic: largest MMD² over the kernels, each in units of its own critical value.
        p_value: (1 + k)/(1 + B); its floor is 1/(1 + B).
        level: below or at which p is called a rejection.
        permutations: B, the number of relabellings.
        effect_size: Cliff's δ of the witness w, 2·P(w(x) > w(y)) − 1: how well w tells one of the data from one of the
            samples; 0 for equal laws, 1 for separate ones. It does not grow with n.
        kernel: the one whose statistic is largest.
        n: rows of data used.
        m: rows of samples used.
        n_given: rows of data there were.
        m_given: rows of samples there were.
        shift: computes `detectable`.
    """

    statistic: float
    p_value: float
    level: float
    permutations: int
    effect_size: float
    kernel: Kernel
    n: int
    m: int
    n_given: int
    m_given: int
    shift: Callable[[], float | None] = field(compare=False, repr=False)

    @cached_property
    def detectable(self) -> float | None:
        """The shift along the data's first principal axis, in standard deviations there, that would be detected.

        It would be rejected with probability 0.8 at this level and these sizes; None if no shift would. It is computed
        when it is first asked for, since it may take longer than the test.
        """
        return self.shift()

    @property
    def rejected(self) -> bool:
        """Whether the samples are told from the data at that level."""
        return self.p_value <= self.level

    @property
    def floor(self) -> float:
        """The smallest p-value that so many relabellings can give."""
        return 1 / (1 + self.permutations)

    def to_json(self) -> dict[str, Any]:
        """Return the entry of `tests` in a verdict."""
        names = "statistic", "effect_size", "p_value", "level", "rejected"
        return {name: getattr(self, name) for name in names}


@step("relabellings of the two-sample test")
def two_sample_test(
    x: Array,
    y: Array,
    *,
    kernels: Sequence[Kernel] | None = None,
    permutations: int = 999,
    level: float = 0.05,
    most: int | None = 2000,
    seed: int = 0,
) -> TwoSample:
    """T = max_k MMD²_k/q_k against its values under random relabellings of the pooled sample; q_k is k's own quantile.

    Exact at every size: under equal laws P(p ≤ level) ≤ level, since bandwidths and quantiles do not look at labels.
    No power against differences that no kernel sees; costs (n + m)²·permutations products a kernel.

    Args:
        x: data, one row a point; at least 2.
        y: samples, one row a point; at least 2.
        kernels: tried together; by default Gaussians from the scale within clusters to that of the whole.
        permutations: B, the number of relabellings.
        level: of the test, between 0 and 1.
        most: rows a side that are used, drawn at random from more; None uses all.
        seed: of the relabellings and of that draw.

    Raises:
        Refused: if a side has fewer than 2 rows, the widths differ, a value is not finite, or level is out of range.
    Source: the matrix form and the maximum over bandwidths follow Schrab et al. (2023), JMLR 24.
    Differs: one set of relabellings sets the quantiles and judges their maximum, which is exact as well.
    Example:
        >>> import torch
        >>> x = torch.randn(100, 2, generator=torch.Generator().manual_seed(1))
        >>> two_sample_test(x, x + 1).p_value
        0.001
    """
    if not 0 < level < 1:
        raise Refused(f"level of two_sample_test must lie between 0 and 1, got {level}; the usual one is 0.05.")
    if permutations < 1 or (most is not None and most < 2):
        raise Refused(f"two_sample_test needs permutations ≥ 1 and most ≥ 2, got {permutations} and {most}.")
    available, draw = pair(x, y, least=2, whose="two_sample_test"), generator(seed)
    x, y = (subset(z, most, draw) for z in available)
    return _outcome(aggregated(x, y, kernels, permutations, level, draw), (x, y), available, level, draw)


def _outcome(
    values: Aggregated,
    used: tuple[Tensor, Tensor],
    available: tuple[Tensor, Tensor],
    level: float,
    draw: torch.Generator,
) -> TwoSample:
    """Return the outcome of the test, from the values of every kernel under every relabelling.

    Args:
        values: MMD² of every kernel under every relabelling.
        used: the rows of data and samples that these are of.
        available: all rows that there were.
        level: of the test.
        draw: draws the rows on which shifts are tried.
    """
    best, (x, y) = int(values.ratios[:, 0].argmax()), used
    return TwoSample(
        statistic=float(values.statistics[0]),
        p_value=p_value(values.statistics),
        level=level,
        permutations=values.mmd.shape[1] - 1,
        effect_size=_superiority(values.witnesses[best], len(x)),
        kernel=values.kernels[best],
        n=len(x),
        m=len(y),
        n_given=len(available[0]),
        m_given=len(available[1]),
        shift=lambda: detectable_shift(x, values.thresholds(level), (len(x), len(y)), draw),
    )


def _superiority(witness: Float[Tensor, " rows"], n: int) -> float:
    """2·P(w(x) > w(y)) − 1 over all pairs of a datum and a sample, ties counted half."""
    ranks, m = rankdata(witness.numpy())[:n].sum(), len(witness) - n
    return float(2 * (ranks - n * (n + 1) / 2) / (n * m) - 1)
