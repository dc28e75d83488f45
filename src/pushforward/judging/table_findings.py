"""The findings on a table: column by column, pair by pair, what its samples teach, and what gives them away."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

import numpy as np
from torch import Tensor

from pushforward.judging.table_evidence import TableEvidence
from pushforward.metrics.diagnosis.audit import Audit, audit
from pushforward.metrics.diagnosis.learning import Learning, learning
from pushforward.metrics.diagnosis.rules import TableRule, table_rules
from pushforward.metrics.diagnosis.telltale import Cell, Telltale, telltale
from pushforward.metrics.diagnosis.where import Where
from pushforward.metrics.numerics.cells import Column
from pushforward.metrics.scores.shape import Shape
from pushforward.metrics.scores.trend import Trend

WORST = 10
"""Pairs that are listed, at most."""

FEWEST = 20
"""Rows a side below which no cell is looked at, and no audit made."""


@dataclass(frozen=True)
class NamedCell:
    """A cell that gives a sample away.

    Args:
        row: of the sample, counted from 0.
        column: its name.
        value: as it is written.
        factor: how many times the odds of being data rise with cells of data in its place.
    """

    row: int
    column: str
    value: str
    factor: float


@dataclass(frozen=True)
class TableFindings:
    """The findings on samples of a table.

    Args:
        columns: distance of the law of each column from the data's, by name.
        pairs: the pairs whose dependence is farthest from the data's, each with its distance, the worst first.
        learning: what trees learn of a column from samples, where one was named, or the rows have classes.
        audit: whether training rows show in the samples, where the former are known.
        cells: the cells that most give a sample away.
        rules: that all rows of the data keep, with the share of samples that break each.
        telltale: the same, and what the cells give away of rows that are missed and over-produced.
    """

    columns: Mapping[str, float]
    pairs: tuple[tuple[str, str, float], ...]
    learning: Learning | None = None
    audit: Audit | None = None
    cells: tuple[NamedCell, ...] = ()
    rules: tuple[TableRule, ...] = ()
    telltale: Telltale | None = field(default=None, repr=False, compare=False)

    def to_json(self) -> dict[str, Any]:
        """Return the entry `table` of a verdict."""
        return {
            "columns": dict(self.columns),
            "pairs": [list(pair) for pair in self.pairs],
            "learning": self.learning and self.learning.to_json(),
            "audit": self.audit and self.audit.to_json(),
            "cells": [asdict(cell) for cell in self.cells],
            "rules": [rule.to_json() for rule in self.rules],
        }


def of_table(x: Tensor, y: Tensor, table: TableEvidence, places: Where, seed: int, cells: bool = True) -> TableFindings:
    """Return what is found of samples y beside data x.

    Args:
        x: data, one row a point, in the units in which they are compared.
        y: samples.
        table: the columns of both.
        places: the rows at which both differ most.
        seed: of trees and of the rows that are drawn for them.
        cells: whether to look for those that give a sample away, which takes trees of their own.
    """
    enough = min(len(x), len(y)) >= FEWEST
    told = telltale(table.real, table.fake, places.missed.rows, places.over.rows, seed) if enough and cells else None
    return TableFindings(
        Shape().on(table.space).by_column(x, y),
        _worst(*Trend().on(table.space).by_pair(x, y)),
        None if table.target is None else learning(table.real, table.fake, table.target, table.train, seed),
        audit(table.train, table.unseen, table.fake, seed) if table.train is not None and enough else None,
        () if told is None else tuple(_named(cell, table) for cell in told.cells),
        table_rules(_all_data(table), table.fake),
        told,
    )


def _all_data(table: TableEvidence) -> Sequence[Column]:
    """Return the columns of data and training rows together: what only one of them breaks is no rule."""
    if table.train is None:
        return table.real
    pairs = zip(table.real, table.train, strict=True)
    return [replace(a, cells=np.concatenate([a.cells, b.cells])) for a, b in pairs]


def _named(cell: Cell, table: TableEvidence) -> NamedCell:
    """Return a cell with its value as it is written."""
    return NamedCell(cell.row, cell.column, table.written(cell.row, cell.column), cell.factor)


def _worst(names: list[str], distances: np.ndarray) -> tuple[tuple[str, str, float], ...]:
    """Return the pairs of the largest distances."""
    first, second = np.triu_indices(len(names), 1)
    found = np.nan_to_num(distances[first, second])
    order = np.argsort(-found, kind="stable")[:WORST]
    return tuple((names[first[i]], names[second[i]], float(found[i])) for i in order)
