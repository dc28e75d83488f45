"""MMD² under random relabellings of the pooled sample, all of them by one matrix product."""

from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor


@dataclass(frozen=True, eq=False)
class Relabelling:
    """Column b marks the rows of the pooled sample that relabelling b calls data; column 0 is the truth.

    Args:
        marks: of the pooled rows (data first), 1 where a row is called data.
        n: number of data.
        m: number of samples.
    """

    marks: Float[Tensor, "rows relabellings"]
    n: int
    m: int

    @classmethod
    def drawn(cls, n: int, m: int, permutations: int, generator: torch.Generator) -> "Relabelling":
        """The truth and that many random relabellings, each of n rows among the n + m."""
        places = torch.rand(permutations, n + m, generator=generator).argsort(1)
        marks = torch.zeros(n + m, permutations + 1, dtype=torch.float64)
        marks[:n, 0] = 1
        marks[:, 1:].scatter_(0, places[:, :n].T, 1.0)
        return cls(marks, n, m)

    def mmd(self, gram: Float[Tensor, "rows rows"]) -> tuple[Float[Tensor, " relabellings"], Float[Tensor, " rows"]]:
        """Unbiased MMD² of every relabelling, and the true labels' witness with each row's own term left out.

        With p the marks, q = 1 − p and K without its diagonal, MMD² = pᵀKp/n(n−1) + qᵀKq/m(m−1) − 2pᵀKq/nm; only
        K·marks costs, and the mean of the witness over data minus that over samples is MMD².

        Args:
            gram: kernel matrix of the pooled rows, data first; its diagonal is set to 0 in place.
        """
        n, m, p = self.n, self.m, self.marks
        gram.fill_diagonal_(0.0)
        sums = gram.sum(1)
        product = gram @ p
        xx, x_any = torch.einsum("ij,ij->j", p, product), sums @ p
        yy, xy = sums.sum() + xx - 2 * x_any, x_any - xx
        mmd = xx / (n * (n - 1)) + yy / (m * (m - 1)) - 2 * xy / (n * m)
        to_x, to_y = product[:, 0], sums - product[:, 0]
        witness = torch.cat([to_x[:n] / (n - 1) - to_y[:n] / m, to_x[n:] / n - to_y[n:] / (m - 1)])
        return mmd, witness


def p_value(statistics: Float[Tensor, " relabellings"]) -> float:
    """(1 + k)/(1 + B), k of B relabellings at least as large as the truth, which stands first.

    Rounding must not break ties in the test's favour, hence a hair's breadth is at least as large.
    """
    observed = statistics[0]
    return float((statistics >= observed - 1e-9 * observed.abs()).double().mean())
