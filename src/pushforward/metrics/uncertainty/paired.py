"""The error of a change of MMD² between two states that were measured on the same data with the same noise."""

from dataclasses import dataclass

from jaxtyping import Float
from torch import Tensor

from pushforward.discrepancies.sums import Sums


@dataclass(frozen=True, eq=False)
class Trace:
    """(n − 1)·(D̄ − D₋ᵢ) of every datum and (m − 1)·(D̄ − D₋ⱼ) of every sample, up to constants, for D = MMD².

    D₋ᵢ is D without row i.

    Args:
        x: of the data.
        y: of the samples.
    """

    x: Float[Tensor, " n"]
    y: Float[Tensor, " m"]

    @classmethod
    def of(cls, s: Sums) -> "Trace":
        """Compute the changes from sums of kernel values: leaving out a row takes away its row sums."""
        return cls(2 * s.a / (s.n - 2) - 2 * s.r / s.m, 2 * s.b / (s.m - 2) - 2 * s.c / s.n)


def paired_error(a: Trace, b: Trace) -> float:
    """σ̂² = Var_i(ψ_i − ψ′_i)/n + Var_j(φ_j − φ′_j)/m: the jackknife's error of D(x, g(z)) − D(x, g′(z)).

    Rows that are alike in both states add nothing, which is what a common noise is for: the error of the three-sample
    test, which takes the samples for independent, is that of a much coarser measurement. The jackknife errs upwards.

    Args:
        a: of one state.
        b: of the other, on the same data and with the same noise, row by row.
    Source: Arvesen (1969), Annals of Mathematical Statistics 40, for two samples.
    """
    return float((a.x - b.x).var() / len(a.x) + (a.y - b.y).var() / len(a.y)) ** 0.5
