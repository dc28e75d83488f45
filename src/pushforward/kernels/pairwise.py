"""Distances and inner products of all pairs of rows: the one place of the library where they are computed.

`torch.cdist` is not used: it has no second derivative for 25 points or fewer, and in float32 its matrix-product path
puts the distance of a point to itself at 0.02 and more. Everything here differentiates twice, gives exactly zero (and
zero gradients) at coincident rows, is computed in float32 at least, and ignores autocast.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import torch
from jaxtyping import Float
from torch import Tensor

from pushforward.errors import Refused

# Up to this many differences (n·m·d) the direct form is faster than the expanded one, gradients included, and exact.
DIRECT = 2**15
# An expanded squared distance is off by a few eps·(‖x‖² + ‖y‖²); below NEAR·eps of the norms it is computed again.
NEAR = 2**12


def squared_distance(x: Float[Tensor, "n d"], y: Float[Tensor, "m d"]) -> Float[Tensor, "n m"]:
    """s_ij = ‖x_i − y_j‖², twice differentiable.

    Small problems take differences. Large ones centre, expand the square into one matrix product, and compute the
    entries that the expansion cannot resolve (coincident and very close rows) once more from differences.

    Example:
        >>> squared_distance(torch.tensor([[0.0, 0.0]]), torch.tensor([[3.0, 4.0]])).item()
        25.0
    """
    x, y = matched(x, y)
    with full_precision(x):
        if len(x) * len(y) * x.shape[1] <= DIRECT:
            return (x.unsqueeze(1) - y).square().sum(-1)
        return _expanded(x, y)


def distance(x: Float[Tensor, "n d"], y: Float[Tensor, "m d"]) -> Float[Tensor, "n m"]:
    """r_ij = ‖x_i − y_j‖, with zero first and second derivatives at coincident rows.

    Example:
        >>> distance(torch.tensor([[0.0, 0.0]]), torch.tensor([[3.0, 4.0]])).item()
        5.0
    """
    return root(squared_distance(x, y))


def inner(x: Float[Tensor, "n d"], y: Float[Tensor, "m d"]) -> Float[Tensor, "n m"]:
    """⟨x_i, y_j⟩, in float32 at least.

    Example:
        >>> inner(torch.tensor([[1.0, 2.0]]), torch.tensor([[3.0, 4.0]])).item()
        11.0
    """
    x, y = matched(x, y)
    with full_precision(x):
        return x @ y.T


def root(s: Float[Tensor, "*shape"]) -> Float[Tensor, "*shape"]:
    """√s where s is positive; zero, with zero derivatives of every order, where it is not.

    Example:
        >>> root(torch.tensor([4.0, 0.0, -1e-9]))
        tensor([2., 0., 0.])
    """
    # s^(-3/2), the second derivative, must be finite above the floor.
    positive = s > torch.finfo(s.dtype).tiny ** 0.625
    return torch.where(positive, torch.where(positive, s, 1.0).sqrt(), 0.0)


def matched(x: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
    """Both in their common type, float32 at least; `y is x` stays true.

    Raises:
        Refused: unless both are matrices with equally many columns.
    """
    if x.dim() != 2 or y.dim() != 2 or x.shape[1] != y.shape[1]:
        shapes = f"{tuple(x.shape)} and {tuple(y.shape)}"
        raise Refused(f"x and y must be matrices with equally many columns, got shapes {shapes}; flatten every point.")
    dtype = torch.promote_types(torch.promote_types(x.dtype, y.dtype), torch.float32)
    if y is x:
        return (x, x) if x.dtype == dtype else (one := x.to(dtype), one)
    return x.to(dtype), y.to(dtype)


@contextmanager
def full_precision(x: Tensor) -> Iterator[None]:
    """No autocast on the device of x, and matrix products of float32 in float32."""
    kind, precision = x.device.type, torch.get_float32_matmul_precision()
    if precision == "highest" and not torch.is_autocast_enabled(kind):
        yield
        return
    torch.set_float32_matmul_precision("highest")
    try:
        with torch.autocast(kind, enabled=False):
            yield
    finally:
        torch.set_float32_matmul_precision(precision)


def _expanded(x: Tensor, y: Tensor) -> Tensor:
    """‖x‖² + ‖y‖² − 2⟨x, y⟩ about the common centre, and again from differences where that says nothing."""
    center = x.detach().mean(0) if y is x else (x.detach().mean(0) + y.detach().mean(0)) / 2
    u = x - center
    v = u if y is x else y - center
    norms = u.square().sum(1)
    norms = norms.unsqueeze(1) + (norms if y is x else v.square().sum(1))
    s = torch.addmm(norms, u, v.T, alpha=-2)
    near = s.detach() < NEAR * torch.finfo(s.dtype).eps * norms.detach()
    if y is x:
        near.fill_diagonal_(True)
    i, j = near.nonzero(as_tuple=True)
    if y is x and len(i) == len(x):  # the diagonal and nothing else, the usual case
        return s.masked_fill(near, 0.0)
    if len(i) <= 4 * (len(x) + len(y)):
        return s.index_put((i, j), (x[i] - y[j]).square().sum(-1)) if len(i) else s
    if s.dtype == torch.float32:  # clusters that are tight for float32: float64 resolves them at one more product
        return _expanded(wide := x.double(), wide if y is x else y.double()).float()
    return s.masked_fill(near, 0.0)
