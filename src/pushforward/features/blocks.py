"""Rows in equal blocks, whatever the batches that they come in."""

from collections.abc import Iterable, Iterator

import numpy as np
import torch
from torch import Tensor

Array = np.ndarray | Tensor


def blocks(batches: Iterable[Array], rows: int | None) -> Iterator[Tensor]:
    """The same rows in the same order, `rows` at a time; the last block may be short, empty batches are left out.

    Args:
        batches: rows along the first axis.
        rows: of a block; None passes the batches as they are.
    Example:
        >>> [len(block) for block in blocks([torch.zeros(3, 2), torch.zeros(4, 2)], 2)]
        [2, 2, 2, 1]
    """
    left: list[Tensor] = []
    for batch in batches:
        x = torch.as_tensor(batch)
        if rows is None:
            yield x
            continue
        while have := len(x):
            part, x = x.split([n := min(rows - sum(map(len, left)), have), have - n])
            left.append(part)
            if sum(map(len, left)) == rows:
                yield _joined(left)
                left = []
    if left:
        yield _joined(left)


def filled(x: Tensor, rows: int) -> Tensor:
    """With copies of the last row, up to that many rows."""
    return x if len(x) >= rows else torch.cat([x, x[-1:].expand(rows - len(x), *x.shape[1:])])


def _joined(parts: list[Tensor]) -> Tensor:
    return parts[0] if len(parts) == 1 else torch.cat(parts)
