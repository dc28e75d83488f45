"""The findings on a table: column by column, pair by pair, and what can be learnt from its samples."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from torch import Tensor

from pushforward.judging.table_evidence import TableEvidence
from pushforward.metrics.diagnosis.learning import Learning, learning
from pushforward.metrics.scores.shape import Shape
from pushforward.metrics.scores.trend import Trend

WORST = 10
"""Pairs that are listed, at most."""


@dataclass(frozen=True)
class TableFindings:
    """The findings on samples of a table.

    Args:
        columns: distance of the law of each column from the data's, by name.
        pairs: the pairs whose dependence is farthest from the data's, each with its distance, the worst first.
        learning: what trees learn of a column from samples, where one was named, or the rows have classes.
    """

    columns: Mapping[str, float]
    pairs: tuple[tuple[str, str, float], ...]
    learning: Learning | None = None

    def to_json(self) -> dict[str, Any]:
        """Return the entry `table` of a verdict."""
        return {
            "columns": dict(self.columns),
            "pairs": [list(pair) for pair in self.pairs],
            "learning": self.learning and self.learning.to_json(),
        }


def of_table(x: Tensor, y: Tensor, table: TableEvidence, seed: int) -> TableFindings:
    """Return what is found of samples y beside data x.

    Args:
        x: data, one row a point, in the units in which they are compared.
        y: samples.
        table: the columns of both.
        seed: of trees and of the rows that are drawn for them.
    """
    return TableFindings(
        Shape().on(table.space).by_column(x, y),
        _worst(*Trend().on(table.space).by_pair(x, y)),
        None if table.target is None else learning(table.real, table.fake, table.target, table.train, seed),
    )


def _worst(names: list[str], distances: np.ndarray) -> tuple[tuple[str, str, float], ...]:
    """Return the pairs of the largest distances."""
    first, second = np.triu_indices(len(names), 1)
    found = np.nan_to_num(distances[first, second])
    order = np.argsort(-found, kind="stable")[:WORST]
    return tuple((names[first[i]], names[second[i]], float(found[i])) for i in order)
