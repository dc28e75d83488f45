"""‖x − y‖² of all pairs by matrix products, and by differences where no product can say it: near pairs of far rows.

With u = x − c and v = y − c the product gives s = ‖u‖² + ‖v‖² − 2⟨u, v⟩ up to (d + 4)·eps·N, N = ‖u‖² + ‖v‖²: sums of d
terms err by at most (d + 1)·eps·N together, two additions by 2·eps·N, the rounding of u and v by less than the rest.
Entries below a share of N (`resolution`) are therefore not taken from it. Where they are few, they are computed from
differences. Where they are many, rows are taken about their median, which a far row does not move, and, where that
leaves many as well, in two groups that lie apart, each about a median of its own, and so on.
"""

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

EXACT = 2.0**-20
"""The largest relative error of a squared distance in float64."""

COARSE, NEAR = 2.0**-4, 2**12
"""The same bound in float32, and the divisor in what the law of roundings gives: √d/NEAR or less, below 2⁻⁸."""

FEW = 4
"""The number of pairs a row whose differences take no longer than a product."""

BLOCK = 2**20
"""The number of entries in a block of differences."""

SAMPLE = 256
"""The number of rows a side of which a median is taken."""

DEPTH = 8
"""The most divisions of rows into two groups, before whatever is left is computed from differences."""


def expanded(x: Float[Tensor, "n d"], y: Float[Tensor, "m d"]) -> Float[Tensor, "n m"]:
    """s_ij = ‖x_i − y_j‖² of float32 or float64 rows, twice differentiable; coincident rows are at 0 exactly.

    Args:
        x: rows.
        y: rows of the same type; x itself for distances within it.
    """
    center = x.detach().mean(0) if y is x else (x.detach().mean(0) + y.detach().mean(0)) / 2
    s, near = _product(x, y, center)
    if len(near) <= FEW * sum(s.shape):
        return _mended(s, x, y, near)
    if s.dtype == torch.float32:  # float64 resolves most of them at one more product
        return expanded(wide := x.double(), wide if y is x else y.double()).float()
    return _grouped(x, y, DEPTH)


def resolution(dtype: torch.dtype, d: int) -> float:
    """Return the share of ‖u‖² + ‖v‖² above which a product gives the squared distance to the stated accuracy.

    Example:
        >>> resolution(torch.float64, 4) == 8 * 2.0**-52 / EXACT
        True
    """
    eps = torch.finfo(dtype).eps
    return (d + 4) * eps / EXACT if dtype == torch.float64 else max(NEAR, (d + 4) / COARSE) * eps


def _product(x: Tensor, y: Tensor, center: Tensor) -> tuple[Tensor, Int[Tensor, "pairs 2"]]:
    """Return the expansion about a centre and the pairs that it does not resolve; of x with itself, also i = j."""
    u = x - center
    v = u if y is x else y - center
    a = u.square().sum(1)
    b = a if y is x else v.square().sum(1)
    s = (a.unsqueeze(1) + b).addmm_(u, v.T, alpha=-2)
    values, a, b = s.detach(), a.detach(), b.detach()
    near = _below(values, _limit(a.max() + b.max(), x.shape[1]))  # one limit for all: as a rule, nothing is below
    if y is x:
        near.fill_diagonal_(True)
    pairs = near.nonzero()
    if len(pairs) > FEW * sum(s.shape):
        near &= _below(values, _limit(a.unsqueeze(1) + b, x.shape[1]))
        pairs = (near | _diagonal(s) if y is x else near).nonzero()
    return s, pairs


def _limit(norms: Tensor, d: int) -> Tensor:
    """Return the least s that is resolved beside such norms: no s that underflows, unless all is at the centre."""
    return norms.mul(resolution(norms.dtype, d)).add_(d * torch.finfo(norms.dtype).tiny).mul_(norms > 0)


def _below(s: Tensor, limit: Tensor) -> Bool[Tensor, "n m"]:
    """Mark where s is smaller, or lost because a square overflowed; nowhere, if the limit is NaN since the rows are."""
    if bool(limit.isfinite().all()):
        return s < limit
    # some products add to the sums of squares term by term and leave inf where others leave NaN
    resolved = (s >= limit).logical_and_(s.isfinite())
    return resolved.logical_not_().logical_and_(limit.isnan().logical_not_())


def _mended(s: Tensor, x: Tensor, y: Tensor, near: Int[Tensor, "pairs 2"]) -> Tensor:
    """Return s with the entries of these pairs computed from differences, a block of them at a time."""
    if not len(near):
        return s
    if y is x and len(near) == len(x):  # the diagonal and nothing else, the usual case
        return s.masked_fill(_diagonal(s), 0.0) if s.requires_grad else s.fill_diagonal_(0.0)
    i, j, size = *near.T.contiguous(), max(1, BLOCK // x.shape[1])
    if len(i) <= size:
        return s.index_put((i, j), (x[i] - y[j]).square().sum(1))
    blocks = zip(i.split(size), j.split(size), strict=True)
    return s.index_put((i, j), torch.cat([(x[p] - y[q]).square().sum(1) for p, q in blocks]))


def _diagonal(s: Tensor) -> Bool[Tensor, "n n"]:
    return torch.eye(len(s), dtype=torch.bool, device=s.device)


def _grouped(x: Tensor, y: Tensor, depth: int) -> Tensor:
    """Return s from products about the median, or by two groups of rows if that resolves too few pairs."""
    if not len(x) or not len(y):
        return x.new_zeros(len(x), len(y))
    center = _median(x.detach(), y.detach())
    s, near = _product(x, y, center)
    if len(near) <= FEW * sum(s.shape) or depth == 0:
        return _mended(s, x, y, near)
    first, second = _distant_pair(x.detach(), y.detach(), center)
    i = _nearer(x, first, second)
    j = i if y is x else _nearer(y, first, second)
    if not bool(i.any() | j.any()) or bool(i.all() & j.all()):
        return _mended(s, x, y, near)
    return _assembled(x, y, i, j, depth - 1)


def _assembled(x: Tensor, y: Tensor, i: Tensor, j: Tensor, depth: int) -> Tensor:
    """Return s from the blocks of the marked rows, of the others, and of both with each other."""
    of_x = x[i], x[~i]
    of_y = of_x if y is x else (y[j], y[~j])
    blocks = [[_grouped(u, v, depth if p == q else 0) for q, v in enumerate(of_y)] for p, u in enumerate(of_x)]
    whole = torch.cat([torch.cat(row, 1) for row in blocks])
    return whole[_places(i)][:, _places(j)]


def _places(mark: Bool[Tensor, " n"]) -> Int[Tensor, " n"]:
    """Return the place of each row when the marked ones come first."""
    return mark.logical_not().to(torch.int8).argsort(stable=True).argsort()


def _median(x: Tensor, y: Tensor) -> Tensor:
    """Return the median of every column over some rows of both, evenly spaced."""
    spaced = [z[:: max(1, len(z) // SAMPLE)] for z in ((x,) if y is x else (x, y))]
    return torch.cat(spaced).median(0).values


def _distant_pair(x: Tensor, y: Tensor, center: Tensor) -> tuple[Tensor, Tensor]:
    """Return the row farthest from the centre, and the one farthest from that."""
    rows = (x,) if y is x else (x, y)
    ends = [center]
    for _ in range(2):
        far = [(z - ends[-1]).square().sum(1).max(0) for z in rows]
        largest = max(range(len(far)), key=lambda side: float(far[side].values))
        ends.append(rows[largest][far[largest].indices])
    return ends[1], ends[2]


def _nearer(z: Tensor, first: Tensor, second: Tensor) -> Bool[Tensor, " n"]:
    """Mark the rows that lie nearer to the first of two points."""
    z = z.detach()
    return (z - first).square().sum(1) < (z - second).square().sum(1)
