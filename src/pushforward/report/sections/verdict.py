"""The sections on the verdict: its words, a table of scores with their errors, and the test behind the p-value."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from pushforward.judging.judgement import remarks, spreads
from pushforward.report import glossary
from pushforward.report.figures.strip import strip
from pushforward.report.judgement_page import Judged
from pushforward.report.markup import Html, block, facts, join, note, section, svg, table, tag
from pushforward.report.numbers import interval, number, p_value, with_error


def words(judged: Judged) -> Html:
    """Return what the verdict says, a point for each thing that was looked at, and its warnings."""
    lines = str(judged.verdict.get("verdict") or "").splitlines()
    warnings = [tag("li", f"Note: {warning}", class_="note") for warning in remarks(judged.verdict)]
    points = tag("ul", *(tag("li", line) for line in lines), *warnings) if lines else ""
    return section("words", "What was found", points)


def verdict(judged: Judged) -> Html:
    """Return the numbers behind the words."""
    content = judged.verdict
    if not content:
        return section("verdict", "Verdict", note("This run has not been judged: it has no verdict.json."))
    parts = [
        scores(judged.scores, spreads(content)),
        *(test(name, outcome) for name, outcome in judged.tests.items()),
        splits(content.get("splits") or {}),
        note(f"Protocol: {content['protocol']['line']}") if content.get("protocol") else Html(),
    ]
    return section("verdict", "Numbers", *parts)


def scores(by_name: Mapping[str, Mapping[str, Any]], floors: Mapping[str, float | int] = MappingProxyType({})) -> Html:
    """Return a table with a row for each score; columns that would be empty are left out.

    Args:
        by_name: the scores.
        floors: spreads of their floors by name.
    """
    if not by_name:
        return note("No scores were taken.")
    names = sorted(by_name, key=glossary.order)
    columns: dict[str, list[str]] = {
        "score": [glossary.term(name).label for name in names],
        "value ± error": [with_error(by_name[name]) for name in names],
        "": [_drawn(by_name[name], floors.get(name)) for name in names],
        "the data themselves": [_floor(by_name[name].get("floor"), floors.get(name)) for name in names],
        "better": [_better(by_name[name]) for name in names],
        "interval": [interval(by_name[name].get("interval")) for name in names],
    }
    for i in (i for i, name in enumerate(names) if by_name[name].get("informative") is False):
        columns |= {head: [*cells[:i], _grey(cells[i]), *cells[i + 1 :]] for head, cells in columns.items()}
    kept = {head: cells for head, cells in columns.items() if any(cell not in ("", "–") for cell in cells)}
    described = [_meaning(name, by_name[name]) for name in names]
    explained = "The dot is the score, the line its error; grey is what parts of the data score against each other."
    return join(
        [
            table("scores", list(kept), list(zip(*kept.values(), strict=True))),
            note(explained) if "" in kept else Html(),
            tag("details", tag("summary", "What the scores say"), facts(described)),
        ]
    )


def splits(sides: Mapping[str, Mapping[str, float | int | None]]) -> Html:
    """Return every score of generated, training and test rows against each other."""
    if not sides:
        return Html()
    names = list(next(iter(sides.values())))
    rows = [[glossary.term(name).label, *(number(values[name]) for values in sides.values())] for name in names]
    return block("Held-out comparisons", table("held-out comparisons", ["score", *sides], rows))


def _grey(cell: str) -> str:
    """Return a cell that says nothing in grey."""
    return tag("span", cell, class_="silent") if cell else cell


def _floor(floor: float | int | None, spread: float | int | None) -> str:
    return "–" if floor is None else with_error({"value": floor, "stderr": spread})


def _drawn(score: Mapping[str, Any], floor: float | int | None) -> Html:
    content = strip(score, floor)
    return Html() if content is None else svg(content, "score with its error, beside what parts of the data give")


def test(name: str, result: Mapping[str, Any]) -> Html:
    """Return a test with its p-value and its effect."""
    values = {
        "p-value": p_value(result.get("p_value")),
        "outcome": _outcome(name, result),
        "statistic": number(result.get("statistic")),
        "effect size (0: none, ±1: the largest)": number(result.get("effect_size")),
    }
    return block(f"{name.capitalize()} test", facts((key, value) for key, value in values.items() if value != "–"))


def _outcome(name: str, result: Mapping[str, Any]) -> str:
    if result.get("rejected") is None:
        return "–"
    level = f" at level {number(result['level'], digits=1)}" if result.get("level") else ""
    return f"{glossary.outcome(name, result['rejected'])}{level}"


def _meaning(name: str, score: Mapping[str, Any]) -> tuple[str, str]:
    """Return the label of a score, with its meaning, what the run noted and where the error comes from."""
    sentences = [
        glossary.term(name).meaning,
        score.get("note") or "",
        f"says nothing here: {score.get('reason')}" if score.get("informative") is False else "",
        f"standard error: {score['uncertainty']}" if score.get("uncertainty") else "",
    ]
    return glossary.term(name).label, "; ".join(sentence for sentence in sentences if sentence) or "–"


def _better(score: Mapping[str, Any]) -> str:
    return "says nothing here" if score.get("informative") is False else str(score.get("better") or "–")
