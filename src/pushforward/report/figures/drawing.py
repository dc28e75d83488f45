"""The drawing of figures on a canvas of their own, without the global state of pyplot, and their bytes."""

import io

import matplotlib
from matplotlib.axes import Axes
from matplotlib.figure import Figure

DATA = "#1f77b4"
SAMPLES = "#ff7f0e"
INK = "#3a3f45"
FAINT = "#c9ced4"


def panel(width: float = 4.4, height: float = 3.0) -> tuple[Figure, Axes]:
    """Return an empty figure of one pair of axes.

    Args:
        width: in inches.
        height: in inches.
    """
    figure = Figure(figsize=(width, height), layout="constrained")
    axes = figure.add_subplot()
    tidy(axes)
    return figure, axes


def legend_label(name: str) -> str:
    r"""Return a name as a legend is to show it, letter by letter: as no formula, and shown even if it begins with _.

    Example:
        >>> legend_label("price in $")
        'price in \\$'
    """
    escaped = name.replace("$", r"\$")
    return f"\u200a{escaped}" if name.startswith("_") else escaped


def tidy(axes: Axes) -> None:
    """Take away the ink that shows no data."""
    axes.spines[["top", "right"]].set_visible(False)
    axes.spines[["left", "bottom"]].set_color(FAINT)
    axes.tick_params(colors=INK, labelsize=9, length=3)
    axes.xaxis.label.set_color(INK)
    axes.yaxis.label.set_color(INK)


def to_png(figure: Figure, dpi: int = 160) -> bytes:
    """Return the figure as pixels, the same ones each time."""
    return _saved(figure, "png", dpi)


def to_svg(figure: Figure) -> bytes:
    """Return the figure as lines, the same ones each time."""
    return _saved(figure, "svg", 72)


def _saved(figure: Figure, kind: str, dpi: int) -> bytes:
    buffer = io.BytesIO()
    # without a fixed salt and with a date, two reports of one run would differ
    with matplotlib.rc_context({"svg.hashsalt": "pushforward", "svg.fonttype": "path"}):
        figure.savefig(buffer, format=kind, dpi=dpi, metadata={"Date": None} if kind == "svg" else {"Software": None})
    return buffer.getvalue()
