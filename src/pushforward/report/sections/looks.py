"""The sections on what samples look like beside the data, and where they go wrong."""

from pushforward.report.examples import examples, witnesses
from pushforward.report.judgement_page import Judged
from pushforward.report.markup import Html, note, section, tag
from pushforward.report.sections.words import about

NONE_KEPT = "This run keeps no examples (its panels.npz has none), so none can be shown."


def looks(judged: Judged) -> Html:
    """Return the data and the samples side by side, under a heading that is heard and not seen."""
    shown = examples(judged.panels)
    heading = tag("h2", "Data beside samples", class_="unseen")
    return tag("section", heading, note(NONE_KEPT) if shown is None else shown.beside(), id="samples", class_="first")


def listing(judged: Judged) -> Html:
    """Return the first rows of both in numbers; nothing of pictures and of points of the plane."""
    shown = examples(judged.panels)
    return section("rows", "First rows", Html() if shown is None else shown.listing())


def misses(judged: Judged) -> Html:
    """Return the most missed data and the most over-produced samples."""
    title, said = "What it misses, what it over-produces", about(judged, "places", "cells", "constants", "modes")
    shown, extremes = examples(judged.panels), witnesses(judged.panels)
    if shown is None or extremes is None:
        return section("misses", title, said, note("The witness of this run was not kept, so this cannot be shown."))
    return section("misses", title, said, shown.witness(*extremes))
