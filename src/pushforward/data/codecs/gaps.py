"""The missing cells of a table's columns of numbers: an indicator beside the number, and what stands in its place."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from pushforward.data.readers.csv_headers import ABSENT
from pushforward.spaces import OneOf

LEVELS = ("no", "yes")
"""The levels of the indicator, in the order of its coordinates."""


@dataclass(frozen=True)
class Gap:
    """A column of numbers with missing cells: the indicators (no, yes) of one, beside the number, or `fill` for it.

    Args:
        column: name of the column.
        fill: the median of the numbers that are there in the training part.
        written: how a missing cell is written in a .csv file.
        always: whether all cells are missing, so that nothing of the column is modelled.
    """

    column: str | int
    fill: float = 0.0
    written: str = ""
    always: bool = False

    @property
    def block(self) -> OneOf:
        """The block of a point that says whether the number is missing; it stands before that of the number."""
        return OneOf(f"{self.column} missing", LEVELS)


def gaps_of(frame: pd.DataFrame, values: np.ndarray, train: np.ndarray) -> tuple[Gap, ...]:
    """Return a gap for each column of numbers with missing cells.

    Args:
        frame: the columns of numbers.
        values: their cells, NaN where one is missing.
        train: rows of the training part.
    """
    absent = np.isnan(values)
    return tuple(
        Gap(plain(name), _median(values[train, i], values[:, i]), written(frame[name]), bool(absent[:, i].all()))
        for i, name in enumerate(frame.columns)
        if absent[:, i].any()
    )


def filled(values: np.ndarray, columns: Collection[str | int], gaps: Collection[Gap]) -> np.ndarray:
    """Return the values with what stands in the place of missing ones.

    Args:
        values: (n, columns), NaN where one is missing.
        columns: their names.
        gaps: of these columns and of others.
    """
    known = {gap.column: gap.fill for gap in gaps}
    return np.where(np.isnan(values), [known.get(name, np.nan) for name in columns], values)


def absent_of(indicators: Mapping[str | int, np.ndarray], column: str | int, n: int) -> np.ndarray:
    """Return 1 for each of n rows where the number of a column is missing, else 0.

    Args:
        indicators: of levels or of what is missing, by column.
        column: of numbers.
        n: rows.
    """
    return indicators[column].argmax(1) if column in indicators else np.zeros(n)


def written(column: pd.Series) -> str:
    """Return how the first missing cell of a column is written in the file that it was read from; empty if unknown."""
    return column.attrs.get(ABSENT, {}).get(column.name) or ""


def plain(name: str | int | np.integer) -> str | int:
    """Return the name of a column as JSON has it."""
    return int(name) if isinstance(name, int | np.integer) else str(name)


def _median(train: np.ndarray, everywhere: np.ndarray) -> float:
    """Return the median of the numbers that are there: in the training part, or else anywhere, or else 0."""
    held = next((x for v in (train, everywhere) if len(x := v[~np.isnan(v)])), np.zeros(1))
    return float(np.sort(held)[len(held) // 2])
