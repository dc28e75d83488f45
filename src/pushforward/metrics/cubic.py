"""The sums that MMD² and its variance need, for polynomial kernels up to degree 3, from moments over all rows."""

from dataclasses import replace
from itertools import zip_longest
from math import comb, perm

import torch
from torch import Tensor

from pushforward.discrepancies.sums import Sums, blockwise
from pushforward.kernels import Polynomial
from pushforward.metrics.rows import chosen, generator
from pushforward.metrics.stream import Stream
from pushforward.metrics.third_order import DEGREE, RowSums, Tensors, embedded, pairs

SAMPLE = 8192
"""Rows a side whose pairs give the sums of squares."""

FEATURES = 300
"""Monomials up to which the sums of squares are exact: 10 coordinates."""

MOST = 2**28
"""Bytes of the sums of both sides beyond which they are not taken: 250 coordinates."""

PASSES = 3.0
"""Products of d(d + 1)/2 monomials with d coordinates that a row takes part in: its own sums, and two row sums."""


def by_moments(kernel: Polynomial, x: Stream, y: Stream, seed: int = 0) -> Sums:
    """Sums over all pairs in two passes over the rows, (n + m)·d³ products instead of (n + m)²·d.

    Row and column sums, hence MMD² itself, are exact up to rounding. So are the three sums of squares up to 10
    coordinates, where Σ_ij k(x_i, y_j)² = ⟨Σφφᵀ, Σφφᵀ⟩ of the monomials φ; beyond, they would need all monomials of
    degree 6, and are estimated without bias over the draw of SAMPLE rows a side: with H_ij the row mean plus the column
    mean less the total mean, Σk² = Σ(k − H)² + 2ΣkH − ΣH², of which all but the first term is known from all rows. In
    the variance of MMD² the squares weigh 1/n² and the row sums 1/n: they matter where the laws all but agree, and
    there Σ(k − H)² is off by about 2/√SAMPLE times the relative deviation of its row sums, a few per cent.

    Args:
        kernel: of degree 3 at most.
        x: data.
        y: samples, as wide.
        seed: of the draw of rows for the sums of squares.
    """
    sums = RowSums.of(kernel, Tensors.of(x), Tensors.of(y))
    a, b, r, c, own_x, own_y, paired = _second_pass(kernel, sums, x, y)
    nothing = torch.zeros((), dtype=torch.float64)
    found = Sums(a, b, r, c, nothing, nothing, nothing, own_x.sum(), own_y.sum(), paired)
    if few(x.width):
        p, q = _embedded(kernel, x), _embedded(kernel, y)
        xx, yy = p.square().sum() - own_x.square().sum(), q.square().sum() - own_y.square().sum()
        return replace(found, xx_square=xx, yy_square=yy, xy_square=(p * q).sum())
    draw = generator(seed)
    i, j = (chosen(len(z), SAMPLE, draw) for z in (x, y))
    return _squared(found, blockwise(kernel, x.gathered(i), y.gathered(j)), i, j)


def few(d: int) -> bool:
    """Whether the sums of squares are exact."""
    return comb(d + DEGREE, DEGREE) <= FEATURES


def cheaper(kernel: Polynomial, n: int, m: int, d: int) -> bool:
    """Whether moments fit, and take fewer products than all pairs do."""
    if kernel.degree > DEGREE or 16 * pairs(d) * d > MOST:
        return False
    # A pair takes d products, and about as long as 16 more for the kernel's value and the sums.
    return products_by_moments(n, m, d) < (n * n / 2 + m * m / 2 + n * m) * (d + 16)


def products_by_moments(n: int, m: int, d: int) -> float:
    """Multiplications of `by_moments`."""
    squares = (n + m) * comb(d + DEGREE, DEGREE) ** 2 if few(d) else 2 * SAMPLE**2 * (d + 16)
    return PASSES * (n + m) * pairs(d) * d + squares


def _second_pass(kernel: Polynomial, sums: RowSums, x: Stream, y: Stream) -> tuple[Tensor, ...]:
    """Row sums a and b without the diagonal, r and c, both diagonals, and k(x_i, y_i), from one joint pass."""
    # Results are laid out beforehand: small ones made between large blocks keep the allocator from using room again.
    room = lambda *shape: torch.empty(*shape, dtype=torch.float64)
    of_x, of_y, own_x, own_y = room(2, len(x)), room(2, len(y)), room(len(x)), room(len(y))
    paired, size, start = room(min(len(x), len(y))), x.rows_of(pairs(x.width)), 0
    nothing = room(0, x.width)
    for u, v in zip_longest(x.blocks(size), y.blocks(size), fillvalue=nothing):
        for block, sums_of, own in ((u, of_x, own_x), (v, of_y, own_y)):
            sums_of[:, start : start + len(block)] = sums(block)
            own[start : start + len(block)] = kernel.diag(block)
        least = min(len(u), len(v))
        paired[start : start + least] = kernel.paired(u[:least], v[:least])
        start += size
    (to_x, r), (c, to_y) = of_x, of_y
    return to_x - own_x, to_y - own_y, r, c, own_x, own_y, paired


def _embedded(kernel: Polynomial, z: Stream) -> Tensor:
    """Σ φφᵀ."""
    size = comb(z.width + DEGREE, DEGREE)
    total = torch.zeros(size, size, dtype=torch.float64)
    for x in z.blocks(z.rows_of(size)):
        phi = embedded(kernel, x)
        total.addmm_(phi, phi.T)
    return total


def _squared(s: Sums, part: Sums, i: Tensor, j: Tensor) -> Sums:
    """The sums with their squares, estimated from those of rows i of x and j of y."""
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
