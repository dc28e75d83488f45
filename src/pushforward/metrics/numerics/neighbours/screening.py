"""The screening of pairs of rows that may be close: products in low precision, with a bound on what they lose."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import isqrt

import torch
from jaxtyping import Float, Int
from torch import Tensor
from torch.nn.functional import leaky_relu_

from pushforward.kernels.arithmetic import fast_bf16
from pushforward.kernels.far import SAMPLE, middle
from pushforward.metrics.numerics.neighbours.rounding import BF16, BLOCK, F32, F64, Arithmetic, ListedRows, Rounded

WIDE = 64
"""Coordinates from which on products, not comparisons, take the time, so that bfloat16 can save some of it."""

TOLERATED = 64
"""One doubt in so many entries costs what a finer product of all of them does: a difference is read from memory."""


def ladder(reach: float, d: int) -> tuple[Arithmetic, ...]:
    """Return the arithmetics to screen with, each to be tried where the one before leaves too much in doubt.

    Args:
        reach: at least the largest coordinate about the centre; squares of it must be in the range of float32.
        d: coordinates.
    """
    if not reach < 1e15:
        return (F64,)
    return (BF16, F32, F64) if d >= WIDE and fast_bf16() else (F32, F64)


class Screen:
    """A screen of x and y by tiles of products, in the coarsest arithmetic that leaves little in doubt.

    Args:
        x: points; y itself for pairs within it.
        y: points.
    """

    def __init__(self, x: ListedRows, y: ListedRows):
        self.x, self.y = x, y
        self.center = middle(ListedRows(y.x, y.listed[:: max(1, len(y) // SAMPLE)])[:])
        reach = 2 * max(abs(float(end)) for z in (x, y) for end in z.x.aminmax())
        self.left = list(ladder(reach, y.x.shape[1]))
        self._round()

    def tile(self, rows: slice, columns: slice) -> "Tile":
        """Return the inner products of these rows of x and columns of y."""
        return Tile(self.of_x, self.of_y, rows, columns)

    def refine(self, doubts: int, entries: int) -> bool:
        """Take a finer arithmetic where there is one and the doubts are too many; return whether it was taken."""
        if len(self.left) == 1 or doubts <= entries // TOLERATED:
            return False
        self.left.pop(0)
        self._round()
        return True

    def _round(self) -> None:
        self.of_y = Rounded(self.y, self.center, self.left[0])
        self.of_x = self.of_y if self.x is self.y else Rounded(self.x, self.center, self.left[0])


@dataclass(frozen=True, eq=False)
class Pairs:
    """The pairs of rows that may be close, with bounds on their squared distances.

    Args:
        i: rows of one side.
        j: rows of the other.
        lower: at most the squared distance.
        upper: at least the squared distance.
    """

    i: Int[Tensor, " p"]
    j: Int[Tensor, " p"]
    lower: Float[Tensor, " p"]
    upper: Float[Tensor, " p"]

    def __len__(self) -> int:
        return len(self.i)

    def __getitem__(self, kept: Tensor) -> "Pairs":
        return Pairs(self.i[kept], self.j[kept], self.lower[kept], self.upper[kept])

    @classmethod
    def none(cls) -> "Pairs":
        """Return a list of no pairs."""
        number, square = torch.empty(0, dtype=torch.int64), torch.empty(0, dtype=torch.float64)
        return cls(number, number, square, square)

    @classmethod
    def joined(cls, parts: list["Pairs"]) -> "Pairs":
        """Return the pairs of several lists, in turn."""
        return cls(*(torch.cat([getattr(p, name) for p in parts]) for name in ("i", "j", "lower", "upper")))

    def turned(self) -> "Pairs":
        """Return the same pairs, asked for by the other side."""
        return Pairs(self.j, self.i, self.lower, self.upper)


class Tile:
    """The inner products of some rows of u with some of v.

    Args:
        u: one side.
        v: the other.
        rows: of u.
        columns: of v.
    """

    def __init__(self, u: Rounded, v: Rounded, rows: slice, columns: slice):
        self.u, self.v, self.rows, self.columns = u, v, rows, columns
        self.product = u.arithmetic.product(u.low[rows], v.low[columns])

    def upper(self) -> Float[Tensor, "a b"]:
        """Return an upper bound of every squared distance of the tile."""
        (_, a), (_, b) = self._halves()
        return self._toward(-1).neg_().add_(a[:, None]).add_(b).mul_(2)

    def close(self, of_u: Tensor, of_v: Tensor | None = None) -> Pairs:
        """Return the pairs with sᵢⱼ ≤ of_u[i] or sᵢⱼ ≤ of_v[j], and few others, as numbers of rows of u and v."""
        sums = self.u.arithmetic.sums
        (a, _), (b, _) = self._halves()
        g = self._toward(1).sub_(b)
        mask = g >= (a - (of_u[self.rows] / 2).to(sums))[:, None]
        if of_v is not None:
            mask |= g.add_((of_v[self.columns] / 2).to(sums)) >= a[:, None]
        i, j = nonzero(mask)
        return self._bounded(i, j)

    def _halves(self) -> tuple[tuple[Tensor, Tensor], tuple[Tensor, Tensor]]:
        """Return (‖wᵢ‖² ∓ eᵢ)/2 of both sides."""
        sides = ((self.u, self.rows), (self.v, self.columns))
        norms = [(side.norm[part], side.error[part]) for side, part in sides]
        (a, e), (b, f) = norms
        sums = self.u.arithmetic.sums
        half = lambda n, e: ((n - e).div(2).to(sums), (n + e).div(2).to(sums))
        return half(a, e), half(b, f)

    def _toward(self, sign: int) -> Tensor:
        """Return the products, each moved by what storing it may have lost."""
        output = sign * self.u.arithmetic.output
        g = self.product.clone()
        return leaky_relu_(g, (1 - output) / (1 + output)).mul_(1 + output) if output else g

    def _bounded(self, i: Tensor, j: Tensor) -> Pairs:
        """Return the pairs with bounds that hold of each: tighter where lengths differ."""
        u, v, p = self.u, self.v, self.product[i, j].double()
        i, j = i + self.rows.start, j + self.columns.start
        a, b, norms = u.length[i], v.length[j], u.norm[i] + v.norm[j]
        lost = u.lost[i] * b + a * v.lost[j] + u.of_sum * a * b + u.arithmetic.output * p.abs()
        middle, error = norms - 2 * p, 2 * lost + u.of_norm * norms + u.least
        return Pairs(i, j, middle - error, middle + error)


def tiles(n: int, m: int, *, symmetric: bool = False) -> Iterator[tuple[slice, slice]]:
    """Yield rectangles of at most BLOCK entries that cover n rows and m columns, one strip of columns after another.

    With `symmetric` (n = m), those on and below the diagonal.
    """
    for b in range(0, m, max(1, isqrt(BLOCK))):
        columns = slice(b, min(b + max(1, isqrt(BLOCK)), m))
        size = max(1, BLOCK // (columns.stop - b))
        yield from ((slice(a, min(a + size, n)), columns) for a in range(b if symmetric else 0, n, size))


def nonzero(mask: Tensor) -> tuple[Tensor, Tensor]:
    """Return where a mask is true, seldom as that is: eight entries are looked at in one."""
    flat, width = mask.view(-1), mask.shape[1]
    if len(flat) % 8:
        places = flat.nonzero()[:, 0]
    else:
        words = flat.view(torch.int64).nonzero()[:, 0]
        places = (8 * words[:, None] + torch.arange(8)).view(-1)
        places = places[flat[places]]
    return places // width, places % width
