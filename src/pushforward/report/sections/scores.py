"""The section of scores: a card for each, with a gauge between the poorest samples and what the data get themselves."""

from collections.abc import Mapping
from math import sqrt
from typing import Any

from pushforward.judging.judgement import remarks, spreads
from pushforward.report import glossary
from pushforward.report.judgement_page import Judged
from pushforward.report.markup import Html, note, section, tag
from pushforward.report.numbers import number, value_and_error, with_error


def scores(judged: Judged) -> Html:
    """Return a card for each score, and what a reader must know beside them."""
    shown = [
        _card(name, judged.scores[name], spreads(judged.verdict).get(name))
        for name in sorted(judged.scores, key=glossary.order)
    ]
    if not judged.verdict:
        return section("scores", "Scores", note("This run has not been judged: it has no verdict.json."))
    warned = [tag("li", f"Note: {warning}") for warning in remarks(judged.verdict)]
    return section(
        "scores",
        "Scores",
        tag("dl", *shown, class_="gauges") if shown else note("No scores were taken."),
        note(judged.sentences.get("rows", "")) if judged.sentences.get("rows") else "",
        tag("ul", *warned, class_="note") if warned else "",
    )


def _card(name: str, score: Mapping[str, Any], spread: float | int | None) -> Html:
    """Return a score with its error, its gauge and what it says."""
    label, meaning = glossary.term(name).label, glossary.term(name).meaning
    value, error = value_and_error(score)
    silent = score.get("informative") is False
    gauge = Html() if silent else _gauge(label, score, spread)
    said = f"says nothing here: {score.get('reason')}" if silent else meaning
    small = [tag("small", line) for line in (said, "" if gauge or silent else _alone(score)) if line]
    return tag("div", tag("dt", label), tag("dd", value, " ", tag("span", error, class_="error"), gauge, *small),
               **({"class_": "silent"} if silent else {}))  # fmt: skip


def _alone(score: Mapping[str, Any]) -> str:
    """Say what the data themselves score, or which direction is better, where there is no gauge to show it."""
    if score.get("floor") is not None:
        return f"the data themselves: {number(score['floor'])}"
    return f"{score['better']} is better" if score.get("better") else ""


def _gauge(label: str, score: Mapping[str, Any], spread: float | int | None) -> Html:
    """Return a bar from the worst on the left to what parts of the data score against each other on the right."""
    value, floor, worst = score.get("value"), score.get("floor"), score.get("worst")
    if value is None or floor is None or worst is None or floor == worst:
        return Html()
    at = lambda z: 100 * place(float(z), float(floor), float(worst), root=score.get("better") == "lower" and worst != 1)
    low, high = sorted(map(at, _reach(score)))
    data = with_error({"value": floor, "stderr": spread})
    described = f"{label} {number(value)}, between {number(worst)} of the poorest samples and {data} of the data"
    drawn = [
        tag("i", class_="filled", style=f"width: {at(value):.1f}%"),
        tag("i", class_="reach", style=f"left: {low:.1f}%; width: {max(high - low, 0.6):.1f}%"),
        tag("i", class_="mark", style=f"left: {at(value):.1f}%"),
    ]
    ends = tag("span", tag("span", f"worst {number(worst)}"), tag("span", f"data {data}"), class_="ends")
    return tag("span", tag("span", *drawn, class_="gauge"), ends, role="img", aria_label=described, class_="gauged")


def place(value: float, floor: float, worst: float, root: bool) -> float:
    """Return (worst − value)/(worst − floor), or of squared distances one minus its complement's root; within 0 and 1.

    Example:
        >>> place(0.45, 0.9, 0.0, root=False), place(0.25, 0.0, 1.0, root=True), place(-0.1, 0.0, 1.0, root=True)
        (0.5, 0.5, 1.0)
    """
    away = min(max((value - floor) / (worst - floor), 0.0), 1.0)
    return 1 - (sqrt(away) if root else away)


def _reach(score: Mapping[str, Any]) -> tuple[float, float]:
    """Return the interval, else two errors or spreads either way."""
    if score.get("interval"):
        return float(score["interval"][0]), float(score["interval"][1])
    error = score.get("stderr") or score.get("spread") or 0.0
    return float(score["value"] - 2 * error), float(score["value"] + 2 * error)
