"""The cells that give rows away: how much more a row looks like one of the other side with typical cells of that."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import exp

import numpy as np
from jaxtyping import Float

from pushforward.metrics.numerics.cells import Column, for_trees
from pushforward.progress import step

ROWS = 4_000
"""Rows a side that trees are fitted to and that are looked at, drawn at random from more."""

TOLD = 200
"""Samples whose cells are tried, those that look least like data."""

TYPICAL = 12
"""Cells of the other side that each cell is replaced by, on average."""

NAMED = 3
"""Cells that are named."""

LogOdds = Callable[[np.ndarray], np.ndarray]


@dataclass(frozen=True)
class Cell:
    """A cell by which a sample is told from data.

    Args:
        row: of the sample.
        column: name of the column.
        factor: how many times the odds of being data rise, in the trees' eyes, with cells of data in its place.
    """

    row: int
    column: str
    factor: float


@dataclass(frozen=True, eq=False)
class Telltale:
    """The cells by which trees tell samples from data.

    Args:
        cells: those that most give a sample away, of different columns.
        missed: rise of the log odds of being a sample of each cell of the data that were asked for, with cells of
            samples in its place.
        over: rise of the log odds of being data of each cell of the samples that were asked for.
    """

    cells: tuple[Cell, ...]
    missed: Float[np.ndarray, "data columns"]
    over: Float[np.ndarray, "samples columns"]


@step("which cells give samples away")
def telltale(
    x: Sequence[Column],
    y: Sequence[Column],
    missed: Sequence[int] = (),
    over: Sequence[int] = (),
    seed: int = 0,
) -> Telltale:
    """Replace one cell at a time by cells of the other side, and see how the trees' log odds f of being data move.

    Every row is judged by trees that were fitted to other rows. The mean of f over a dozen cells of the other side,
    less f of the row as it is, says what the cell alone gives away, the others kept.

    Args:
        x: columns of the data; at least 4 rows.
        y: columns of the samples; at least 4 rows.
        missed: rows of the data whose cells are tried.
        over: rows of the samples whose cells are tried, beside those that look least like data.
        seed: of trees and draws.
    Source: occlusion, Zeiler and Fergus (2014), with cells of the other side's law in place of grey.
    """
    draw = np.random.default_rng(seed)
    (a, kinds), (b, _) = for_trees(x), for_trees(y)
    rows = [_chosen(len(z), named, draw) for z, named in ((a, missed), (b, over))]
    fold = [draw.integers(0, 2, len(r)) for r in rows]
    moved = {0: np.zeros((len(missed), a.shape[1])), 1: np.zeros((len(over), b.shape[1]))}
    cells: list[tuple[float, int, int]] = []
    for half in (0, 1):
        fitted = [z[r[f != half]] for z, r, f in zip((a, b), rows, fold, strict=True)]
        trees = _trees(fitted[0], fitted[1], kinds, seed)
        held = rows[1][fold[1] == half]
        told = held[np.argsort(trees(b[held]), kind="stable")[:TOLD]]
        rise = _rise(trees, b[told], fitted[0], draw)
        cells += [(float(rise[i, j]), int(told[i]), j) for i in range(len(told)) for j in range(rise.shape[1])]
        for side, (named, z, sign) in enumerate(((missed, a, -1.0), (over, b, 1.0))):
            mine = [i for i, row in enumerate(named) if fold[side][np.searchsorted(rows[side], row)] == half]
            if mine:
                moved[side][mine] = sign * _rise(trees, z[[named[i] for i in mine]], fitted[1 - side], draw)
    return Telltale(_first(cells, [column.name for column in y]), moved[0], moved[1])


def _chosen(n: int, named: Sequence[int], draw: np.random.Generator) -> np.ndarray:
    """Return rows at random, ascending, those that were named among them."""
    return np.unique(np.concatenate([draw.permutation(n)[:ROWS], np.array(named, dtype=np.int64)]))


def _trees(x: np.ndarray, y: np.ndarray, kinds: list[bool], seed: int) -> LogOdds:
    """Return the log odds of being data, by trees that were fitted to these rows."""
    from sklearn.ensemble import HistGradientBoostingClassifier

    trees = HistGradientBoostingClassifier(categorical_features=kinds, random_state=seed)
    trees.fit(np.concatenate([x, y]), np.arange(len(x) + len(y)) < len(x))
    return lambda rows: trees.decision_function(rows) if len(rows) else np.zeros(0)


def _rise(trees: LogOdds, rows: np.ndarray, others: np.ndarray, draw: np.random.Generator) -> np.ndarray:
    """Return the mean of the log odds with each cell replaced, less those of the rows as they are."""
    n, d = rows.shape
    typical = others[draw.integers(0, len(others), TYPICAL)]
    tried = np.tile(rows[:, None, None], (1, d, len(typical), 1))
    for j in range(d):
        tried[:, j, :, j] = typical[:, j]
    return trees(tried.reshape(-1, d)).reshape(n, d, len(typical)).mean(2) - trees(rows)[:, None]


def _first(cells: list[tuple[float, int, int]], names: list[str]) -> tuple[Cell, ...]:
    """Return the cells of the largest rise, of different columns."""
    best: dict[int, tuple[float, int, int]] = {}
    for cell in sorted(cells, key=lambda c: -c[0]):
        best.setdefault(cell[2], cell)
    named = [(rise, row, j) for rise, row, j in best.values() if rise > 0][:NAMED]
    return tuple(Cell(row, names[j], exp(rise)) for rise, row, j in named)
