"""The sections on what samples look like beside the data, and where they go wrong."""

from pushforward.report.examples import examples, witnesses
from pushforward.report.judgement_page import Judged
from pushforward.report.markup import Html, note, section

NONE_KEPT = "This run keeps no examples (its panels.npz has none), so none can be shown."


def looks(judged: Judged) -> Html:
    """Return the samples beside the data."""
    shown = examples(judged.panels)
    return section("samples", "Samples beside data", note(NONE_KEPT) if shown is None else shown.beside())


def misses(judged: Judged) -> Html:
    """Return the most missed data and the most over-produced samples."""
    title = "What it misses, what it over-produces"
    shown, extremes = examples(judged.panels), witnesses(judged.panels)
    if shown is None or extremes is None:
        return section("misses", title, note("The witness of this run was not kept, so this cannot be shown."))
    return section("misses", title, shown.witness(*extremes))
