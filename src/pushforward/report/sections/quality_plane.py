"""The section on likelihood against quality: every law of a group of runs on one plane, with its data's own floor."""

from collections.abc import Sequence
from typing import Any

from pushforward.report import glossary
from pushforward.report.figures.drawing import to_svg
from pushforward.report.figures.quality_plane import Place, quality_plane
from pushforward.report.markup import Html, card, cards, join, note, section, svg, table, tag
from pushforward.report.numbers import value_and_error
from pushforward.report.run_files import RunFiles

LIKELIHOODS = ("bits-per-dimension", "log-likelihood")
DISTANCES = ("kid", "fid")
COLUMNS = ("kid", "fid", "inception-score")

CAPTION = (
    "A likelihood pays for what is not covered, a distance of samples for what no data are like; lower is better on "
    "both axes. The dashed line is what training rows score against the same test rows. Bars are two standard errors "
    "to both sides, of FID its spread. A likelihood by codes is a bound, so that its law may lie further to the left; "
    "the table says of each what it is."
)


def plane(group: Sequence[RunFiles], anchor: str) -> Html:
    """Return figures and table of the runs that have a place; nothing where none of them has a likelihood.

    Args:
        group: runs on the same data, whatever their verdicts were measured by.
        anchor: of the section.
    """
    placed = [run for run in group if run.plane]
    name = next((n for n in LIKELIHOODS if any(n in run.judged.scores for run in placed)), None)
    if name is None:
        return Html()
    space = placed[0].plane["protocol"]["features"].get("features", "")
    alike = [run for run in placed if run.plane["protocol"]["features"] == placed[0].plane["protocol"]["features"]]
    drawn = [_figure(alike, name, distance) for distance in DISTANCES]
    head = ["run", "samples are", glossary.term(name).label, *(glossary.term(n).label for n in COLUMNS)]
    rows = [row for run in alike for row in _rows(run, name)]
    words = f"{CAPTION} Features: {space}, of {alike[0].plane['protocol']['rows']:,} rows and samples."
    return section(anchor, "Likelihood against quality", note(words), cards(*drawn), table("plane", head, rows))


def _figure(group: Sequence[RunFiles], name: str, distance: str) -> Html:
    """Return the plane of one distance."""
    sign = 1.0 if name == LIKELIHOODS[0] else -1.0
    places = [
        Place(_called(run, law), _number(run.judged.scores.get(name), sign), of_law)
        for run in group
        for law, scores in run.plane["points"].items()
        if (of_law := _number(scores.get(distance))) is not None
    ]
    floor = _number(group[0].plane["floor"].get(distance))
    unit = glossary.term(name).label if sign > 0 else f"− {glossary.term(name).label}"
    title = glossary.term(distance).label
    found = quality_plane(places, floor, f"{unit}, of held-out rows", title)
    return card(f"{title} against likelihood", svg(to_svg(found), f"{title} of each run against its likelihood"))


def _rows(run: RunFiles, name: str) -> list[list[str]]:
    """Return a row of the table for each law of a run."""
    likely = run.judged.scores.get(name)
    said = join([_in_words(likely), _what(run, name)]) if likely else "no likelihood"
    return [
        [run.folder.name, law, said, *(_in_words(scores.get(n, {})) for n in COLUMNS)]
        for law, scores in run.plane["points"].items()
    ]


def _what(run: RunFiles, name: str) -> Html:
    """Return what a likelihood is of, exact or which bound, in small type."""
    note = run.judged.verdict.get("protocol", {}).get("metrics", {}).get(name, {}).get("density", "")
    return tag("small", f" {note}") if note else Html()


def _in_words(score: Any) -> Html:
    value, error = value_and_error(score)
    return join([value, tag("small", error)] if error else [value])


def _called(run: RunFiles, law: str) -> str:
    return run.folder.name if len(run.plane["points"]) == 1 else f"{run.folder.name}, {law}"


def _number(score: Any, sign: float = 1.0) -> tuple[float, float] | None:
    """Return a score and its error; None for one that is not there."""
    if not score or score.get("value") is None:
        return None
    return sign * score["value"], score.get("stderr") or 0.0
