"""The MMD² of random relabellings of the pooled sample, all by one matrix product over half of the pairs."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import torch
from jaxtyping import Float, Int
from torch import Tensor

from pushforward.kernels import Kernel, Radial
from pushforward.kernels.pairwise import squared_distance

PANEL = 2**20
"""Kernel values at a time: what stays in a cache is passed over several times at little cost."""


@dataclass(frozen=True, eq=False)
class Relabelling:
    """A set of relabellings: column b marks the rows that relabelling b calls data, and column 0 is the truth.

    The pooled rows are taken in a random order, so that no rounding knows which of them are data: a test that counts
    relabellings is exact in any arithmetic.

    Args:
        marks: of the rows in that order, 1 where a row is called data.
        order: which of the pooled rows (data first) stands where.
        n: number of data.
        m: number of samples.
    """

    marks: Float[Tensor, "rows relabellings"]
    order: Int[Tensor, " rows"]
    n: int
    m: int

    @classmethod
    def random(cls, n: int, m: int, permutations: int, generator: torch.Generator) -> "Relabelling":
        """Return the truth and that many random relabellings, each of n rows among the n + m."""
        marks, order = torch.zeros(n + m, permutations + 1), torch.randperm(n + m, generator=generator)
        marks[:, 0] = order < n
        for b in range(permutations):
            marks[torch.randperm(n + m, generator=generator)[:n], 1 + b] = 1
        return cls(marks, order, n, m)

    def subset(self, columns: Int[Tensor, " some"]) -> "Relabelling":
        """Return those relabellings alone, the truth being the first of them."""
        return Relabelling(self.marks[:, columns], self.order, self.n, self.m)

    @torch.no_grad()
    def mmd(
        self, kernels: Sequence[Kernel], pooled: Float[Tensor, "rows d"], panel: int = PANEL
    ) -> tuple[Float[Tensor, "kernels relabellings"], Float[Tensor, "kernels rows"]]:
        """Return unbiased MMD² of every relabelling, and the true labels' witness with each row's own term left out.

        In the precision of the pooled rows, with sums over panels in float64. Squared distances are computed once for
        all kernels of the distance.

        Args:
            kernels: whose bandwidths are known.
            pooled: rows, data first.
            panel: kernel values at a time.
        """
        z, signs = pooled[self.order], (2 * self.marks - 1).to(pooled.dtype)
        sums = [SignedSums.empty(signs) for _ in kernels]
        for rows in _panels(len(z), panel):
            u, v = z[rows], z[rows.start :]
            squares = squared_distance(u, v) if any(isinstance(k, Radial) for k in kernels) else None
            for k, signed in zip(kernels, sums, strict=True):
                values = k.kappa(squares) if isinstance(k, Radial) and squares is not None else k(u, v)
                signed.add(values, rows, signs)
        results = [self._mmd_and_witness(signed, signs) for signed in sums]
        values, witnesses = (torch.stack(part) for part in zip(*results, strict=True))
        return values, torch.empty_like(witnesses).index_copy_(1, self.order, witnesses)

    def _mmd_and_witness(self, s: "SignedSums", signs: Tensor) -> tuple[Tensor, Tensor]:
        """MMD² = pᵀKp/n(n−1) + qᵀKq/m(m−1) − 2pᵀKq/nm with p = (1 + σ)/2 the marks, q = 1 − p, K without its diagonal.

        The mean of the witness over data minus that over samples is MMD².
        """
        n, m, total = self.n, self.m, s.rows.sum()
        linear = s.rows @ signs.double()
        xx, x_any = (total + 2 * linear + s.quadratic) / 4, (total + linear) / 2
        yy, xy = total + xx - 2 * x_any, x_any - xx
        mmd = xx / (n * (n - 1)) + yy / (m * (m - 1)) - 2 * xy / (n * m)
        to_x, to_y = (s.rows + s.truth) / 2, (s.rows - s.truth) / 2
        at_x, at_y = to_x / (n - 1) - to_y / m, to_x / n - to_y / (m - 1)
        return mmd, torch.where(self.marks[:, 0] > 0, at_x, at_y)

    def slack(self, squares: Float[Tensor, " kernels"], errors: Float[Tensor, " kernels"]) -> Tensor:
        """A bound on the rounding of MMD² in float32: eight standard deviations.

        σᵀKσ adds up N terms in each of N rows. A partial sum of j signed terms is √j·κ, κ² the mean square of a kernel
        value; rounding it errs by 2⁻²⁴/√3 of that in either direction, all of them together by 2⁻²⁴·N^(3/2)·κ/√6;
        errors of mean square ε² in the kernel values move it by √2·N·ε.

        Args:
            squares: mean squares of kernel values.
            errors: mean squares of their errors.
        """
        n, m, size = self.n, self.m, self.n + self.m
        unit = (1 / (n * (n - 1)) + 1 / (m * (m - 1)) + 2 / (n * m)) / 4
        return 8 * unit * (2.0**-24 * size**1.5 * (squares / 6).sqrt() + size * (2 * errors).sqrt())


@dataclass(frozen=True, eq=False)
class SignedSums:
    """The sums of a kernel matrix K without its diagonal under signs σ, ±1 for each row, one column a relabelling.

    Args:
        rows: row sums of K.
        truth: K times the first column of signs.
        quadratic: σᵀKσ of every column.
    """

    rows: Float[Tensor, " rows"]
    truth: Float[Tensor, " rows"]
    quadratic: Float[Tensor, " relabellings"]

    @classmethod
    def empty(cls, signs: Float[Tensor, "rows relabellings"]) -> "SignedSums":
        """Return the sums over no pairs, all of them 0."""
        rows, columns = signs.shape
        return cls(*(torch.zeros(size, dtype=torch.float64) for size in (rows, rows, columns)))

    def add(self, K: Tensor, here: slice, signs: Tensor) -> None:
        """Add the pairs of some rows with themselves and all later ones, which count for their mirror images too."""
        own, later = K[:, : len(K)], K[:, len(K) :]
        own, s, t = own - own.diagonal().diag(), signs[here], signs[here.stop :]
        self.quadratic.add_((s * torch.addmm(own @ s, later, t, alpha=2)).double().sum(0))
        self.rows[here] += own.sum(1).double() + later.sum(1)
        self.rows[here.stop :] += later.sum(0)
        self.truth[here] += (own @ s[:, 0]).double() + later @ t[:, 0]
        self.truth[here.stop :] += later.T @ s[:, 0]


def p_value(statistics: Float[Tensor, " relabellings"]) -> float:
    """Return (1 + k)/(1 + B), k of B relabellings at least as large as the truth, which stands first.

    Rounding must not break ties in the test's favour, hence a hair's breadth is at least as large.
    """
    observed = statistics[0]
    return float((statistics >= observed - 1e-9 * observed.abs()).double().mean())


def _panels(rows: int, values: int) -> Iterator[slice]:
    """Yield slices of rows, each with about so many values in it and the columns from its first row on."""
    first = 0
    while first < rows:
        yield (here := slice(first, min(rows, first + max(1, values // (rows - first)))))
        first = here.stop
