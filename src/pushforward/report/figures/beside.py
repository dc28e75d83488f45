"""The figure of a run for a README or a thumbnail: the data on the left, the samples on the right."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from pushforward.report.figures import marginal, scatter
from pushforward.report.figures.drawing import DATA, SAMPLES, tidy
from pushforward.report.figures.montage import montage


def pictures(data: np.ndarray, samples: np.ndarray) -> Figure:
    """Return two sheets of equally many pictures, side by side."""
    n = min(len(data), len(samples))
    figure, axes = _pair()
    for side, sheet in zip(axes, (montage(data[:n]), montage(samples[:n])), strict=True):
        side.imshow(
            sheet.squeeze(-1) if sheet.shape[-1] == 1 else sheet, cmap="gray", vmin=0, vmax=255, interpolation="none"
        )
        side.set_axis_off()
    return figure


def points(data: np.ndarray, samples: np.ndarray) -> Figure:
    """Return two scatter plots on the same axes, side by side."""
    figure, axes = _pair()
    box = scatter.limits(data, samples)
    for side, shown, colour in zip(axes, (data, samples), (DATA, SAMPLES), strict=True):
        scatter.draw(side, shown, colour, box)
    return figure


def columns(data: np.ndarray, samples: np.ndarray, names: list[str], levels: Sequence[Sequence[str]]) -> Figure:
    """The histogram of each column, data and samples over each other; those of levels by name."""
    wide = min(4, data.shape[1])
    high = -(-data.shape[1] // wide)
    figure = Figure(figsize=(2.3 * wide, 1.6 * high + 0.3), layout="constrained")
    for place, name in enumerate(names):
        axes = figure.add_subplot(high, wide, place + 1)
        tidy(axes)
        marginal.draw(axes, data[:, place], samples[:, place], levels[place])
        axes.set_title(name, fontsize=9, parse_math=False)
    figure.supxlabel("data in blue, samples in orange", fontsize=9)
    return figure


def line(data: np.ndarray, samples: np.ndarray, names: list[str], levels: Sequence[Sequence[str]]) -> Figure:
    """The histograms of a few columns in one low line, data and samples over each other."""
    figure = Figure(figsize=(7.0, 1.15), layout="constrained")
    for place, name in enumerate(names):
        axes = figure.add_subplot(1, len(names), place + 1)
        tidy(axes)
        marginal.draw(axes, data[:, place], samples[:, place], levels[place])
        axes.set_title(name, fontsize=8, parse_math=False)
        axes.tick_params(labelsize=7)
    return figure


def _pair() -> tuple[Figure, tuple[Axes, Axes]]:
    figure = Figure(figsize=(8.4, 4.5), layout="constrained")
    left, right = figure.subplots(1, 2)
    for side, name, colour in ((left, "data", DATA), (right, "samples", SAMPLES)):
        tidy(side)
        side.set_title(name, color=colour, fontsize=13, fontweight="bold")
    return figure, (left, right)
