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

# Bytes for one block of kernel values with its intermediate results, about eight arrays in float64.
MEMORY = 2**28


@dataclass(frozen=True, eq=False)
class Sums:
    """What estimators of MMD² and of its variance read, in float64; the total of K_xx is Σa plus the trace.

    Args:
        a: row sums of K_xx without its diagonal.
        b: row sums of K_yy without its diagonal.
        r: row sums of K_xy.
        c: column sums of K_xy.
        xx_square: sum of squares of K_xx without its diagonal.
        yy_square: sum of squares of K_yy without its diagonal.
        xy_square: sum of squares of K_xy.
        xx_trace: sum of the diagonal of K_xx.
        yy_trace: sum of the diagonal of K_yy.
        xy_diagonal: k(x_i, y_i) for as many i as there are in both.
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

    @property
    def n(self) -> int:
        """Number of data."""
        return len(self.a)

    @property
    def m(self) -> int:
        """Number of samples."""
        return len(self.b)

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
        """Σ_i k(x_i, y_i), for equal numbers."""
        return self.xy_diagonal.sum()


def direct(gram: Gram) -> Sums:
    """The sums of matrices that are there, differentiable."""
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


@torch.no_grad()
def blockwise(k: Kernel, x: Tensor, y: Tensor, block: int | None = None) -> Sums:
    """The same sums from blocks of kernel values, never the whole matrix; without gradients.

    Kernel values are computed in the precision of x and y and added up in float64; half of the blocks of K_xx and K_yy
    are saved by symmetry.

    Args:
        k: the kernel.
        x: data.
        y: samples.
        block: rows and columns of a block; by default what fits into 256 MB.
    """
    size = block or isqrt(MEMORY // 64)
    if size < 1:
        raise Refused(f"block must be at least 1 row, got {block}; leave it out for one that fits into memory.")
    k, x, y = k.pulled(x, y)
    a, xx_square = _within(k, x, size)
    b, yy_square = _within(k, y, size)
    r, c, xy_square = _between(k, x, y, size)
    least = min(len(x), len(y))
    return Sums(
        a=a,
        b=b,
        r=r,
        c=c,
        xx_square=xx_square,
        yy_square=yy_square,
        xy_square=xy_square,
        xx_trace=k.diag(x).double().sum(),
        yy_trace=k.diag(y).double().sum(),
        xy_diagonal=k.paired(x[:least], y[:least]).double(),
    )


def _within(k: Kernel, x: Tensor, size: int) -> tuple[Tensor, Tensor]:
    """Row sums and sum of squares of K_xx, without its diagonal."""
    a, square = x.new_zeros(len(x), dtype=torch.float64), x.new_zeros((), dtype=torch.float64)
    for i, u in _blocks(x, size):
        K = k(u, u).double()
        K = K - K.diagonal().diag()
        a[i] += K.sum(1)
        square += K.square().sum()
        for j, v in _blocks(x, size, start=i.stop):
            K = k(u, v).double()
            a[i] += K.sum(1)
            a[j] += K.sum(0)
            square += 2 * K.square().sum()
    return a, square


def _between(k: Kernel, x: Tensor, y: Tensor, size: int) -> tuple[Tensor, Tensor, Tensor]:
    """Row sums, column sums and sum of squares of K_xy."""
    r, c = x.new_zeros(len(x), dtype=torch.float64), x.new_zeros(len(y), dtype=torch.float64)
    square = x.new_zeros((), dtype=torch.float64)
    for i, u in _blocks(x, size):
        for j, v in _blocks(y, size):
            K = k(u, v).double()
            r[i] += K.sum(1)
            c[j] += K.sum(0)
            square += K.square().sum()
    return r, c, square


def _blocks(x: Tensor, size: int, start: int = 0) -> Iterator[tuple[slice, Tensor]]:
    """Consecutive rows and their place."""
    for first in range(start, len(x), size):
        rows = slice(first, min(first + size, len(x)))
        yield rows, x[rows]
