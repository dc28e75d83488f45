"""The section on how a verdict was measured, folded: tests and scores in detail, held-out comparisons, the protocol."""

from collections.abc import Mapping
from typing import Any

from pushforward.report import glossary
from pushforward.report.judgement_page import Judged
from pushforward.report.markup import Html, block, facts, folded, join, note, table, tag
from pushforward.report.numbers import interval, number

KEPT = ("few", "test", "floors", "statistics")
"""The sentences that say more than cards and intervals do; those on distances and neighbours repeat their numbers."""


def protocol(judged: Judged) -> Html:
    """Return what the numbers were measured with; nothing where none was measured."""
    content = judged.verdict
    if not content:
        return Html()
    graded = bool(judged.sentences.get("grade"))
    lines = [judged.sentences[key] for key in KEPT if judged.sentences.get(key) and (graded or key != "few")]
    return folded(
        "verdict",
        "How it was measured",
        tag("ul", *(tag("li", line) for line in lines)) if lines else "",
        _details(judged.scores),
        _statistics(judged.tests),
        splits(content.get("splits") or {}),
        note(f"Protocol: {content['protocol']['line']}") if content.get("protocol") else "",
    )


def splits(sides: Mapping[str, Mapping[str, float | int | None]]) -> Html:
    """Return every score of generated, training and test rows against each other."""
    if not sides:
        return Html()
    names = list(next(iter(sides.values())))
    rows = [[glossary.term(name).label, *(number(values[name]) for values in sides.values())] for name in names]
    return block("Held-out comparisons", table("held-out comparisons", ["score", *sides], rows))


def _details(scores: Mapping[str, Mapping[str, Any]]) -> Html:
    """Return of each score its interval, where its error comes from, and what the run noted."""
    said = {glossary.term(name).label: _detail(scores[name]) for name in sorted(scores, key=glossary.order)}
    pairs = [(label, text) for label, text in said.items() if text]
    return block("Scores", facts(pairs)) if pairs else Html()


def _detail(score: Mapping[str, Any]) -> str:
    parts = [
        f"interval {interval(score['interval'])}" if score.get("interval") else "",
        f"error: {score['uncertainty']}" if score.get("uncertainty") else "",
        score.get("note") or "",
    ]
    return "; ".join(part for part in parts if part)


def _statistics(tests: Mapping[str, Mapping[str, Any]]) -> Html:
    """Return statistic and effect of each test."""
    said = [
        (f"{name} test", f"statistic {number(found.get('statistic'))}, effect size {number(found.get('effect_size'))}")
        for name, found in tests.items()
        if found.get("statistic") is not None
    ]
    scale = note("Effect sizes are 0 for equal laws and ±1 for separate ones.")
    return block("Tests", join([facts(said), scale])) if said else Html()
