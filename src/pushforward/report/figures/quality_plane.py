"""The figure of the plane: how likely held-out data are against how far samples are from data, one mark a law."""

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from pushforward.report.figures.curve import SHADES
from pushforward.report.figures.drawing import FAINT, INK, legend_label, panel

MARKS = "oDs^vPX"
"""Marks of laws, in turn, so that no two of a few need be told apart by colour alone."""

DECADE = 10.0


@dataclass(frozen=True)
class Place:
    """The *place* of a law on the plane.

    Args:
        name: of the run, and of the law where it has two.
        likelihood: with its standard error; None for a run without.
        distance: of its samples, with its standard error.
    """

    name: str
    likelihood: tuple[float, float] | None
    distance: tuple[float, float]


def quality_plane(places: Sequence[Place], floor: tuple[float, float] | None, across: str, up: str) -> Figure:
    """Return the places with bars of two standard errors, and the data's own distance as a line.

    Laws without a likelihood stand to the right of all others, behind a line.

    Args:
        places: of laws.
        floor: of rows of data against others, with its error.
        across: what the likelihood is called.
        up: what the distance is called.
    """
    figure, axes = panel(5.6, 3.8)
    known = [x + side * dx for x, dx in (p.likelihood for p in places if p.likelihood) for side in (-2, 2)]
    beyond = max(known) + 0.15 * (max(known) - min(known) or abs(max(known)) or 1.0)
    for i, place in enumerate(places):
        x, dx = place.likelihood or (beyond, 0.0)
        y, dy = place.distance
        axes.errorbar(
            x, y, xerr=2 * dx, yerr=2 * dy, fmt=MARKS[i % len(MARKS)], ms=6, color=SHADES[i % len(SHADES)],
            mfc=SHADES[i % len(SHADES)] if place.likelihood else "white", label=legend_label(place.name), elinewidth=1,
        )  # fmt: skip
    if any(p.likelihood is None for p in places):
        _without(axes, beyond, known)
    values = [p.distance[0] for p in places] + ([floor[0]] if floor else [])
    if floor:
        axes.axhline(floor[0], color=INK, lw=1, ls="--", label="data against data")
        axes.axhspan(floor[0] - 2 * floor[1], floor[0] + 2 * floor[1], color=FAINT, alpha=0.5, lw=0)
    if min(values) > 0 and max(values) > DECADE * min(values):
        axes.set_yscale("log", nonpositive="clip")
    axes.set_xlabel(across, fontsize=9)
    axes.set_ylabel(up, fontsize=9)
    axes.legend(fontsize=7, frameon=False, loc="upper left", bbox_to_anchor=(1.0, 1.0))
    return figure


def _without(axes: Axes, beyond: float, known: Sequence[float]) -> None:
    """Mark the place of laws that have no likelihood."""
    edge = (beyond + max(known)) / 2
    axes.axvline(edge, color=FAINT, lw=1)
    axes.text(beyond, 1.0, "no likelihood", fontsize=7, ha="center", va="bottom", color=INK,
              transform=axes.get_xaxis_transform())  # fmt: skip
