"""The figures of training as it went: the losses of one player, or one probe with its error bars."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from pushforward.report.figures.drawing import FAINT, INK, legend_label, panel

MOST = 300
SHADES = (INK, "#8a6fb0", "#4f9d8a", "#b05f7a", "#7d7d55")  # neither blue nor orange: those are data and samples


def losses(turns: np.ndarray, series: Mapping[str, np.ndarray]) -> Figure:
    """Return one line a series, the median of neighbours where there are many, with their range behind the first.

    The first turns must not flatten all others: what lies outside `window` is beyond the edge.

    Args:
        turns: when the losses were logged.
        series: loss and named terms, one value a turn; NaN where a term was not logged.
    """
    figure, axes = panel()
    for shade, (name, values) in zip(SHADES, series.items(), strict=False):
        _line(axes, turns, values, name, shade, banded=shade == INK)
    turns_below(axes)
    axes.set_ylim(*window(series))
    if len(series) > 1:
        axes.legend(fontsize=8, frameon=False, labelcolor=INK)
    return figure


def window(series: Mapping[str, np.ndarray]) -> tuple[float, float]:
    """Return the 2nd to the 98th of a hundred values of every series, and half of that again on both sides."""
    finite = [values[np.isfinite(values)] for values in series.values()]
    ends = np.array([np.quantile(values, (0.0, 0.02, 0.98, 1.0)) for values in finite if len(values)])
    if len(ends) == 0:
        return 0.0, 1.0
    (lowest, low), (high, highest) = ends[:, :2].min(axis=0), ends[:, 2:].max(axis=0)
    room = (high - low) / 2 or abs(high) / 2 or 1.0
    return float(max(low - room, lowest - room / 10)), float(min(high + room, highest + room / 10))


def beyond(series: Mapping[str, np.ndarray]) -> int:
    """Count the values outside the window; those that are not finite were not drawn anyway."""
    low, high = window(series)
    return int(sum(((values < low) | (values > high)).sum() for values in series.values()))


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
        axes.axvline(turns[best], color=INK, lw=0.8, ls=(0, (2, 3)), zorder=0)
        axes.plot(turns[best], values[best], marker="*", ms=13, color=INK, mec="white", mew=0.8)
    turns_below(axes)
    return figure


def _line(axes: Axes, turns: np.ndarray, values: np.ndarray, name: str, shade: str, banded: bool) -> None:
    finite = np.isfinite(values)
    if not finite.any():
        return
    groups = np.array_split(np.arange(finite.sum()), min(MOST, finite.sum()))
    when = np.array([turns[finite][group].mean() for group in groups])
    low, middle, high = np.array([np.quantile(values[finite][group], (0.0, 0.5, 1.0)) for group in groups]).T
    if banded and finite.sum() > MOST:
        axes.fill_between(when, low, high, color=FAINT, alpha=0.7, lw=0)
    axes.plot(when, middle, color=shade, lw=1.3, label=legend_label(name), marker="o" if len(groups) == 1 else "")


def turns_below(axes: Axes) -> None:
    """Label the lower side with turns, and both sides with a few numbers."""
    axes.set_xlabel("turn", fontsize=9)
    axes.xaxis.set_major_locator(MaxNLocator(5, integer=True, steps=[1, 2, 5, 10]))
    axes.yaxis.set_major_locator(MaxNLocator(5, steps=[1, 2, 5, 10]))
