"""The arrays that the page of a table draws beside its rows: dependence, dates, and cells that give rows away."""

import numpy as np

from pushforward.data import TableCodec
from pushforward.judging.case import Case
from pushforward.metrics.diagnosis.dependence import dependence
from pushforward.metrics.diagnosis.telltale import Telltale
from pushforward.metrics.numerics.cells import blocks_of, columns
from pushforward.spaces import Columns

DRAWN = 30
"""Columns of a heat map, at most: the first ones."""


def table_panels(case: Case, space: Columns, telltale: Telltale | None) -> dict[str, np.ndarray]:
    """Return the arrays of a table's page.

    Args:
        case: that was judged.
        space: of its points.
        telltale: what the cells give away, where that was looked at.
    """
    x, y = (columns(side.x, blocks_of(space)) for side in (case.x, case.y))
    data, samples = dependence(x[:DRAWN], y[:DRAWN])
    arrays = {
        "dependence_columns": np.array([column.name for column in x[:DRAWN]]),
        "dependence_data": data,
        "dependence_samples": samples,
        "dates": _dates(case, space),
    }
    if telltale is not None:
        arrays["cell_columns"] = np.array([column.name for column in x])
        arrays |= {
            f"{name}_cells": cells[:, : len(x)]
            for name, cells in (("missed", telltale.missed), ("over", telltale.over))
            if len(cells)
        }
    return arrays


def _dates(case: Case, space: Columns) -> np.ndarray:
    """Return the time of 0 and the nanoseconds of 1 of each column shown, as texts; empty ones of no dates."""
    codec = case.data.codec
    known = {str(d.column): (d.first, str(d.step)) for d in codec.dates} if isinstance(codec, TableCodec) else {}
    return np.array([known.get(name, ("", "")) for name in space.names])
