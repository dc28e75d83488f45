"""The verdict: in words, as a table of scores with their errors, and the test behind the p-value."""

from collections.abc import Mapping
from typing import Any

from pushforward.report import glossary
from pushforward.report.markup import Html, block, facts, join, note, section, table, tag
from pushforward.report.numbers import interval, number, p_value, with_error
from pushforward.report.reading import Reading


def verdict(reading: Reading) -> Html:
    """All that was judged on the test part."""
    found = reading.verdict
    if not found:
        return section("verdict", "Verdict", note("This run has not been judged: it has no verdict.json."))
    parts = [
        tag("p", found["verdict"]) if found.get("verdict") else Html(),
        scores(reading.scores),
        *(test(name, outcome) for name, outcome in (found.get("tests") or {}).items()),
        *(note(f"Warning: {warning}") for warning in found.get("warnings") or ()),
        note(f"Protocol: {found['protocol']['line']}") if found.get("protocol") else Html(),
    ]
    return section("verdict", "Verdict", *parts)


def scores(found: Mapping[str, Mapping[str, Any]]) -> Html:
    """A row for each score; columns that would be empty are left out."""
    if not found:
        return note("No scores were taken.")
    names = sorted(found, key=glossary.order)
    rows = [[glossary.term(name).label, with_error(found[name]), _better(found[name])] for name in names]
    head = ["score", "value ± standard error", "better"]
    if any(found[name].get("interval") for name in names):
        head.append("interval")
        rows = [[*row, interval(found[name].get("interval"))] for row, name in zip(rows, names, strict=True)]
    described = [_meaning(name, found[name]) for name in names]
    return join(
        [
            table("scores on the test part", head, rows),
            tag("details", tag("summary", "What the scores say"), facts(described)),
        ]
    )


def test(name: str, found: Mapping[str, Any]) -> Html:
    """A test and what it is worth."""
    values = {
        "p-value": p_value(found.get("p_value")),
        "outcome": _outcome(name, found),
        "statistic": number(found.get("statistic")),
        "effect size (0: none, ±1: the largest)": number(found.get("effect_size")),
    }
    return block(f"{name.capitalize()} test", facts((key, value) for key, value in values.items() if value != "–"))


def _outcome(name: str, found: Mapping[str, Any]) -> str:
    if found.get("rejected") is None:
        return "–"
    level = f" at level {number(found['level'], digits=1)}" if found.get("level") else ""
    return f"{glossary.outcome(name, found['rejected'])}{level}"


def _meaning(name: str, score: Mapping[str, Any]) -> tuple[str, str]:
    """The glossary's line, what the run noted, and where the error comes from."""
    sentences = [
        glossary.term(name).meaning,
        score.get("note") or "",
        f"standard error: {score['uncertainty']}" if score.get("uncertainty") else "",
    ]
    return glossary.term(name).label, "; ".join(sentence for sentence in sentences if sentence) or "–"


def _better(score: Mapping[str, Any]) -> str:
    return str(score.get("better") or "–")
