"""The section on an encoder: data beside what codes decode to, lines between codes, and codes beside the prior."""

from collections.abc import Mapping
from typing import TypeGuard

import numpy as np

from pushforward.report.examples.plane import pair
from pushforward.report.figures.montage import montage, png_bytes
from pushforward.report.figures.scatter import limits
from pushforward.report.judgement_page import Judged
from pushforward.report.markup import Html, block, card, join, note, png, section, side_by_side

ACTIVE = 0.01
"""The variance of a coordinate's mean code over the data above which it says something of a point."""

STEPS = 8

CLOUD = (
    "Codes of data, left, and draws of the prior, right, on the principal axes of the first. Where the prior is and "
    "codes are not, samples are made of what no datum has as its code; `sample --prior gmm` draws where codes are."
)


def codes(judged: Judged) -> Html:
    """Return the section; nothing of a run without an encoder."""
    found = judged.panels
    variances = found.get("code_variances")
    if variances is None or variances.ndim != 1:
        return Html()
    parts = [note(active(variances)), _rebuilt(found), _lines(found), _cloud(found)]
    return section("codes", "What codes say", *parts)


def active(variances: np.ndarray) -> str:
    """Return in words how many coordinates of a code say something of a point.

    Args:
        variances: of the mean code over the data, one a coordinate.
    Source: Burda, Grosse, Salakhutdinov (2016), arXiv 1509.00519, section 5, for the measure and its bound.
    """
    used, every = int((variances > ACTIVE).sum()), len(variances)
    said = f"{used} of {every} coordinates of a code are active: their mean code has a variance above {ACTIVE}."
    if not used:
        return f"{said} The decoder has learnt to do without codes (posterior collapse): lower --beta, or warm it up."
    if used < every / 2:
        return f"{said} The others are left to the prior, which costs nothing; a smaller code would do."
    return said


def _rebuilt(found: Mapping[str, np.ndarray]) -> Html:
    data, points = found.get("rebuilt_data"), found.get("rebuilt_points")
    if not (_pictures(data) and _pictures(points)):
        return Html()
    sheets = [
        card(f"{len(shown)} {words}.", png(png_bytes(montage(shown, 6, 440)), f"a sheet of {words}", "sheet"))
        for shown, words in ((data, "unseen data"), (points, "the same, rebuilt from their codes"))
    ]
    return block("Rebuilt", side_by_side(*sheets))


def _lines(found: Mapping[str, np.ndarray]) -> Html:
    points = found.get("line_points")
    if not _pictures(points):
        return Html()
    sheet = png(png_bytes(montage(points, STEPS, 560)), "lines between codes, one a row", "sheet")
    words = (
        "What lies on the line from the code of one to that of another, in the class of the first if there are some."
    )
    return block("Between codes", card(words, sheet))


def _cloud(found: Mapping[str, np.ndarray]) -> Html:
    data, prior = found.get("prior_view_data"), found.get("prior_view_samples")
    if data is None or prior is None or data.ndim != 2 or data.shape[1] != 2 or prior.shape[1:] != (2,):
        return Html()
    data, prior = data.astype(np.float64), prior.astype(np.float64)
    return block("Codes beside the prior", join([note(CLOUD), pair(data, prior, limits(data, prior, margin=np.inf))]))


def _pictures(x: np.ndarray | None) -> TypeGuard[np.ndarray]:
    return x is not None and x.dtype == np.uint8 and x.ndim == 4 and len(x) > 0
