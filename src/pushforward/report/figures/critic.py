"""The figures of a critic: singular values of its layers, slopes of its witness, what its log-ratio is worth."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from pushforward.report.figures.curve import SHADES, turns_below
from pushforward.report.figures.drawing import DATA, FAINT, INK, SAMPLES, legend_label, panel

FLOOR = 1e-6  # of a singular value over the largest; what is below is drawn there
PLACES = {"data": DATA, "samples": SAMPLES, "between": INK}


def spectra(layers: Mapping[str, Mapping[str, Any]], lost: float) -> Figure:
    """σ_i/σ_1 from the first direction to the last, one line a layer; the first layers are the darkest.

    Args:
        layers: name → `shares`, descending from 1.
        lost: share below which a direction counts as lost.
    """
    figure, axes = panel(height=3.0 + 0.08 * min(len(layers), 12))
    for depth, (name, layer) in enumerate(layers.items()):
        shares = np.clip(np.array(layer["shares"], dtype=np.float64), FLOOR, None)
        at = np.linspace(0, 1, len(shares)) if len(shares) > 1 else np.zeros(1)
        shade, faded = (
            SHADES[depth % len(SHADES)],
            1.0 - 0.6 * (depth // len(SHADES)) / max(1, len(layers) // len(SHADES)),
        )
        dot = "o" if len(shares) == 1 else ""
        axes.plot(at, shares, color=shade, alpha=faded, lw=1.4, label=legend_label(name), marker=dot)
    axes.axhline(lost, color=FAINT, lw=1.0, ls=(0, (2, 3)), zorder=0)
    axes.set_yscale("log")
    axes.set_xlabel("direction, from the strongest to the weakest", fontsize=9)
    axes.set_xticks([0, 1], ["first", "last"])
    if len(layers) <= 12:
        figure.legend(fontsize=7, frameon=False, labelcolor=INK, ncols=2, loc="outside lower center")
    return figure


def slopes(turns: Sequence[int], places: Mapping[str, Sequence[Mapping[str, float | int]]]) -> Figure:
    """Return the median slope of the witness against turns, with the middle nine tenths between data and samples.

    Args:
        turns: when they were taken.
        places: name of the place → `low`, `median` and `high` at each turn.
    """
    figure, axes = panel()
    for place, series in places.items():
        shade = PLACES.get(place, INK)
        if place == "between":
            low, high = ([float(s[name]) for s in series] for name in ("low", "high"))
            axes.fill_between(turns, low, high, color=FAINT, alpha=0.6, lw=0)
        medians = [float(s["median"]) for s in series]
        axes.plot(turns, medians, color=shade, lw=1.4, marker="o", ms=3, label=legend_label(place))
    axes.legend(fontsize=8, frameon=False, labelcolor=INK)
    turns_below(axes)
    return figure


def reliability(bins: Sequence[Sequence[float | int]]) -> Figure:
    """Return the share of data against the probability that the critic gave them; on the diagonal it is right.

    Args:
        bins: predicted, observed and count of each.
    """
    figure, axes = panel(3.0)
    predicted, observed, count = np.array(bins, dtype=np.float64).reshape(-1, 3).T
    axes.plot([0, 1], [0, 1], color=FAINT, lw=1.0, ls=(0, (2, 3)), zorder=0)
    axes.plot(predicted, observed, color=INK, lw=1.2)
    axes.scatter(predicted, observed, s=8 + 60 * count / max(1.0, count.max()), color=INK)
    axes.set_xlim(-0.03, 1.03)
    axes.set_ylim(-0.03, 1.03)
    axes.set_xlabel("probability of being data, by the critic", fontsize=9)
    axes.set_ylabel("share of data", fontsize=9)
    return figure
