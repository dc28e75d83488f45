"""How often each class occurs: bars of the data beside bars of the samples."""

import numpy as np
from matplotlib.figure import Figure

from pushforward.report.figures.drawing import DATA, SAMPLES, panel


def classes(names: list[str], data: np.ndarray, samples: np.ndarray) -> Figure:
    """Shares of both sides, class by class.

    Args:
        names: of the classes.
        data: counts.
        samples: counts.
    """
    figure, axes = panel(min(8.8, 1.6 + 0.55 * len(names)), 2.3)
    at = np.arange(len(names))
    axes.bar(at - 0.2, data / max(data.sum(), 1), 0.38, color=DATA)
    axes.bar(at + 0.2, samples / max(samples.sum(), 1), 0.38, color=SAMPLES)
    axes.set_xticks(at, [name[:14] for name in names], rotation=0 if max(map(len, names)) < 5 else 60, parse_math=False)
    axes.yaxis.set_major_formatter(lambda share, _: f"{100 * share:.0f} %")
    return figure
