"""The row sums of polynomial kernels up to degree 3, over any number of rows, from sums of their monomials."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import comb

import torch
from jaxtyping import Float
from torch import Tensor

from pushforward.kernels import Polynomial
from pushforward.rows import Rows

DEGREE = 3
"""Highest degree of a monomial that is summed."""


@dataclass(eq=False)
class MonomialSums:
    """n, Σx, Σx⊗x and Σx⊗x⊗x: with them Σ_j (γ⟨x, x_j⟩ + c)^p, p ≤ 3, takes d³/6 products, whatever n is.

    ⟨x, x′⟩^q is the inner product of x^⊗q and x′^⊗q, so the sum over x′ goes inside. Of the symmetric tensors only
    i ≤ j ≤ k is computed, by matrix products of the monomials x_i·x_j, i ≤ j, with the coordinates x_k of one stripe.

    Args:
        n: rows so far.
        first: Σ x.
        second: Σ x_i·x_j for i ≤ j, pairs in order of j.
        third: for each stripe of k, Σ x_i·x_j·x_k for all pairs whose j does not lie beyond it.
    """

    n: int
    first: Float[Tensor, " d"]
    second: Float[Tensor, " pairs"]
    third: list[Tensor]

    @classmethod
    def empty(cls, d: int) -> "MonomialSums":
        """Return the sums over no rows, all of them 0."""
        zeros = lambda *shape: torch.zeros(*shape, dtype=torch.float64)
        return cls(0, zeros(d), zeros(pairs(d)), [zeros(pairs(k.stop), k.stop - k.start) for k in stripes(d)])

    @classmethod
    def of(cls, z: Rows) -> "MonomialSums":
        """Add up the monomials of all rows in one pass."""
        sums = cls.empty(z.width)
        for x in z.blocks(z.per_cache(pairs(z.width))):
            sums.add(x)
        return sums

    def add(self, x: Float[Tensor, "b d"]) -> None:
        """Add the rows of one more block."""
        p = products(x)
        self.n += len(x)
        self.first += x.sum(0)
        self.second += p.sum(1)
        for k, third in zip(stripes(x.shape[1]), self.third, strict=True):
            third.addmm_(p[: pairs(k.stop)], x[:, k])


@dataclass(frozen=True, eq=False)
class RowSums:
    """x ↦ Σ_j k(x, x_j) for several sets of rows x_j at once.

    Args:
        constant: coefficient of 1, a number a set.
        first: coefficients of x.
        second: coefficients of x_i·x_j, i ≤ j.
        third: for each stripe of k, coefficients of x_i·x_j·x_k, those of the sets one after another; 0 where j > k.
    """

    constant: Float[Tensor, " sets"]
    first: Float[Tensor, "sets d"]
    second: Float[Tensor, "sets pairs"]
    third: tuple[Tensor, ...]

    @classmethod
    def of(cls, k: Polynomial, *sets: MonomialSums) -> "RowSums":
        """Prepare the row sums of a kernel, of degree 3 at most, over each set of rows.

        Args:
            k: the kernel.
            sets: sums of each set of rows.
        """
        d = len(sets[0].first)
        c = coefficients(k, d)
        twice, orders = _orders(d)
        third = tuple(torch.cat([c[3] * s.third[t] * order for s in sets], 1) for t, order in enumerate(orders))
        return cls(
            torch.tensor([c[0] * s.n for s in sets], dtype=torch.float64),
            torch.stack([c[1] * s.first for s in sets]),
            torch.stack([c[2] * twice * s.second for s in sets]),
            third,
        )

    def __call__(self, x: Float[Tensor, "b d"]) -> Float[Tensor, "sets b"]:
        """Return Σ_j k(x, x_j) for every row x of a block, over each set."""
        p, sets = products(x), len(self.constant)
        sums = self.constant[:, None] + self.first @ x.T + self.second @ p
        for k, third in zip(stripes(x.shape[1]), self.third, strict=True):
            by_k = (third.T @ p[: pairs(k.stop)]).view(sets, k.stop - k.start, len(x))
            sums += torch.einsum("skb,bk->sb", by_k, x[:, k])
        return sums


def pairs(d: int) -> int:
    """Return d(d + 1)/2, the number of pairs i ≤ j below d."""
    return d * (d + 1) // 2


def products(x: Float[Tensor, "b d"]) -> Float[Tensor, "pairs b"]:
    """Return x_i·x_j for i ≤ j, in order of j; one row a pair, so that each is written in one piece."""
    across = x.T.contiguous()
    rows = x.new_empty(pairs(x.shape[1]), len(x))
    for j in range(x.shape[1]):
        torch.mul(across[: j + 1], across[j], out=rows[pairs(j) : pairs(j + 1)])
    return rows


def stripes(d: int) -> Iterator[slice]:
    """Yield consecutive ranges of k: narrow ones save products, wide ones keep the processor busy."""
    width = max(16, -(-d // 8))
    yield from (slice(k, min(k + width, d)) for k in range(0, d, width))


def coefficients(k: Polynomial, d: int) -> tuple[float, ...]:
    """c_0, …, c_3 with (γs + c)^p = Σ c_q·s^q."""
    gamma = 1 / d if k.gamma is None else k.gamma
    return tuple(comb(k.degree, q) * gamma**q * k.offset ** max(k.degree - q, 0) for q in range(DEGREE + 1))


def embedded(k: Polynomial, x: Float[Tensor, "b d"]) -> Float[Tensor, "features b"]:
    """φ(x) with k(x, x′) = ⟨φ(x), φ(x′)⟩: the (d + 1)(d + 2)(d + 3)/6 monomials up to degree 3, by their weights."""
    c, p = coefficients(k, x.shape[1]), products(x)
    twice, orders = _orders(x.shape[1])
    cubes = [
        (c[3] * order[: pairs(i + 1), i - stripe.start, None]).sqrt() * p[: pairs(i + 1)] * x[:, i]
        for stripe, order in zip(stripes(x.shape[1]), orders, strict=True)
        for i in range(stripe.start, stripe.stop)
    ]
    one = torch.ones(1, len(x), dtype=x.dtype)
    return torch.cat([c[0] ** 0.5 * one, c[1] ** 0.5 * x.T, (c[2] * twice[:, None]).sqrt() * p, *cubes])


def _orders(d: int) -> tuple[Float[Tensor, " pairs"], list[Tensor]]:
    """Return in how many orders i ≤ j can be written, and for each stripe i ≤ j ≤ k: 6, 3 or 1; 0 where j > k."""
    j = torch.repeat_interleave(torch.arange(d), torch.arange(1, d + 1))[:, None]
    i = torch.arange(pairs(d))[:, None] - j * (j + 1) // 2
    k = torch.arange(d)
    orders = torch.where(i == j, torch.where(j == k, 1.0, 3.0), torch.where(j == k, 3.0, 6.0)).double() * (j <= k)
    return 1.0 + (i < j).double().squeeze(1), [orders[: pairs(s.stop), s] for s in stripes(d)]
