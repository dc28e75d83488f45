"""The section on the classes of the samples, beside those of the data."""

from pushforward.report.figures.classes import classes as bars
from pushforward.report.figures.drawing import to_svg
from pushforward.report.judgement_page import Judged
from pushforward.report.markup import Html, card, join, key, section, svg
from pushforward.report.sections.words import about

MOST = 40


def classes(judged: Judged) -> Html:
    """Return bars of both histograms; nothing where there is no classifier."""
    names, data, samples = (judged.panels.get(f"class_{part}") for part in ("names", "data", "samples"))
    if names is None or data is None or samples is None or len(names) == 0:
        return Html()
    figure = svg(to_svg(bars(names[:MOST].tolist(), data[:MOST], samples[:MOST])), "shares of the classes in both")
    caption = join(
        [
            key("data", "data"),
            " and ",
            key("samples", "samples"),
            ", sorted by a classifier of the data, with standard errors",
        ]
    )
    cut = f" The first {MOST} of {len(names)} are drawn." if len(names) > MOST else ""
    return section("classes", "Classes", about(judged, "classes"), card(join([caption, cut]), figure))
