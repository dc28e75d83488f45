"""The means by which several processes act as one: gather with exact gradients, share, average.

Every process draws the *global* noise and data order from the same generator and keeps its share, so one step on n
processes is one step on one process with the same numbers. On one process everything here is the identity.
"""

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

import torch
import torch.distributed as dist
from torch import Tensor

from pushforward.errors import Refused

T = TypeVar("T")


def size() -> int:
    """Return the number of processes that train together."""
    return dist.get_world_size() if dist.is_available() and dist.is_initialized() else 1


def rank() -> int:
    """Return the index of this process, 0 for the one that writes files."""
    return dist.get_rank() if size() > 1 else 0


def share(x: Tensor) -> Tensor:
    """Return this process's rows of a global batch.

    Raises:
        Refused: if the rows do not divide evenly, since unequal local batches break the gathering.
    """
    if size() == 1:
        return x
    if len(x) % size():
        raise Refused(f"a batch of {len(x)} does not divide among {size()} processes; take a multiple of {size()}.")
    return x.chunk(size())[rank()]


def gather(x: Tensor) -> Tensor:
    """Gather all processes' rows in rank order; the gradient of a global loss reaches each row exactly.

    Every process computes the same global loss, so the summed backward pass gives `size()` times the gradient of the
    local rows; averaging the players' gradients over processes (`average_`) makes it exact.
    """
    if size() == 1:
        return x
    rows: Tensor = _Gathered.apply(x)
    return rows


def average_(tensors: Iterable[Tensor]) -> None:
    """Replace each tensor by its mean over the processes, with one coalesced reduction."""
    if size() == 1:
        return
    tensors = list(tensors)
    flat = torch.cat([t.reshape(-1) for t in tensors])
    dist.all_reduce(flat)
    flat /= size()
    for t, part in zip(tensors, flat.split([t.numel() for t in tensors]), strict=True):
        t.copy_(part.view_as(t))


def agree(*numbers: float | int) -> tuple[float | int, ...]:
    """Return each number's largest value over the processes: a flag is true on all as soon as it is true on one."""
    if size() == 1:
        return numbers
    votes = torch.tensor(numbers, dtype=torch.float64, device="cuda" if dist.get_backend() == "nccl" else "cpu")
    dist.all_reduce(votes, op=dist.ReduceOp.MAX)
    return tuple(votes.tolist())


def first(act: Callable[[], T]) -> T:
    """Return on every process what the first one gets by an action of its own, or raise its refusal.

    Args:
        act: reads or writes files, say, and returns plain values.
    """
    if size() == 1:
        return act()
    outcome: list[T | Refused | None] = [None]
    if rank() == 0:
        try:
            outcome[0] = act()
        except Refused as refusal:
            outcome[0] = Refused(*refusal.args)
    dist.broadcast_object_list(outcome)
    if isinstance(outcome[0], Refused):
        raise outcome[0]
    return outcome[0]  # type: ignore[return-value]


class _Gathered(torch.autograd.Function):
    """A map from own rows to all rows; backwards, the sum of all processes' gradients of them, differentiable again."""

    @staticmethod
    def forward(ctx: Any, x: Tensor) -> Tensor:
        rows = [torch.empty_like(x, memory_format=torch.contiguous_format) for _ in range(size())]
        dist.all_gather(rows, x.contiguous())
        return torch.cat(rows)

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> Any:
        return _Summed.apply(gradients[0])


class _Summed(torch.autograd.Function):
    """A map from all rows to own rows of their sum over processes, the transpose of gathering."""

    @staticmethod
    def forward(ctx: Any, rows: Tensor) -> Tensor:
        total = rows.contiguous().clone()
        dist.all_reduce(total)
        return total.chunk(size())[rank()].clone()

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> Any:
        return _Gathered.apply(gradients[0])
