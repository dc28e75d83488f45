"""The page of several runs: a table for each data set, sorted by the first score that most of its runs have."""

import os
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import quote

from pushforward.errors import Refused
from pushforward.judging.protocol import comparable
from pushforward.report import glossary
from pushforward.report.examples import examples
from pushforward.report.headline import badge, headline
from pushforward.report.markup import Html, join, note, section, table, tag
from pushforward.report.numbers import duration, p_value, value_and_error
from pushforward.report.page import document
from pushforward.report.run_files import RunFiles
from pushforward.report.sections.likelihoods import likelihoods
from pushforward.report.sections.looks import NONE_KEPT
from pushforward.report.sections.quality_plane import LIKELIHOODS, plane

MOST_SCORES = 6

LIKELY = (*LIKELIHOODS, "kl")
"""The scores that a run has by its density, which each run may know otherwise, or not at all."""


def comparison_page(runs: Sequence[RunFiles], beside: Path) -> str:
    """Return the page of several runs: tables first, then each run.

    Args:
        runs: the files of each.
        beside: folder of the page, from which links lead to the pages of single runs.
    """
    anchors = dict(zip(map(id, runs), (f"run-{number}" for number in count(1)), strict=False))
    groups = by_data(runs)
    tables = [_group(group, anchors, groups) for group in groups]
    planes = [plane(of_data, f"plane-{number}") for number, of_data in enumerate(_by_content(runs), 1)]
    sections = [_run(run, anchors[id(run)], beside) for group in groups for run in ranked(group)]
    top = [
        tag("h1", f"{len(runs)} runs compared"),
        tag("p", "Scores are taken on the test part, which nothing was trained or chosen on.", class_="lead"),
    ]
    return document(f"{len(runs)} runs compared", join(top), join([*tables, *planes, *sections]))


def by_data(runs: Sequence[RunFiles]) -> list[list[RunFiles]]:
    """Group runs whose scores can be compared: those of one data set, measured by one protocol."""
    groups: list[list[RunFiles]] = []
    for run in runs:
        for group in groups:
            if _difference(group[0], run) is None:
                group.append(run)
                break
        else:
            groups.append([run])
    return groups


def _by_content(runs: Sequence[RunFiles]) -> list[list[RunFiles]]:
    """Group runs on the same data, judged alike or not."""
    found: dict[str, list[RunFiles]] = {}
    for run in runs:
        found.setdefault(_content(run), []).append(run)
    return list(found.values())


def _difference(a: RunFiles, b: RunFiles) -> str | None:
    """Return why scores of two runs cannot be compared; None if they can. The seeds may differ."""
    if _content(a) != _content(b):
        return "they are on different data."
    of_a, of_b = (run.judged.verdict.get("protocol") for run in (a, b))
    if of_a is None or of_b is None:  # nothing was scored that could be compared
        return None
    try:
        comparable(_but_density(of_a), _but_density(of_b), (a.folder.name, b.folder.name))
    except Refused as difference:
        return str(difference)
    return None


def _but_density(protocol: Mapping[str, Any]) -> dict[str, Any]:
    """Return a protocol without its seed and without what its likelihood is, which stands beside that in the table."""
    metrics = {name: how for name, how in protocol.get("metrics", {}).items() if name not in LIKELY}
    return {**protocol, "seed": 0, "metrics": metrics}


def _content(run: RunFiles) -> str:
    return str(run.call.get("content_hash") or run.data)


def ranked(group: Sequence[RunFiles]) -> list[RunFiles]:
    """Return the best first, by the score that `sorting` names; those without it last, in the order given."""
    name = sorting(group)
    known = [run for run in group if _value(run, name) is not None]
    higher = any(run.judged.scores[name].get("better") == "higher" for run in known)
    best_first = sorted(known, key=lambda run: run.judged.scores[name]["value"], reverse=higher)
    return best_first + [run for run in group if run not in known]


def sorting(group: Sequence[RunFiles]) -> str:
    """Return the score that most runs have; of several, the first in the glossary's order; empty if none has one."""
    counts = Counter(name for run in group for name in run.judged.scores if _value(run, name) is not None)
    return min(counts, key=lambda name: (-counts[name], glossary.order(name)), default="")


def _value(run: RunFiles, name: str) -> float | None:
    return run.judged.scores.get(name, {}).get("value")


def _group(group: Sequence[RunFiles], anchors: dict[int, str], groups: Sequence[Sequence[RunFiles]]) -> Html:
    """Return the table of the runs of one data set, all measured alike."""
    order = ranked(group)
    every = dict.fromkeys(name for run in order for name in run.judged.scores)
    names = sorted(every, key=glossary.order)[:MOST_SCORES]
    head = ["run", "grade", *(glossary.term(name).label for name in names), "recipe", "turns", "time"]
    rows = [_row(run, names, anchors[id(run)]) for run in order]
    by = sorting(group)
    caption = f"Sorted by {glossary.term(by).label}, the best first." if by else "None of them has been judged yet."
    others = dict.fromkeys(_difference(group[0], other[0]) for other in groups if other is not group)
    reasons = "".join(f" Another table stands apart: {why}" for why in others)
    title, anchor = f"On {group[0].data}", f"data-{anchors[id(order[0])]}"
    found = section(anchor, title, note(caption + reasons), table(f"runs on {title}", head, rows))
    return join([found, likelihoods(order, f"likelihood-{anchor}")])


def _row(run: RunFiles, names: Sequence[str], anchor: str) -> list[str]:
    link = tag("a", run.folder.name, href=f"#{anchor}")
    return [
        link,
        _two_lines(badge(run.judged), _tested(run)),
        *(_two_lines(*value_and_error(run.judged.scores.get(name, {}))) for name in names),
        run.recipe,
        "–" if run.steps is None else f"{run.steps:,}",
        "–" if run.seconds is None else duration(run.seconds),
    ]


def _tested(run: RunFiles) -> str:
    p = run.judged.test.get("p_value")
    return "" if p is None else f"p = {p_value(p)}"


def _two_lines(value: str, below: str) -> Html:
    """Return a number, with what is worth knowing about it in small type."""
    return join([value, tag("small", below)] if below else [value])


def _run(run: RunFiles, anchor: str, beside: Path) -> Html:
    """Return the section of one run: its verdict, its samples beside data, its scores, and a link to its own page."""
    shown = examples(run.judged.panels)
    page = run.folder.page
    link = tag(
        "p", tag("a", "The whole report of this run", href=quote(os.path.relpath(page, beside).replace(os.sep, "/")))
    )
    return section(
        anchor,
        run.folder.name,
        tag("p", f"{run.title}. {run.played}".rstrip(), class_="over"),
        note(NONE_KEPT) if shown is None else shown.beside(),
        headline(run.judged, level=3),
        link if page.is_file() else Html(),
        *(note(line) for line in run.missing),
    )
