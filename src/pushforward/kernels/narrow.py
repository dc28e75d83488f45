"""A kernel in cheaper arithmetic, with the arithmetic's name and the rows that it reads."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jaxtyping import Float
from torch import Tensor

from pushforward.kernels.arithmetic import fast_bf16
from pushforward.kernels.pairwise import full_precision

if TYPE_CHECKING:
    from pushforward.kernels.base import Kernel


@dataclass(frozen=True, eq=False)
class Narrow:
    """kernel(rows(x), rows(y)) ≈ k(x, y) in fewer digits; how near depends on the data and is the caller's to check.

    Args:
        arithmetic: its name.
        kernel: the kernel of the narrowed rows.
        rows: takes float64 points to the rows that the kernel reads.
    """

    arithmetic: str
    kernel: "Kernel"
    rows: Callable[[Float[Tensor, "n d"]], Tensor]


def inner_bfloat16(u: Float[Tensor, "n d"], v: Float[Tensor, "m d"]) -> Float[Tensor, "n m"]:
    """⟨u_i, v_j⟩ of float32 rows, factors and products rounded to bfloat16, sums kept in float32 meanwhile."""
    return (u.bfloat16() @ v.bfloat16().T).float()


def cheaper_arithmetics() -> Iterator[tuple[str, Callable[[Tensor, Tensor], Tensor]]]:
    """Yield the arithmetics cheaper than float64 on this machine, cheapest first: a name and its inner product."""
    if fast_bf16():
        yield "bfloat16", inner_bfloat16
    yield "float32", inner_float32


def inner_float32(u: Float[Tensor, "n d"], v: Float[Tensor, "m d"]) -> Float[Tensor, "n m"]:
    """⟨u_i, v_j⟩ of float32 rows, in full float32."""
    with full_precision(u):
        return u @ v.T
