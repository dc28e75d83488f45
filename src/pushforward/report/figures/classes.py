"""The figure of how often each class occurs: bars of the data beside bars of the samples."""

import numpy as np
from matplotlib.figure import Figure

from pushforward.report.figures.drawing import DATA, INK, SAMPLES, panel


def classes(names: list[str], data: np.ndarray, samples: np.ndarray) -> Figure:
    """Return the shares of both sides, class by class, each with its standard error.

    Args:
        names: of the classes.
        data: counts.
        samples: counts.
    """
    figure, axes = panel(min(8.8, 1.6 + 0.55 * len(names)), 2.3)
    at = np.arange(len(names))
    for place, counts, colour in ((at - 0.2, data, DATA), (at + 0.2, samples, SAMPLES)):
        total = max(counts.sum(), 1)
        share = counts / total
        axes.bar(place, share, 0.38, color=colour, yerr=np.sqrt(share * (1 - share) / total), ecolor=INK)
    axes.set_xticks(at, [name[:14] for name in names], rotation=0 if max(map(len, names)) < 5 else 60, parse_math=False)
    axes.yaxis.set_major_formatter(lambda share, _: f"{100 * share:.0f} %")
    return figure
