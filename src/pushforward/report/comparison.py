"""Several runs on one page: a table for each data set, sorted by the first score that all of its runs have."""

import os
from collections import Counter
from collections.abc import Sequence
from itertools import count
from pathlib import Path
from urllib.parse import quote

from pushforward.errors import Refused
from pushforward.judging.judgement import spreads
from pushforward.judging.protocol import comparable
from pushforward.report import glossary
from pushforward.report.examples import examples
from pushforward.report.figures.drawing import to_png
from pushforward.report.headline import badge, lead, tiles
from pushforward.report.markup import Html, join, note, png, section, table, tag
from pushforward.report.numbers import duration, p_value, parted
from pushforward.report.page import document
from pushforward.report.run_files import Reading
from pushforward.report.sections.looks import NONE_KEPT
from pushforward.report.sections.verdict import scores

MOST_SCORES = 6


def comparison_page(readings: Sequence[Reading], beside: Path) -> str:
    """Tables first, then each run.

    Args:
        readings: of the runs.
        beside: folder of the page, from which links lead to the pages of single runs.
    """
    anchors = dict(zip(map(id, readings), (f"run-{number}" for number in count(1)), strict=False))
    groups = by_data(readings)
    tables = [_group(group, anchors, groups) for group in groups]
    runs = [_run(reading, anchors[id(reading)], beside) for group in groups for reading in ranked(group)]
    top = [
        tag("h1", f"{len(readings)} runs compared"),
        tag("p", "Scores are taken on the test part, which nothing was trained or chosen on.", class_="lead"),
    ]
    return document(f"{len(readings)} runs compared", join(top), join([*tables, *runs]))


def by_data(readings: Sequence[Reading]) -> list[list[Reading]]:
    """Runs of one data set together: scores against different data, or of different protocols, cannot be compared."""
    groups: list[list[Reading]] = []
    for reading in readings:
        for group in groups:
            if _apart(group[0], reading) is None:
                group.append(reading)
                break
        else:
            groups.append([reading])
    return groups


def _apart(a: Reading, b: Reading) -> str | None:
    """Why scores of two runs cannot be compared, if they cannot; the seeds may differ."""
    if _content(a) != _content(b):
        return "they are on different data."
    of_a, of_b = (reading.judged.verdict.get("protocol") for reading in (a, b))
    if of_a is None or of_b is None:  # nothing was scored that could be compared
        return None
    try:
        comparable({**of_a, "seed": 0}, {**of_b, "seed": 0}, (a.folder.name, b.folder.name))
    except Refused as difference:
        return str(difference)
    return None


def _content(reading: Reading) -> str:
    return str(reading.call.get("content_hash") or reading.data)


def ranked(group: Sequence[Reading]) -> list[Reading]:
    """The best first, by the score that `sorting` names; those without it last, in the order given."""
    name = sorting(group)
    known = [reading for reading in group if _value(reading, name) is not None]
    higher = any(reading.judged.scores[name].get("better") == "higher" for reading in known)
    best_first = sorted(known, key=lambda reading: reading.judged.scores[name]["value"], reverse=higher)
    return best_first + [reading for reading in group if reading not in known]


def sorting(group: Sequence[Reading]) -> str:
    """The score that most runs have; of several, the first in the glossary's order; empty if none has one."""
    held = Counter(name for reading in group for name in reading.judged.scores if _value(reading, name) is not None)
    return min(held, key=lambda name: (-held[name], glossary.order(name)), default="")


def _value(reading: Reading, name: str) -> float | None:
    return reading.judged.scores.get(name, {}).get("value")


def _group(group: Sequence[Reading], anchors: dict[int, str], groups: Sequence[Sequence[Reading]]) -> Html:
    """The table of the runs of one data set, all measured alike."""
    order = ranked(group)
    every = dict.fromkeys(name for reading in order for name in reading.judged.scores)
    names = sorted(every, key=glossary.order)[:MOST_SCORES]
    head = ["run", "p-value", *(glossary.term(name).label for name in names), "recipe", "turns", "time"]
    rows = [_row(reading, names, anchors[id(reading)]) for reading in order]
    by = sorting(group)
    caption = f"Sorted by {glossary.term(by).label}, the best first." if by else "None of them has been judged yet."
    others = dict.fromkeys(_apart(group[0], other[0]) for other in groups if other is not group)
    apart = "".join(f" Another table stands apart: {why}" for why in others)
    title = f"On {group[0].data}"
    return section(f"data-{anchors[id(order[0])]}", title, note(caption + apart), table(f"runs on {title}", head, rows))


def _row(reading: Reading, names: Sequence[str], anchor: str) -> list[str]:
    link = tag("a", reading.folder.name, href=f"#{anchor}")
    return [
        join([link, _thumbnail(reading)]),
        _two_lines(p_value(reading.judged.test.get("p_value")), badge(reading.judged)),
        *(_two_lines(*parted(reading.judged.scores.get(name, {}))) for name in names),
        reading.recipe,
        "–" if reading.steps is None else f"{reading.steps:,}",
        "–" if reading.seconds is None else duration(reading.seconds),
    ]


def _two_lines(value: str, below: str) -> Html:
    """A number, and what is worth knowing about it in small type."""
    return join([value, tag("small", below)] if below else [value])


def _thumbnail(reading: Reading) -> Html:
    """Data and samples side by side, small."""
    shown = examples(reading.judged.panels)
    if shown is None:
        return Html()
    return png(to_png(shown.picture(), dpi=64), f"data beside samples of {reading.folder.name}", "thumbnail")


def _run(reading: Reading, anchor: str, beside: Path) -> Html:
    """One run: its verdict, its samples beside data, its scores, and the way to its own page."""
    shown = examples(reading.judged.panels)
    own = reading.folder.page
    link = tag(
        "p", tag("a", "The whole report of this run", href=quote(os.path.relpath(own, beside).replace(os.sep, "/")))
    )
    return section(
        anchor,
        reading.folder.name,
        tag("p", f"{reading.title}. {reading.played}".rstrip(), class_="over"),
        lead(reading.judged),
        tiles(reading.judged),
        tag("div", note(NONE_KEPT) if shown is None else shown.beside(), class_="block"),
        scores(reading.judged.scores, spreads(reading.judged.verdict)) if reading.judged.scores else Html(),
        link if own.is_file() else Html(),
        *(note(line) for line in reading.missing),
    )
