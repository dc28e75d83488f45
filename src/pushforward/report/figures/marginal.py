"""The figure of one column: the histogram of the data in blue under that of the samples in orange."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, MaxNLocator

from pushforward.report.figures.dates import Scale
from pushforward.report.figures.drawing import DATA, SAMPLES, panel

FEW = 20
MOST_TICKS = 6
MOST_BARS = 8
LONGEST = 8
ROOM = 20
"""Letters below one figure that stand side by side."""


def marginal(data: np.ndarray, samples: np.ndarray, levels: Sequence[str] = (), dates: Scale | None = None) -> Figure:
    """Return the shares of both on the same bins; of a column with few values, one bin a value.

    Args:
        data: finite or not, one axis; what is not finite is left out.
        samples: the same of the samples; those beyond the bins are counted at the nearer end.
        levels: what 0, 1, … stand for in a column of levels, which have bars; none in a column of numbers.
        dates: what numbers stand for in a column of dates.
    """
    figure, axes = panel(2.7, 1.7)
    draw(axes, data, samples, levels, dates)
    return figure


def draw(
    axes: Axes, data: np.ndarray, samples: np.ndarray, levels: Sequence[str] = (), dates: Scale | None = None
) -> None:
    """Draw both histograms; arguments as of `marginal`."""
    x, y = data[np.isfinite(data)], samples[np.isfinite(samples)]
    if levels:
        _bars(axes, x, y, levels)
    else:
        _stairs(axes, x, y)
        _ticks(axes, x, dates)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.set_ylim(bottom=0)


def _stairs(axes: Axes, x: np.ndarray, y: np.ndarray) -> None:
    """Draw the shares of numbers, those of the data filled, those of the samples as a line."""
    edges = bins(x)
    if len(x):
        axes.stairs(_shares(x, edges), edges, fill=True, color=DATA, alpha=0.35, linewidth=0)
        axes.stairs(_shares(x, edges), edges, color=DATA, linewidth=1.2)
    if len(y):
        axes.stairs(_shares(y, edges), edges, color=SAMPLES, linewidth=1.8)


def _bars(axes: Axes, x: np.ndarray, y: np.ndarray, levels: Sequence[str]) -> None:
    """Draw a pair of bars for each level; of many levels for the most frequent ones, the others together."""
    edges = np.arange(len(levels) + 1) - 0.5
    shares, names = np.stack([_shares(z, edges) if len(z) else np.zeros(len(levels)) for z in (x, y)]), list(levels)
    held = [i for i in range(len(levels)) if shares[:, i].any()]
    if len(held) > MOST_BARS:
        first = np.argsort(-shares[0], kind="stable")[: MOST_BARS - 1]
        rest = shares.sum(1) - shares[:, first].sum(1)
        shares, names = np.column_stack([shares[:, first], rest]), [*(names[i] for i in first), "others"]
    else:
        shares, names = shares[:, held], [names[i] for i in held]
    at = np.arange(len(names))
    axes.bar(at - 0.2, shares[0], 0.4, color=DATA, alpha=0.55)
    axes.bar(at + 0.2, shares[1], 0.4, color=SAMPLES)
    axes.set_xticks(at, [_short(name) for name in names], parse_math=False)
    for label in axes.get_xticklabels() if len("".join(map(_short, names))) > ROOM else ():
        label.set(rotation=35, ha="right", rotation_mode="anchor")


def _ticks(axes: Axes, x: np.ndarray, dates: Scale | None) -> None:
    """Set ticks at the values where they are few, else at round numbers; of dates at both ends."""
    if dates is not None and len(x):
        ends = sorted({float(x.min()), float(x.max())})
        axes.set_xticks(ends, [dates.text(end) for end in ends], parse_math=False)
        for label, side in zip(axes.get_xticklabels(), ("left", "right"), strict=False):
            label.set(ha=side, fontsize=8)
        return
    few = len(np.unique(x)) <= MOST_TICKS
    axes.xaxis.set_major_locator(FixedLocator(np.unique(x).tolist()) if few else MaxNLocator(4))


def _short(level: str) -> str:
    """Return the level, or its beginning if it is too long for an axis."""
    return level if len(level) <= LONGEST else f"{level[: LONGEST - 1]}…"


def bins(x: np.ndarray) -> np.ndarray:
    """Return edges: between neighbouring values where there are few of them, else evenly through the data's range."""
    if len(x) == 0:
        return np.array([0.0, 1.0])
    values = np.unique(x)
    if len(values) == 1:
        return np.array([values[0] - 0.5, values[0] + 0.5])
    if len(values) <= FEW:
        middles = (values[1:] + values[:-1]) / 2
        return np.concatenate([[2 * values[0] - middles[0]], middles, [2 * values[-1] - middles[-1]]])
    return np.linspace(values[0], values[-1], int(np.clip(np.sqrt(len(x)), 10, 40)) + 1)


def _shares(values: np.ndarray, edges: np.ndarray) -> np.ndarray:
    """Return the share of the values in each bin; the ends also hold what lies beyond them."""
    place = np.clip(np.searchsorted(edges, values, side="right") - 1, 0, len(edges) - 2)
    return np.bincount(place, minlength=len(edges) - 1) / max(len(values), 1)
