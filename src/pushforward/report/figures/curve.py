"""The figures of training as it went: one loss against turns, or one probe with its error bars."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from pushforward.report.figures.drawing import FAINT, INK, panel

MOST = 300
PARTS = 15
"""The share of the values that a smoothed one is the median of is one over this."""

SPAN = 10.0
"""The ratio of high values to low ones beyond which a linear scale shows little but the high ones."""

SHADES = (INK, "#8a6fb0", "#4f9d8a", "#b05f7a", "#7d7d55")  # neither blue nor orange: those are data and samples


def loss(turns: np.ndarray, values: np.ndarray, kept: int | None = None) -> Figure:
    """Return the values, faint, behind their running median; where there are many, their range in groups of neighbours.

    Args:
        turns: when the values were logged.
        values: one a turn; NaN where none was logged. What lies outside `window` is beyond the edge.
        kept: turn of the state that is handed over, if one was chosen.
    """
    figure, axes = panel()
    finite = np.isfinite(values)
    if finite.any():
        groups = np.array_split(np.arange(finite.sum()), min(MOST, finite.sum()))
        when = np.array([turns[finite][group].mean() for group in groups])
        low, middle, high = np.array([np.quantile(values[finite][group], (0.0, 0.5, 1.0)) for group in groups]).T
        if finite.sum() > MOST:
            axes.fill_between(when, low, high, color=FAINT, alpha=0.7, lw=0)
        dot = "o" if len(groups) == 1 else ""
        axes.plot(when, middle, color=FAINT, lw=1.0)
        axes.plot(when, smoothed(middle), color=INK, lw=1.5, marker=dot)
    _against_turns(axes, values, kept)
    axes.set_ylim(*window(values))
    return figure


def smoothed(values: np.ndarray) -> np.ndarray:
    """Return the median of each value and its neighbours, as many on either side; fewer at the ends."""
    n, reach = len(values), max(1, len(values) // (2 * PARTS))
    reaches = [min(reach, i, n - 1 - i) for i in range(n)]
    return np.array([np.median(values[i - r : i + r + 1]) for i, r in enumerate(reaches)])


def logarithmic(values: np.ndarray) -> bool:
    """Return whether the values span a decade, all above zero, so that only a logarithmic scale shows them."""
    finite = values[np.isfinite(values)]
    if len(finite) == 0 or finite.min() <= 0:
        return False
    low, high = np.quantile(finite, (0.02, 0.98))
    return bool(high > SPAN * low)


def window(values: np.ndarray) -> tuple[float, float]:
    """Return the 2nd to the 98th of a hundred values, and half of that again on both sides; on a logarithmic scale all.

    The first turns, or a burst, must not flatten all others.
    """
    finite = values[np.isfinite(values)]
    if len(finite) == 0:
        return 0.0, 1.0
    lowest, low, high, highest = np.quantile(finite, (0.0, 0.02, 0.98, 1.0))
    if logarithmic(values):
        return float(lowest / 1.2), float(highest * 1.2)
    room = (high - low) / 2 or abs(high) / 2 or 1.0
    return float(max(low - room, lowest - room / 10)), float(min(high + room, highest + room / 10))


def beyond(values: np.ndarray) -> int:
    """Count the values outside the window; those that are not finite were not drawn anyway."""
    low, high = window(values)
    return int(((values < low) | (values > high)).sum())


def probe(
    turns: Sequence[int], values: Sequence[float], errors: Sequence[float], best: int | None, decays: Sequence[int] = ()
) -> Figure:
    """Return the score ± standard error at each probe, with the turn of the state that is handed over marked.

    Args:
        turns: when the probes were taken.
        values: their scores.
        errors: standard errors; 0 where unknown.
        best: place of that state among them, if one was chosen.
        decays: turns at which the learning rates were lowered.
    """
    figure, axes = panel()
    axes.errorbar(
        turns, values, yerr=errors, color=INK, ecolor=FAINT, elinewidth=1.6, capsize=0, lw=1.4, marker="o", ms=3
    )
    for turn in decays:
        axes.axvline(turn, color=FAINT, lw=1.2, ls=(0, (1, 2)), zorder=0)
    if best is not None:
        axes.plot(turns[best], values[best], marker="*", ms=13, color=INK, mec="white", mew=0.8)
    _against_turns(axes, np.array(values), None if best is None else turns[best])
    return figure


def _against_turns(axes: Axes, values: np.ndarray, kept: int | None) -> None:
    """Set both scales, and mark the turn of the state that is handed over."""
    if kept is not None:
        axes.axvline(kept, color=INK, lw=0.8, ls=(0, (2, 3)), zorder=0)
    turns_below(axes)
    if logarithmic(values):
        axes.set_yscale("log", nonpositive="clip")


def turns_below(axes: Axes) -> None:
    """Label the lower side with turns, and both sides with a few numbers."""
    axes.set_xlabel("turn", fontsize=9)
    axes.xaxis.set_major_locator(MaxNLocator(5, integer=True, steps=[1, 2, 5, 10]))
    axes.yaxis.set_major_locator(MaxNLocator(5, steps=[1, 2, 5, 10]))
