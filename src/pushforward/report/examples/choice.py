"""The choice of the form of examples: pictures have four axes, points of the plane two columns, rows the rest."""

from collections.abc import Mapping

import numpy as np

from pushforward.report.examples.base import Examples, WitnessExamples
from pushforward.report.examples.pictures import Pictures
from pushforward.report.examples.plane import Plane
from pushforward.report.examples.rows import TableRows


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
    return TableRows(data, samples, _names(names, data.shape[1]), _levels(panels.get("levels"), data.shape[1]))


def witnesses(panels: Mapping[str, np.ndarray]) -> tuple[WitnessExamples, WitnessExamples] | None:
    """Return the most missed data and the most over-produced samples; None where neither was kept."""
    missed, over = _witness(panels, "missed"), _witness(panels, "over")
    return (missed, over) if len(missed.examples) or len(over.examples) else None


def _witness(panels: Mapping[str, np.ndarray], word: str) -> WitnessExamples:
    points = panels.get(f"{word}_examples", np.empty((0, 1)))
    scores = panels.get(f"{word}_scores", np.empty(0))
    pictures = points.dtype == np.uint8 and points.ndim >= 3
    numbers = [v if len(v) == len(points) else np.empty(0) for v in (scores, panels.get(f"{word}_ratios", np.empty(0)))]
    return WitnessExamples(_channels(points) if pictures else _flat(points), *numbers)


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


def _levels(levels: np.ndarray | None, d: int) -> tuple[tuple[str, ...], ...]:
    """Return what the numbers of each column stand for; nothing for columns of numbers."""
    if levels is None or levels.ndim != 2 or len(levels) != d:
        return ((),) * d
    return tuple(tuple(str(level) for level in column if str(level)) for column in levels)
