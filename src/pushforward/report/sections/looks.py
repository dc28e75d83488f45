"""What the samples look like beside the data, and where they go wrong."""

from pushforward.report.examples import examples, witnesses
from pushforward.report.judgement_page import Judged
from pushforward.report.markup import Html, note, section

NONE_KEPT = "This run keeps no examples (its panels.npz has none), so none can be shown."


def looks(judged: Judged) -> Html:
    """Samples beside data."""
    shown = examples(judged.panels)
    return section("samples", "Samples beside data", note(NONE_KEPT) if shown is None else shown.beside())


def misses(judged: Judged) -> Html:
    """The most missed data and the most over-produced samples."""
    title = "What it misses, what it over-produces"
    shown, found = examples(judged.panels), witnesses(judged.panels)
    if shown is None or found is None:
        return section("misses", title, note("The witness of this run was not kept, so this cannot be shown."))
    return section("misses", title, shown.witness(*found))
