"""The space that the critic sees beside the original one, both on their first two principal axes."""

from math import prod

import numpy as np

from pushforward.report.examples.plane import pair
from pushforward.report.figures.scatter import limits
from pushforward.report.judged import Judged
from pushforward.report.markup import Html, block, note, section


def spaces(judged: Judged) -> Html:
    """Original beside projected space; the original alone where it is not shown above and there is no critic."""
    original, projected = _both(judged, "original"), _both(judged, "projected")
    if projected is None:
        # points of one or two dimensions are shown as they are already
        wide = original is not None and prod(judged.panels.get("data_examples", np.empty((0, 2))).shape[1:]) > 2
        return section("spaces", "The data space", _block("Principal axes of the data", original) if wide else "")
    explained = note(
        "In the critic's space the game compares samples with data. "
        "Where both clouds coincide there, the critic sees no difference between them."
    )
    return section(
        "spaces",
        "The critic's space",
        explained,
        _block("Original space", original),
        _block("Projected by the critic", projected),
    )


def _both(judged: Judged, name: str) -> tuple[np.ndarray, np.ndarray] | None:
    data, samples = judged.panels.get(f"{name}_data"), judged.panels.get(f"{name}_samples")
    if data is None or samples is None or data.ndim != 2 or data.shape[1] != 2 or samples.shape[1:] != (2,):
        return None
    return data.astype(np.float64), samples.astype(np.float64)


def _block(title: str, both: tuple[np.ndarray, np.ndarray] | None) -> Html:
    if both is None:
        return block(title, note("This view was not kept."))
    return block(title, pair(*both, limits(*both, margin=np.inf)))
