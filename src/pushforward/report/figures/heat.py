"""The heat map of the dependence of columns on one another: blue below 0, white at 0, orange above."""

from collections.abc import Sequence

import numpy as np
from matplotlib.figure import Figure

from pushforward.report.figures.drawing import panel

LONGEST = 14
"""Letters of a name that are shown."""


def heat(values: np.ndarray, names: Sequence[str]) -> Figure:
    """Return a square of colours from −1 to 1, a row and a column for each name.

    Args:
        values: between −1 and 1.
        names: of rows and columns.
    """
    side = 1.9 + 0.17 * len(names)
    figure, axes = panel(side, side)
    axes.imshow(values, cmap="PuOr_r", vmin=-1, vmax=1, interpolation="none")
    shown = [name if len(name) <= LONGEST else f"{name[: LONGEST - 1]}…" for name in names]
    axes.set_xticks(range(len(names)), shown, rotation=90, parse_math=False, fontsize=7)
    axes.set_yticks(range(len(names)), shown, parse_math=False, fontsize=7)
    axes.spines[["left", "bottom"]].set_visible(False)
    axes.tick_params(length=0)
    return figure
