"""The section on how the samples came about: what the same noise became after so many turns."""

from pushforward.report.examples import Examples, examples
from pushforward.report.markup import Html, section, tag
from pushforward.report.run_files import RunFiles

MOST = 10
"""The turns that are shown at most: the first one, and the last ones of those that were kept."""


def progress(run: RunFiles) -> Html:
    """Return the samples of one noise at log-spaced turns; nothing for a run that kept none."""
    stages = _stages(run)
    if not stages:
        return Html()
    drawn = [
        tag("figure", shown.stage(f"samples at turn {turn:,}"), tag("figcaption", f"turn {turn:,}"))
        for turn, shown in stages.items()
    ]
    some = next(iter(stages.values()))
    explained = tag("p", some.stage_words, class_="note")
    return section("progress", "How the samples came about", explained, tag("div", *drawn, class_=some.stage_style))


def _stages(run: RunFiles) -> dict[int, Examples]:
    """Return the samples at each turn that was kept, beside the data."""
    known = {name: array for name, array in run.progress.items() if name not in ("turns", "samples")}
    looks = list(zip(run.progress.get("turns", ()), run.progress.get("samples", ()), strict=True))
    chosen = looks if len(looks) <= MOST else [looks[0], *looks[1 - MOST :]]
    found = {int(turn): examples(known | {"sample_examples": samples}) for turn, samples in chosen}
    return {turn: shown for turn, shown in found.items() if shown is not None}
