"""The distances and inner products of all pairs of rows: the one place of the library where they are computed.

`torch.cdist` is not used: it has no second derivative for 25 points or fewer, and its matrix-product path loses near
rows: in float32 a point is at 0.02 and more from itself, and in float64 one row 10⁸ spreads away puts all others at 0.
Everything here differentiates twice, gives exactly zero (and zero gradients) at coincident rows, is computed in float32
at least, and ignores autocast.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import torch
from jaxtyping import Float
from torch import Tensor

from pushforward.errors import Refused
from pushforward.kernels.expanded import expanded

# Up to this many differences (n·m·d), twice as many without gradients, and of one column, the direct form is faster
# than the expanded one, and exact.
DIRECT = 2**16


def squared_distance(x: Float[Tensor, "n d"], y: Float[Tensor, "m d"]) -> Float[Tensor, "n m"]:
    """s_ij = ‖x_i − y_j‖², twice differentiable.

    Right to 10⁻⁶ of itself for float64 rows whose squares do not overflow, however near or far they are: small problems
    take differences, large ones one matrix product about a centre and, for what that cannot resolve (near rows, tight
    clusters that lie far apart, rows beside one that is far away), others about other centres, and differences. For
    float32 rows it is right to 1/16 at most, and by the law of roundings to 2⁻⁸; what that cannot resolve is computed
    in float64. Rows of fewer bits are widened to float32, under autocast too.

    Example:
        >>> squared_distance(torch.tensor([[0.0, 0.0]]), torch.tensor([[3.0, 4.0]])).item()
        25.0
    """
    x, y = matched(x, y)
    with full_precision(x):
        learns = torch.is_grad_enabled() and (x.requires_grad or y.requires_grad)
        if len(x) * len(y) * x.shape[1] <= (DIRECT if learns else 2 * DIRECT):
            return (x.unsqueeze(1) - y).square().sum(-1)
        if x.shape[1] == 1:
            return (x - y.T).square()
        return expanded(x, y)


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

    With gradients, it is zero too where s^(-3/2), the size of the second derivative, is no finite number.

    Example:
        >>> root(torch.tensor([4.0, 0.0, -1e-9]))
        tensor([2., 0., 0.])
    """
    if not s.requires_grad:
        return s.clamp_min(0.0).sqrt()
    positive = s > torch.finfo(s.dtype).tiny ** 0.625
    return torch.where(positive, torch.where(positive, s, 1.0).sqrt(), 0.0)


def matched(x: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
    """Return both in their common type, float32 at least; `y is x` stays true.

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
    """Hold off autocast on the device of x, and keep matrix products of float32 in float32."""
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
