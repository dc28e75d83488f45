"""The section on the samples nearest to training data, each above the picture it is nearest to."""

import numpy as np

from pushforward.report.figures.montage import montage, png_bytes
from pushforward.report.judgement_page import Judged
from pushforward.report.markup import Html, card, note, png, section, tag
from pushforward.report.sections.words import about

EXPLAINED = "Copies would be equal; good samples of few data have near neighbours too, so what counts is the test."


def copies(judged: Judged) -> Html:
    """Return what the test of copies found, and pairs of pictures; of other data the sentence alone."""
    said = about(judged, "copies")
    samples, train = judged.panels.get("closest_samples"), judged.panels.get("closest_train")
    if samples is None or train is None or samples.dtype != np.uint8 or samples.ndim != 4:
        return section("copies", "Does it copy?", said)
    pairs = [
        tag("span", png(_one_above(y, x), f"sample {place} above its nearest training datum"))
        for place, (y, x) in enumerate(zip(samples, train, strict=True), start=1)
    ]
    strip = card("Above the samples, below the training data they are nearest to.", tag("div", *pairs, class_="strip"))
    return section("copies", "Does it copy?", said, note(EXPLAINED), strip)


def _one_above(y: np.ndarray, x: np.ndarray) -> bytes:
    return png_bytes(montage(np.stack([y, x]), 1, 112))
