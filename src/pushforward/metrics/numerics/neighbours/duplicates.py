"""The rows of a matrix that are equal in every coordinate, found once."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import blake2b
from itertools import chain

import torch
from jaxtyping import Float, Int
from torch import Tensor

BLOCK = 1024
"""Rows that are read at a time, copied."""

SAMPLED = 8
"""Coordinates that are compared first: rows that differ there are not read whole."""


@dataclass(frozen=True, eq=False)
class Distinct:
    """The different rows of a matrix.

    Args:
        first: where each of them stands first.
        count: how often each occurs.
        inverse: which of them each row of the matrix is.
    """

    first: Int[Tensor, " r"]
    count: Int[Tensor, " r"]
    inverse: Int[Tensor, " n"]

    @classmethod
    def of(cls, x: Float[Tensor, "n d"]) -> "Distinct":
        """Find the different rows of x, in the order in which they come."""
        (inverse,) = identities(x)
        count = torch.bincount(inverse)
        first = torch.empty_like(count)
        backwards = torch.arange(len(x) - 1, -1, -1)
        first[inverse.flip(0)] = backwards  # written last to first: the first occurrence stays
        return cls(first, count, inverse)

    @property
    def repeated(self) -> float:
        """The share of rows that equal another row."""
        return float((self.count[self.inverse] > 1).double().mean())


def identities(*parts: Float[Tensor, "_ d"]) -> list[Int[Tensor, " _"]]:
    """Return numbers that are equal exactly where rows are, within a part and between parts of one dtype."""
    sketches = [_sketches(x) for x in parts]
    often = Counter(chain.from_iterable(sketches))
    known: dict[bytes, int] = {}
    return [
        torch.tensor([known.setdefault(key, len(known)) for key in _keys(x, sketch, often)])
        for x, sketch in zip(parts, sketches, strict=True)
    ]


def _sketches(x: Tensor) -> list[bytes]:
    """Return a few coordinates of every row, as bytes."""
    # Adding 0 makes the two zeros one.
    return [row.tobytes() for row in (x[:, :: max(1, x.shape[1] // SAMPLED)] + 0.0).numpy()]


def _keys(x: Tensor, sketches: list[bytes], often: Counter[bytes]) -> Iterator[bytes]:
    """Yield what names a row: its sketch if no other has it, else a digest of the whole (128 bits: no two collide)."""
    rows = (row for part in x.split(BLOCK) for row in (part + 0.0).numpy())
    for row, sketch in zip(rows, sketches, strict=True):
        yield sketch if often[sketch] == 1 else blake2b(row.data, digest_size=16).digest()
