"""The sums that MMD² and its variance need, for polynomial kernels up to degree 3, from moments over all rows."""

from dataclasses import dataclass, replace
from itertools import zip_longest
from math import comb, perm

import torch
from jaxtyping import Float, Int
from torch import Tensor

from pushforward.discrepancies.sums import Sums, blockwise
from pushforward.kernels import Polynomial
from pushforward.metrics.numerics.checked_arrays import draw_indices, generator
from pushforward.metrics.numerics.monomial_sums import DEGREE, MonomialSums, RowSums, embedded, pairs
from pushforward.rows import Rows

SAMPLE = 8192
"""Rows a side whose pairs give the sums of squares."""

FEATURES = 300
"""Monomials up to which the sums of squares are exact: 10 coordinates."""

MOST = 2**28
"""Bytes of the sums of both sides beyond which they are not taken: 250 coordinates."""

FAR = 2.0**24
"""Multiples of the first rows' median k(x, x) from which on a row is left out of the moments."""

APART = 1024
"""Rows a side that are left out at most; beyond, a row is none of a few."""

PASSES = 3.0
"""Products of d(d + 1)/2 monomials with d coordinates that a row takes part in: its own sums, and two row sums."""


def by_moments(kernel: Polynomial, x: Rows, y: Rows, seed: int = 0) -> Sums:
    """Compute the sums over all pairs in two passes over the rows, by (n + m)·d³ products instead of (n + m)²·d.

    Row and column sums, hence MMD² itself, are exact up to rounding. So are the three sums of squares up to 10
    coordinates, where Σ_ij k(x_i, y_j)² = ⟨Σφφᵀ, Σφφᵀ⟩ of the monomials φ; beyond, they would need all monomials of
    degree 6, and are estimated without bias over the draw of SAMPLE rows a side: with H_ij the row mean plus the column
    mean less the total mean, Σk² = Σ(k − H)² + 2ΣkH − ΣH², of which all but the first term is known from all rows. In
    the variance of MMD² the squares weigh 1/n² and the row sums 1/n: they matter where the laws all but agree, and
    there Σ(k − H)² is off by about 2/√SAMPLE times the relative deviation of its row sums, a few per cent.

    A row's own term is taken away from its sum, which says nothing where that term is most of it: rows that are so much
    larger than others are left out of the moments, and their kernel values with all rows are computed one by one.

    Args:
        kernel: of degree 3 at most.
        x: data.
        y: samples, as wide.
        seed: of the draw of rows for the sums of squares.
    """
    sides = DividedSide.of(kernel, x), DividedSide.of(kernel, y)
    sums, squares = _second_pass(kernel, sides, x, y)
    if squares_are_exact(x.width):
        p, q = (_embedded(kernel, z, side) for z, side in zip((x, y), sides, strict=True))
        xx, yy, xy = squares
        return replace(
            sums,
            xx_square=xx + p.square().sum(),
            yy_square=yy + q.square().sum(),
            xy_square=xy + (p * q).sum(),
        )
    draw = generator(seed)
    i, j = (draw_indices(len(z), SAMPLE, draw) for z in (x, y))
    return _squared(sums, blockwise(kernel, x.taken(i), y.taken(j)), i, j)


@dataclass(frozen=True, eq=False)
class DividedSide:
    """The moments of most rows of one side, and the few rows that are much larger than others.

    Args:
        moments: sums of monomials over the ordinary rows.
        far: the rows that are much larger; an empty matrix if there are none.
        places: the numbers of those rows, ascending.
    """

    moments: MonomialSums
    far: Float[Tensor, "f d"]
    places: Int[Tensor, " f"]

    @classmethod
    def of(cls, kernel: Polynomial, z: Rows) -> "DividedSide":
        """Divide the rows into ordinary and far ones, and take the sums of the former, in one pass."""
        moments, start, limit = MonomialSums.empty(z.width), 0, torch.inf
        far, places = list[Tensor](), list[Tensor]()
        for block in z.blocks(z.per_cache(pairs(z.width))):
            own = kernel.diag(block)
            limit = limit if start else FAR * float(own.median())
            is_far = own > (limit if sum(len(rows) for rows in far) < APART else torch.inf)
            far.append(block[is_far])
            places.append(start + is_far.nonzero()[:, 0])
            moments.add(block[~is_far] if len(far[-1]) else block)
            start += len(block)
        return cls(moments, torch.cat(far), torch.cat(places))

    def far_marks(self, start: int, size: int) -> Tensor:
        """Return true for the far ones among `size` rows from `start` on."""
        inside = self.places[(self.places >= start) & (self.places < start + size)] - start
        return torch.zeros(size, dtype=torch.bool).index_fill_(0, inside, True)

    def kernel_with_far(self, kernel: Polynomial, z: Tensor, start: int | None = None) -> Float[Tensor, "b f"]:
        """Return k(z_i, f) for the far rows f; 0 for one with itself, if z are the side's own rows from `start` on."""
        values = kernel(z, self.far)
        if start is not None:
            values.masked_fill_(torch.arange(start, start + len(z))[:, None] == self.places, 0.0)
        return values


def squares_are_exact(d: int) -> bool:
    """Tell whether the sums of squares over rows of d coordinates are exact, not estimated."""
    return comb(d + DEGREE, DEGREE) <= FEATURES


def moments_are_cheaper(kernel: Polynomial, n: int, m: int, d: int) -> bool:
    """Tell whether moments fit into memory, and take fewer products than all pairs do."""
    if kernel.degree > DEGREE or 16 * pairs(d) * d > MOST:
        return False
    # A pair takes d products, and about as long as 16 more for the kernel's value and the sums.
    return _products(n, m, d) < (n * n / 2 + m * m / 2 + n * m) * (d + 16)


def _products(n: int, m: int, d: int) -> float:
    """Return the number of multiplications that `by_moments` takes."""
    squares = (n + m) * comb(d + DEGREE, DEGREE) ** 2 if squares_are_exact(d) else 2 * SAMPLE**2 * (d + 16)
    return PASSES * (n + m) * pairs(d) * d + squares


def _second_pass(
    kernel: Polynomial, sides: tuple[DividedSide, DividedSide], x: Rows, y: Rows
) -> tuple[Sums, Float[Tensor, "3"]]:
    """Return all sums but those of squares, and of the squares those with far rows, from one joint pass."""
    # Results are laid out beforehand: small ones made between large blocks keep the allocator from using room again.
    room = lambda *shape: torch.zeros(*shape, dtype=torch.float64)
    of_x, of_y, own_x, own_y, squares = room(2, len(x)), room(2, len(y)), room(len(x)), room(len(y)), room(3)
    paired, size, start, nothing = room(min(len(x), len(y))), x.per_cache(pairs(x.width)), 0, room(0, x.width)
    sums = RowSums.of(kernel, *(side.moments for side in sides))
    for blocks in zip_longest(x.blocks(size), y.blocks(size), fillvalue=nothing):
        for own_side, (block, row_sums, diagonal) in enumerate(zip(blocks, (of_x, of_y), (own_x, own_y), strict=True)):
            here = slice(start, start + len(block))
            ordinary = ~sides[own_side].far_marks(start, len(block))
            diagonal[here] = kernel.diag(block)
            row_sums[:, here] = sums(block)
            row_sums[own_side, here] -= diagonal[here] * ordinary
            squares[own_side] -= (diagonal[here] * ordinary).square().sum()
            for other, side in enumerate(sides):
                if len(side.far) and len(block):
                    values = side.kernel_with_far(kernel, block, start if other == own_side else None)
                    row_sums[other, here] += values.sum(1)
                    _add_squares(squares, values.square().sum(1), ordinary, (own_side, other))
        least = min(map(len, blocks))
        paired[start : start + least] = kernel.paired(blocks[0][:least], blocks[1][:least])
        start += size
    none = room(1)[0]
    return Sums(*(of_x[0], of_y[1], of_x[1], of_y[0]), none, none, none, own_x.sum(), own_y.sum(), paired), squares


def _add_squares(squares: Tensor, by_row: Tensor, ordinary: Tensor, sides: tuple[int, int]) -> None:
    """Add squares of far rows' kernel values with rows of a block to the sums over all pairs, xx, yy and xy."""
    own_side, other = sides
    if own_side == other:  # an ordinary and a far row of one side make two pairs
        squares[own_side] += by_row.sum() + by_row[ordinary].sum()
    else:  # far rows of both sides meet once
        squares[2] += by_row.sum() if own_side == 0 else by_row[ordinary].sum()


def _embedded(kernel: Polynomial, z: Rows, side: DividedSide) -> Tensor:
    """Return Σ φφᵀ over the ordinary rows."""
    size, start = comb(z.width + DEGREE, DEGREE), 0
    total = torch.zeros(size, size, dtype=torch.float64)
    for x in z.blocks(z.per_cache(size)):
        phi = embedded(kernel, x[~side.far_marks(start, len(x))])
        total.addmm_(phi, phi.T)
        start += len(x)
    return total


def _squared(s: Sums, part: Sums, i: Tensor, j: Tensor) -> Sums:
    """Add the sums of squares, estimated from those of rows i of x and j of y."""
    f, g = (v / (len(v) - 1) - v.mean() / (2 * (len(v) - 1)) for v in (s.a, s.b))
    p, q = s.r / s.m - s.r.mean() / (2 * s.m), s.c / s.n - s.c.mean() / (2 * s.n)
    between = s.n * s.m / (part.n * part.m) * (part.xy_square - _cross(p[i], q[j], part.r, part.c))
    return replace(
        s,
        xx_square=_within(f, s.a, f[i], part.a, part.xx_square),
        yy_square=_within(g, s.b, g[j], part.b, part.yy_square),
        xy_square=between + _cross(p, q, s.r, s.c),
    )


def _within(f: Tensor, a: Tensor, f_part: Tensor, a_part: Tensor, square: Tensor) -> Tensor:
    """Σk² over i ≠ j, with H_ij = f_i + f_j: what the sample says of Σ(k − H)², and the rest exactly."""
    scale = perm(len(f), 2) / perm(len(f_part), 2)
    return scale * (square - _own(f_part, a_part)) + _own(f, a)


def _own(f: Tensor, a: Tensor) -> Tensor:
    """Σ_{i≠j} (2kH − H²)."""
    return 4 * f @ a - 2 * (len(f) - 2) * f @ f - 2 * f.sum() ** 2


def _cross(p: Tensor, q: Tensor, r: Tensor, c: Tensor) -> Tensor:
    """Σ_ij (2kH − H²), with H_ij = p_i + q_j."""
    return 2 * (p @ r + q @ c) - len(q) * p @ p - len(p) * q @ q - 2 * p.sum() * q.sum()
