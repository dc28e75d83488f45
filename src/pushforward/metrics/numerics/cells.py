"""The columns of a table's points, as numbers or as places among levels: what metrics of tables read."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float
from torch import Tensor

from pushforward.spaces import Block, OneOf, Real, Space

MOST_LEVELS = 255
"""Levels that trees take as such; more are taken as numbers."""


@dataclass(frozen=True, eq=False)
class Column:
    """A column of a table: numbers, of which some may be missing, or levels.

    Args:
        name: as the table has it.
        cells: numbers, NaN where one is missing; in a column of levels the place of each, as a float.
        levels: their names; none of numbers.
    """

    name: str
    cells: np.ndarray
    levels: tuple[str, ...] = ()

    @property
    def codes(self) -> np.ndarray:
        """The places of the levels as integers."""
        return self.cells.astype(np.int64)


def kinds(blocks: Sequence[Block], d: int) -> tuple[Block, ...]:
    """Return the blocks of points; where none are known, every coordinate is a number.

    Args:
        blocks: known ones, perhaps none.
        d: number of coordinates.
    """
    return tuple(blocks) or tuple(Real(f"coordinate {j}") for j in range(d))


def blocks_of(space: Space) -> tuple[Block, ...]:
    """Return the blocks of a space in which every number has a block of its own.

    Example:
        >>> from pushforward.spaces import Columns, OneOf
        >>> [block.size for block in blocks_of(Columns(("age", OneOf("metal", ("gold", "tin")))))]
        [1, 2]
    """
    each = ([block] if block.size == 1 or isinstance(block, OneOf) else kinds((), block.size) for block in space.blocks)
    return tuple(block for blocks in each for block in blocks)


def columns(z: Float[Tensor, "n d"], blocks: Sequence[Block] = ()) -> list[Column]:
    """Return the columns of points; a number and the indicator before it that says whether it is missing are one.

    Args:
        z: encoded points.
        blocks: of their coordinates; numbers where none are known.
    Example:
        >>> import torch
        >>> from pushforward.spaces import OneOf, Real
        >>> missing = OneOf("age missing", ("no", "yes"))
        >>> columns(torch.tensor([[0.0, 1.0, 7.0], [1.0, 0.0, 8.0]]), (missing, Real("age", absent=True)))[0].cells
        array([nan,  8.])
    """
    values, found, at = z.detach().cpu().numpy().astype(np.float64), list[Column](), 0
    for block in kinds(blocks, z.shape[1]):
        part = values[:, at : at + block.size]
        at += block.size
        if isinstance(block, OneOf):
            found.append(Column(block.name, part.argmax(1).astype(np.float64), block.levels))
        elif block.absent:
            gone = found.pop().cells > 0
            found.append(Column(block.name, np.where(gone, np.nan, part[:, 0])))
        else:
            found.append(Column(block.name, part[:, 0]))
    return found


def picked(found: Sequence[Column], rows: np.ndarray) -> list[Column]:
    """Return the same columns of some rows.

    Args:
        found: columns.
        rows: their numbers.
    """
    return [Column(column.name, column.cells[rows], column.levels) for column in found]


def for_trees(found: Sequence[Column]) -> tuple[np.ndarray, list[bool]]:
    """Return one column of numbers each, NaN where one is missing, and which of them trees take as levels.

    Args:
        found: columns.
    """
    return np.stack([column.cells for column in found], 1), [0 < len(c.levels) <= MOST_LEVELS for c in found]
