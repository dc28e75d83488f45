"""The section on how players see data and samples, beside the original space, on two principal axes."""

from math import prod

import numpy as np

from pushforward.report.examples.plane import pair
from pushforward.report.figures.scatter import limits
from pushforward.report.judgement_page import Judged
from pushforward.report.markup import Html, block, folded, note

VIEWS = {
    "critic": (
        "The critic's space",
        "Projected by the critic",
        "In the critic's space the game compares samples with data. "
        "Where both clouds coincide there, the critic sees no difference between them.",
    ),
    "codes": (
        "The space of codes",
        "Codes of the autoencoder",
        "The game matches the codes of samples with those of data; the decoder turns codes into points.",
    ),
}
"""The views of players by name: title of the section, caption of the picture, and what it means."""


def spaces(judged: Judged) -> Html:
    """Return a player's view, with the principal axes of the data beside it unless the data have no more than two."""
    original = _both(judged, "original")
    # points of one or two dimensions are shown as they are already
    wide = original is not None and prod(judged.panels.get("data_examples", np.empty((0, 2))).shape[1:]) > 2
    beside = _block("Principal axes of the data", original) if wide else Html()
    for name, (title, caption, meaning) in VIEWS.items():
        earlier = _both(judged, "projected") if name == "critic" else None  # as runs of format 2 call it
        seen = _both(judged, f"{name}_view") or earlier
        if seen is not None:
            return folded("spaces", title, note(meaning), beside, _block(caption, seen))
    return folded("spaces", "The data space", beside)


def _both(judged: Judged, name: str) -> tuple[np.ndarray, np.ndarray] | None:
    data, samples = judged.panels.get(f"{name}_data"), judged.panels.get(f"{name}_samples")
    if data is None or samples is None or data.ndim != 2 or data.shape[1] != 2 or samples.shape[1:] != (2,):
        return None
    return data.astype(np.float64), samples.astype(np.float64)


def _block(title: str, both: tuple[np.ndarray, np.ndarray] | None) -> Html:
    if both is None:
        return block(title, note("This view was not kept."))
    return block(title, pair(*both, limits(*both, margin=np.inf)))
