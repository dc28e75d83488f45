"""The figure of points in the plane, on axes that data and samples share so that they can be compared."""

from collections.abc import Sequence

import numpy as np
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.colors import to_hex
from matplotlib.figure import Figure

from pushforward.report.figures.drawing import DATA, FAINT, SAMPLES, legend_label, panel

Limits = tuple[tuple[float, float], tuple[float, float]]


def limits(data: np.ndarray, samples: np.ndarray, margin: float = 1.0) -> Limits:
    """Return the box of the data and 98 % of the samples along each axis, at most `margin` data widths beyond the data.

    Samples that fly off to infinity must not turn the data into a dot; `outside` counts those not shown.
    """
    x, y = _finite(data), _finite(samples)
    x = x if len(x) else np.zeros((1, 2))
    low, high = x.min(axis=0), x.max(axis=0)
    one = np.maximum(1.0, 1e-6 * np.abs(high))  # a width that does not vanish beside the place
    width = np.where(high > low, high - low, one)
    least, most = np.quantile(y, (0.01, 0.99), axis=0) if len(y) else (low, high)
    left = np.maximum(np.minimum(low, least), low - margin * width)
    right = np.minimum(np.maximum(high, most), high + margin * width)
    room = 0.05 * np.where(right > left, right - left, one)
    left, right = left - room, right + room
    return (float(left[0]), float(right[0])), (float(left[1]), float(right[1]))


def outside(points: np.ndarray, box: Limits) -> int:
    """Count the points that are not in the box, those that are not finite among them."""
    inside = np.ones(len(points), dtype=bool)
    for axis, (low, high) in enumerate(box):
        inside &= (points[:, axis] >= low) & (points[:, axis] <= high)
    return int((~inside).sum())


def scatter(points: np.ndarray, colour: str, box: Limits) -> Figure:
    """Return a figure of the points in one colour, as many as there are."""
    figure, axes = panel(4.4, 4.0)
    draw(axes, points, colour, box)
    return figure


def ringed(crowd: np.ndarray, chosen: np.ndarray, colour: str, box: Limits) -> Figure:
    """Return a figure of the chosen points, ringed in their colour before the faint crowd of all."""
    figure, axes = panel(4.4, 4.0)
    draw(axes, crowd, FAINT, box)
    axes.scatter(chosen[:, 0], chosen[:, 1], s=46, facecolors="none", edgecolors=colour, linewidths=1.6)
    return figure


def coloured(points: np.ndarray, classes: np.ndarray, names: Sequence[str], box: Limits) -> Figure:
    """Return a figure of the points, each class in a colour that the legend names.

    Args:
        points: in the plane.
        classes: number of the class of each.
        names: of the classes; beyond ten, colours come again and there is no legend.
        box: of the axes.
    """
    figure, axes = panel(4.4, 4.0)
    palette = colormaps["tab10"]
    for i, name in enumerate(names):
        if len(chosen := points[classes == i]):
            draw(axes, chosen, to_hex(palette(i % 10)), box, of=len(points))
            axes.collections[-1].set_label(legend_label(name))
    if len(names) <= 10:
        axes.legend(fontsize=8, frameon=False, markerscale=2, loc="center left", bbox_to_anchor=(1, 0.5))
    return figure


def overlaid(data: np.ndarray, samples: np.ndarray, box: Limits) -> Figure:
    """Return a small figure without axes: the samples before the data."""
    figure = Figure(figsize=(1.9, 1.9))
    axes = figure.add_axes((0, 0, 1, 1))
    for points, colour in ((data, DATA), (samples, SAMPLES)):
        draw(axes, points, colour, box)
    axes.set_axis_off()
    return figure


def draw(axes: Axes, points: np.ndarray, colour: str, box: Limits, of: int | None = None) -> None:
    """Draw the points as dots that are the smaller the more there are, of all that are drawn, so that density shows."""
    size = float(np.clip(9000 / max(of or len(points), 1), 5, 22))
    axes.scatter(points[:, 0], points[:, 1], s=size, color=colour, alpha=0.55, linewidths=0)
    axes.set_xlim(*box[0])
    axes.set_ylim(*box[1])
    axes.set_aspect("equal" if _alike(box) else "auto", adjustable="box")


def _alike(box: Limits) -> bool:
    """Return whether both axes span similar lengths, so that one scale for both keeps shapes and wastes no room."""
    (left, right), (low, high) = box
    return 0.4 * (high - low) < right - left < 2.5 * (high - low)


def _finite(points: np.ndarray) -> np.ndarray:
    return points[np.isfinite(points).all(axis=1)]
