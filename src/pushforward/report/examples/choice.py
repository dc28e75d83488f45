"""The choice of the form of examples: pictures have four axes, points of the plane two columns, rows the rest."""

from collections.abc import Mapping
from math import log

import numpy as np

from pushforward.report.examples.base import Examples, WitnessExamples
from pushforward.report.examples.pictures import Pictures
from pushforward.report.examples.plane import Plane
from pushforward.report.examples.rows import TableRows
from pushforward.report.figures.dates import Scale

TELLING = 3
"""Cells of a row that are marked, at most."""


def examples(panels: Mapping[str, np.ndarray]) -> Examples | None:
    """Return the examples that the panels hold; None where they have no data or no samples."""
    data, samples = panels.get("data_examples"), panels.get("sample_examples")
    if data is None or samples is None or len(data) == 0 or len(samples) == 0:
        return None
    if data.dtype == np.uint8 and data.ndim >= 3:
        return Pictures(_channels(data), _channels(samples))
    data, samples = _flat(data), _flat(samples)
    names = panels.get("columns")
    if names is None and data.shape[1] == 2:
        return Plane(data, samples)
    known = _names(names, data.shape[1]), _levels(panels.get("levels"), data.shape[1])
    return TableRows(data, samples, *known, _dates(panels.get("dates"), data.shape[1])).with_missing_cells()


def witnesses(panels: Mapping[str, np.ndarray]) -> tuple[WitnessExamples, WitnessExamples] | None:
    """Return the most missed data and the most over-produced samples; None where neither was kept."""
    missed, over = _witness(panels, "missed"), _witness(panels, "over")
    return (missed, over) if len(missed.examples) or len(over.examples) else None


def _witness(panels: Mapping[str, np.ndarray], word: str) -> WitnessExamples:
    points = panels.get(f"{word}_examples", np.empty((0, 1)))
    scores = panels.get(f"{word}_scores", np.empty(0))
    pictures = points.dtype == np.uint8 and points.ndim >= 3
    numbers = [v if len(v) == len(points) else np.empty(0) for v in (scores, panels.get(f"{word}_ratios", np.empty(0)))]
    told = _telling(panels.get(f"{word}_cells"), panels.get("cell_columns"), len(points))
    return WitnessExamples(_channels(points) if pictures else _flat(points), numbers[0], numbers[1], told)


def _telling(rises: np.ndarray | None, names: np.ndarray | None, n: int) -> tuple[tuple[str, ...], ...]:
    """Return the columns, at most three, whose cells make a row at least twice as likely to be of the other side."""
    if rises is None or names is None or rises.shape != (n, len(names)):
        return ()
    first = np.argsort(-rises, axis=1)[:, :TELLING]
    return tuple(
        tuple(str(names[j]) for j in order if row[j] > log(2)) for row, order in zip(rises, first, strict=True)
    )


def _channels(pictures: np.ndarray) -> np.ndarray:
    """(n, h, w) → (n, h, w, 1)."""
    return pictures[..., None] if pictures.ndim == 3 else pictures


def _flat(rows: np.ndarray) -> np.ndarray:
    return rows.reshape(len(rows), -1).astype(np.float64) if len(rows) else np.empty((0, 1))


def _names(names: np.ndarray | None, d: int) -> tuple[str, ...]:
    """Return the names of the columns, or x1, x2, … where there are none."""
    if names is not None and len(names) == d:
        return tuple(str(name) for name in names)
    return tuple(f"x{place}" for place in range(1, d + 1))


def _dates(dates: np.ndarray | None, d: int) -> tuple[Scale | None, ...]:
    """Return the time of 0 and the length of 1 of each column of dates; None of the others."""
    if dates is None or dates.shape != (d, 2):
        return (None,) * d
    return tuple(Scale.read(str(first), str(step)) for first, step in dates)


def _levels(levels: np.ndarray | None, d: int) -> tuple[tuple[str, ...], ...]:
    """Return what the numbers of each column stand for; nothing for columns of numbers."""
    if levels is None or levels.ndim != 2 or len(levels) != d:
        return ((),) * d
    return tuple(tuple(str(level) for level in column if str(level)) for column in levels)
