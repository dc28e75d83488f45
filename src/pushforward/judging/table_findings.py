"""The findings on a table, column by column and pair by pair."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from torch import Tensor

from pushforward.metrics.scores.shape import Shape
from pushforward.metrics.scores.trend import Trend
from pushforward.spaces import Columns

WORST = 10
"""Pairs that are listed, at most."""


@dataclass(frozen=True)
class TableFindings:
    """The findings on samples of a table.

    Args:
        columns: distance of the law of each column from the data's, by name.
        pairs: the pairs whose dependence is farthest from the data's, each with its distance, the worst first.
    """

    columns: Mapping[str, float]
    pairs: tuple[tuple[str, str, float], ...]

    def to_json(self) -> dict[str, Any]:
        """Return the entry `table` of a verdict."""
        return {"columns": dict(self.columns), "pairs": [list(pair) for pair in self.pairs]}


def of_table(x: Tensor, y: Tensor, space: Columns) -> TableFindings:
    """Return what is found of samples y beside data x.

    Args:
        x: data, one row a point.
        y: samples.
        space: of both.
    """
    return TableFindings(Shape().on(space).by_column(x, y), _worst(*Trend().on(space).by_pair(x, y)))


def _worst(names: list[str], distances: np.ndarray) -> tuple[tuple[str, str, float], ...]:
    """Return the pairs of the largest distances."""
    first, second = np.triu_indices(len(names), 1)
    found = np.nan_to_num(distances[first, second])
    order = np.argsort(-found, kind="stable")[:WORST]
    return tuple((names[first[i]], names[second[i]], float(found[i])) for i in order)
