"""The sums of kernel matrices that MMD² and its variance need: from a Gram, or block by block for large samples."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import isqrt

import torch
from jaxtyping import Float
from torch import Tensor

from pushforward.discrepancies.gram import Gram
from pushforward.errors import Refused
from pushforward.kernels import Kernel

# Bytes for one block of kernel values with its intermediate results, about eight arrays in float64: what stays in a
# cache is passed over several times at little cost.
MEMORY = 2**26


@dataclass(frozen=True, eq=False)
class Sums:
    """The sums of kernel values that estimators of MMD² and of its variance read, in float64.

    Args:
        a: row sums of K_xx without its diagonal; the total of K_xx is Σa plus its trace.
        b: row sums of K_yy without its diagonal.
        r: row sums of K_xy.
        c: column sums of K_xy.
        xx_square: sum of squares of K_xx without its diagonal.
        yy_square: sum of squares of K_yy without its diagonal.
        xy_square: sum of squares of K_xy.
        xx_trace: sum of the diagonal of K_xx.
        yy_trace: sum of the diagonal of K_yy.
        xy_diagonal: k(x_i, y_i) for as many i as there are in both.
        arithmetic: in which kernel values were computed.
    """

    a: Float[Tensor, " n"]
    b: Float[Tensor, " m"]
    r: Float[Tensor, " n"]
    c: Float[Tensor, " m"]
    xx_square: Float[Tensor, ""]
    yy_square: Float[Tensor, ""]
    xy_square: Float[Tensor, ""]
    xx_trace: Float[Tensor, ""]
    yy_trace: Float[Tensor, ""]
    xy_diagonal: Float[Tensor, " l"]
    arithmetic: str = "float64"

    @property
    def n(self) -> int:
        """The number of data, rows of x."""
        return len(self.a)

    @property
    def m(self) -> int:
        """The number of samples, rows of y."""
        return len(self.b)

    @property
    def xx_apart(self) -> Float[Tensor, ""]:
        """Σ_{i≠j} k(x_i, x_j), from which no term, however large, has been taken away."""
        return self.a.sum()

    @property
    def yy_apart(self) -> Float[Tensor, ""]:
        """Σ_{i≠j} k(y_i, y_j)."""
        return self.b.sum()

    @property
    def xx_total(self) -> Float[Tensor, ""]:
        """Σ_ij k(x_i, x_j)."""
        return self.a.sum() + self.xx_trace

    @property
    def yy_total(self) -> Float[Tensor, ""]:
        """Σ_ij k(y_i, y_j)."""
        return self.b.sum() + self.yy_trace

    @property
    def xy_total(self) -> Float[Tensor, ""]:
        """Σ_ij k(x_i, y_j)."""
        return self.r.sum()

    @property
    def xy_trace(self) -> Float[Tensor, ""]:
        """Σ_i k(x_i, y_i), where n = m."""
        return self.xy_diagonal.sum()


def sums_of_gram(gram: Gram) -> Sums:
    """Return the sums of kernel matrices that are there already, differentiable."""
    xx, yy, xy = gram.xx.double(), gram.yy.double(), gram.xy.double()
    dx, dy = xx.diagonal(), yy.diagonal()
    return Sums(
        a=xx.sum(1) - dx,
        b=yy.sum(1) - dy,
        r=xy.sum(1),
        c=xy.sum(0),
        xx_square=xx.square().sum() - dx.square().sum(),
        yy_square=yy.square().sum() - dy.square().sum(),
        xy_square=xy.square().sum(),
        xx_trace=dx.sum(),
        yy_trace=dy.sum(),
        xy_diagonal=xy.diagonal(),
    )


@dataclass(frozen=True, eq=False)
class SumsWithin:
    """The sums of kernel values within one sample.

    Args:
        rows: row sums without the diagonal.
        square: sum of squares without the diagonal.
        trace: sum of the diagonal.
    """

    rows: Float[Tensor, " n"]
    square: Float[Tensor, ""]
    trace: Float[Tensor, ""]


@torch.no_grad()
def blockwise(k: Kernel, x: Tensor, y: Tensor, block: int | None = None) -> Sums:
    """Return the sums from blocks of kernel values, never the whole matrix, without gradients.

    Kernel values are computed, and added up along the rows of a block, in the precision of x and y; blocks are added up
    in float64. Half of the blocks of K_xx and K_yy are saved by symmetry.

    Args:
        k: the kernel.
        x: data.
        y: samples.
        block: rows and columns of a block; by default what fits into a cache.
    """
    k, x, y = k.pulled(x, y)
    return between(k, x, y, (within(k, x, block), within(k, y, block)), block)


@torch.no_grad()
def within(k: Kernel, x: Tensor, block: int | None = None) -> SumsWithin:
    """Return the sums of K_xx, half of its blocks saved by symmetry.

    Args:
        k: the kernel, any frozen map being taken already.
        x: the sample.
        block: rows and columns of a block.
    """
    rows, squares, size = _zeros(x), _zeros(x), _size(block)
    for i, u in _blocks(x, size):
        K = k(u, u)
        K = K - K.diagonal().diag()
        rows[i] += K.sum(1)
        squares[i] += K.square().sum(1)
        for j, v in _blocks(x, size, start=i.stop):
            K = k(u, v)
            rows[i] += K.sum(1)
            rows[j] += K.sum(0)
            squares[i] += 2 * K.square().sum(1).double()
    trace = sum((k.diag(u).double().sum() for _, u in _blocks(x, size)), start=_zeros(x[:0]).sum())
    return SumsWithin(rows, squares.sum(), trace)


@torch.no_grad()
def between(k: Kernel, x: Tensor, y: Tensor, both: tuple[SumsWithin, SumsWithin], block: int | None = None) -> Sums:
    """Return all sums, from those within either sample and the blocks of K_xy.

    Args:
        k: the kernel, any frozen map being taken already.
        x: data.
        y: samples.
        both: sums of K_xx and of K_yy.
        block: rows and columns of a block.
    """
    r, c, squares, size = _zeros(x), _zeros(y), _zeros(x), _size(block)
    for i, u in _blocks(x, size):
        for j, v in _blocks(y, size):
            K = k(u, v)
            r[i] += K.sum(1)
            c[j] += K.sum(0)
            squares[i] += K.square().sum(1)
    least, (of_x, of_y) = min(len(x), len(y)), both
    pairs = zip(_blocks(x[:least], size), _blocks(y[:least], size), strict=True)
    return Sums(
        a=of_x.rows,
        b=of_y.rows,
        r=r,
        c=c,
        xx_square=of_x.square,
        yy_square=of_y.square,
        xy_square=squares.sum(),
        xx_trace=of_x.trace,
        yy_trace=of_y.trace,
        xy_diagonal=torch.cat([k.paired(u, v).double() for (_, u), (_, v) in pairs]),
    )


def _zeros(x: Tensor) -> Tensor:
    """Return zeros in float64, one a row of x."""
    return x.new_zeros(len(x), dtype=torch.float64)


def _size(block: int | None) -> int:
    """Return the number of rows of a block.

    Raises:
        Refused: if it is not positive.
    """
    if block is not None and block < 1:
        raise Refused(f"block must be at least 1 row, got {block}; leave it out for one that fits into a cache.")
    return block or isqrt(MEMORY // 64)


def _blocks(x: Tensor, size: int, start: int = 0) -> Iterator[tuple[slice, Tensor]]:
    """Yield consecutive rows, a block at a time, with their place before them."""
    for first in range(start, len(x), size):
        rows = slice(first, min(first + size, len(x)))
        yield rows, x[rows]
