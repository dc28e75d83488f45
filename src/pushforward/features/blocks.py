"""The cutting of rows into equal blocks, whatever the batches that they come in."""

from collections.abc import Iterable, Iterator

import numpy as np
import torch
from torch import Tensor

Array = np.ndarray | Tensor


def blocks(batches: Iterable[Array], rows: int | None) -> Iterator[Tensor]:
    """Yield the same rows in the same order, `rows` at a time; the last block may be short, and none is empty.

    Args:
        batches: rows along the first axis.
        rows: of a block; None passes the batches as they are.
    Example:
        >>> [len(block) for block in blocks([torch.zeros(3, 2), torch.zeros(4, 2)], 2)]
        [2, 2, 2, 1]
    """
    pending: list[Tensor] = []
    for batch in batches:
        x = torch.as_tensor(batch)
        if rows is None:
            yield x
            continue
        while length := len(x):
            part, x = x.split([n := min(rows - sum(map(len, pending)), length), length - n])
            pending.append(part)
            if sum(map(len, pending)) == rows:
                yield _joined(pending)
                pending = []
    if pending:
        yield _joined(pending)


def filled(x: Tensor, rows: int) -> Tensor:
    """Return x with copies of its last row behind it, up to that many rows."""
    return x if len(x) >= rows else torch.cat([x, x[-1:].expand(rows - len(x), *x.shape[1:])])


def _joined(parts: list[Tensor]) -> Tensor:
    return parts[0] if len(parts) == 1 else torch.cat(parts)
