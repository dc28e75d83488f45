"""The headline: how good the samples are in one word on a bar, then in a sentence, then what the tests found."""

from collections.abc import Mapping
from typing import Any

from pushforward.judging.grade import WORDS
from pushforward.report import glossary
from pushforward.report.judgement_page import Judged
from pushforward.report.markup import Html, tag
from pushforward.report.numbers import number, p_value

NO_GRADE = "No grade was given when this was judged; pushforward score, of the run, gives one."


def headline(judged: Judged, level: int = 2) -> Html:
    """Return the grade as a heading, on a bar and in a sentence, and the p-values below it.

    Args:
        judged: the verdict.
        level: of the heading.
    """
    heading = tag(f"h{level}", badge(judged).capitalize(), class_="word")
    said = tag("p", sentence(judged), class_="lead")
    return tag("div", heading, bar(judged.grade), said, tested(judged), class_="grade")


def badge(judged: Judged) -> str:
    """Return the grade in words; where none was given, what the test found."""
    if judged.grade:
        return str(judged.grade["word"])
    if judged.test.get("p_value") is None:
        return "not tested"
    return "told apart" if rejected(judged) else "not told apart"


def bar(grade: Mapping[str, Any]) -> Html:
    """Return the bar from broken to not distinguishable with a mark where the samples stand; nothing without one."""
    if not grade:
        return Html()
    word, place = str(grade["word"]), min(max(float(grade["place"]), 0.0), 1.0)
    parts = [tag("span", tag("span", each), class_="here" if each == word else "") for each in WORDS]
    mark = tag("i", style=f"left: {100 * place:.1f}%")
    described = f"{word}, on a scale from {WORDS[0]} to {WORDS[-1]}"
    return tag("div", tag("div", *parts, mark, class_="bar"), class_="scale", role="img", aria_label=described)


def sentence(judged: Judged) -> str:
    """Return the sentence of the grade without its word, which stands above it; where none was given, why."""
    said = str(judged.sentences.get("grade") or "").removeprefix(f"{badge(judged).capitalize()}: ")
    if said:
        return said[0].upper() + said[1:]
    if judged.test.get("p_value") is None:
        return "No test has compared these samples with data yet."
    return str(judged.sentences.get("few") or NO_GRADE)


def tested(judged: Judged) -> Html:
    """Return a line for each test that was made: its p-value and what it found."""
    lines = [_line(name, outcome) for name, outcome in judged.tests.items() if outcome.get("p_value") is not None]
    return tag("ul", *lines, class_="tests") if lines else Html()


def _line(name: str, outcome: Mapping[str, Any]) -> Html:
    level = f" at level {number(outcome['level'], digits=1)}" if outcome.get("level") else ""
    found = "" if outcome.get("rejected") is None else f"{glossary.outcome(name, outcome['rejected'])}{level}"
    value = tag("strong", f"p = {p_value(outcome['p_value'])}")
    return tag("li", value, " ", tag("span", f"{found} ({name} test)", class_="note"))


def rejected(judged: Judged) -> bool:
    """Return whether the test rejects that samples and data have one distribution."""
    test = judged.test
    return bool(test.get("rejected", (test.get("p_value") or 1.0) <= (test.get("level") or 0.05)))
