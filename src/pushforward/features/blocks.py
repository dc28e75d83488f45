"""The cutting of rows into equal blocks, whatever the batches that they come in."""

from collections.abc import Iterable, Iterator

import numpy as np
import torch
from torch import Tensor

from pushforward.rows import in_blocks

Array = np.ndarray | Tensor


def blocks(batches: Iterable[Array], rows: int | None) -> Iterator[Tensor]:
    """Return the same rows as tensors, `rows` at a time; the last block may be short, and none is empty.

    Args:
        batches: rows along the first axis.
        rows: of a block; None passes the batches as they are.
    Example:
        >>> [len(block) for block in blocks([torch.zeros(3, 2), torch.zeros(4, 2)], 2)]
        [2, 2, 2, 1]
    """
    tensors = map(torch.as_tensor, batches)
    return iter(tensors) if rows is None else in_blocks(tensors, rows)


def filled(x: Tensor, rows: int) -> Tensor:
    """Return x with copies of its last row behind it, up to that many rows."""
    return x if len(x) >= rows else torch.cat([x, x[-1:].expand(rows - len(x), *x.shape[1:])])
