"""The points about a centre in a low precision, with a bound on what rounding and products lose."""

from collections.abc import Iterator
from dataclasses import dataclass

import torch
from jaxtyping import Float, Int
from torch import Tensor

from pushforward.kernels.arithmetic import fast_bf16
from pushforward.kernels.pairwise import full_precision

BLOCK = 2**21
"""Entries of the largest intermediate matrix."""

SPARE = 32
"""Roundings, beyond those of a product's sum, of all that is added to it here."""


@dataclass(frozen=True)
class Arithmetic:
    """An arithmetic in which products ⟨u, v⟩ of rounded rows are taken.

    Args:
        dtype: of the rows.
        sums: in which their products are added.
        unit: largest relative error of one addition.
        output: largest relative error of storing the result.
    """

    dtype: torch.dtype
    sums: torch.dtype
    unit: float
    output: float

    def product(self, u: Float[Tensor, "a d"], v: Float[Tensor, "b d"]) -> Float[Tensor, "a b"]:
        """Return ⟨uᵢ, vⱼ⟩ in the dtype of the sums."""
        with full_precision(u):
            if self.dtype is torch.bfloat16 and not fast_bf16():  # slow, and not everywhere added in float32
                return u.to(self.sums) @ v.to(self.sums).T
            return (u @ v.T).to(self.sums)


# A processor's sums of bfloat16 products need not round to nearest, hence 2⁻²³; the result is stored in bfloat16.
BF16 = Arithmetic(torch.bfloat16, torch.float32, 2.0**-23, 2.0**-8)
F32 = Arithmetic(torch.float32, torch.float32, 2.0**-24, 0.0)
F64 = Arithmetic(torch.float64, torch.float64, 2.0**-53, 0.0)


@dataclass(frozen=True, eq=False)
class ListedRows:
    """The listed rows of a matrix, float32 or float64.

    Args:
        x: the matrix, float32 or float64.
        listed: which rows, in which order.
    """

    x: Float[Tensor, "n d"]
    listed: Int[Tensor, " r"]

    def __len__(self) -> int:
        return len(self.listed)

    def __getitem__(self, rows: slice | Tensor) -> Float[Tensor, "p d"]:
        """Return some of the rows, in float64."""
        return self.x[self.listed[rows]].double()


class Rounded:
    """The points about a centre, w = x − c, rounded to û; what that lost is measured.

    Args:
        x: the points.
        center: c, in float64.
        arithmetic: gives the dtype.
    """

    def __init__(self, x: ListedRows, center: Tensor, arithmetic: Arithmetic):
        self.arithmetic, d = arithmetic, len(center)
        self.low = torch.empty(len(x), d, dtype=arithmetic.dtype)
        self.norm = torch.empty(len(x), dtype=torch.float64)
        lost = torch.empty_like(self.norm)
        for rows in blocks(len(x), d):
            w = x[rows] - center
            self.low[rows], self.norm[rows] = w, w.square().sum(1)
            lost[rows] = w.sub_(self.low[rows]).square().sum(1)
        # Forming x − c loses half a unit of float64 of each coordinate.
        self.lost = lost.sqrt() + 2.0**-52 * self.norm.sqrt()
        self.length = (self.norm.sqrt() + self.lost) * (1 + d * 2.0**-52)
        self.of_sum = (d + SPARE) * arithmetic.unit
        self.of_norm = (d + SPARE) * 2.0**-53
        self.least = 8 * d * torch.finfo(arithmetic.sums).tiny  # what products lose that fall out of range

    @property
    def error(self) -> Float[Tensor, " r"]:
        """e with |sᵢⱼ − ŝᵢⱼ| ≤ eᵢ + eⱼ, rounding of the result apart, by 2ab ≤ a²/ρ + ρb²."""
        rho = torch.finfo(self.arithmetic.dtype).eps / 8
        terms = rho + self.of_sum + SPARE * torch.finfo(self.arithmetic.sums).eps + self.of_norm
        return self.lost.square() / rho + terms * self.length.square() + self.least


def blocks(n: int, m: int) -> Iterator[slice]:
    """Yield slices of n rows of m entries each, at most BLOCK entries together."""
    size = max(1, BLOCK // m)
    yield from (slice(a, min(a + size, n)) for a in range(0, n, size))
