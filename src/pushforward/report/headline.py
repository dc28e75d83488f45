"""The verdict in one line, and the few numbers that a stranger should see first."""

from collections.abc import Mapping
from typing import Any

from pushforward.report import glossary
from pushforward.report.markup import Html, tag
from pushforward.report.numbers import duration, number, p_value, parted
from pushforward.report.reading import Reading

TILES = 6


def headline(reading: Reading) -> str:
    """Whether a test can tell the samples from the data, in one sentence."""
    test = reading.test
    if test.get("p_value") is None:
        return "No test has compared these samples with data yet."
    judged = "can tell" if rejected(reading) else "cannot tell"
    return f"A two-sample test {judged} these samples from {_held_out(reading)} (p = {p_value(test['p_value'])})."


def badge(reading: Reading) -> str:
    """The verdict in three words, for a table."""
    if reading.test.get("p_value") is None:
        return "not tested"
    return "told apart" if rejected(reading) else "not told apart"


def pill(reading: Reading) -> Html:
    """The badge in a frame of its colour."""
    words = badge(reading)
    role = {"told apart": "pill apart", "not told apart": "pill alike"}.get(words, "pill")
    return tag("p", words.capitalize(), class_=role)


def rejected(reading: Reading) -> bool:
    """Whether the test rejects that samples and data have one distribution."""
    test = reading.test
    return bool(test.get("rejected", (test.get("p_value") or 1.0) <= (test.get("level") or 0.05)))


def how_large(reading: Reading) -> str:
    """The size of a difference that was found."""
    test = reading.test
    if rejected(reading) and test.get("effect_size") is not None:
        return f"The size of the difference is {number(test['effect_size'], digits=2)} (0: none, 1: wholly apart)."
    return ""


def tiles(reading: Reading) -> Html:
    """The p-value and the first scores of the glossary's order, each with its error."""
    shown = [_tile("p-value", p_value(reading.test["p_value"]), badge(reading))] if reading.test else []
    for name in sorted(reading.scores, key=glossary.order)[: TILES - len(shown)]:
        score = reading.scores[name]
        shown.append(_tile(glossary.term(name).label, *parted(score), _better(score)))
    return tag("dl", *shown, class_="tiles") if shown else Html()


def played(reading: Reading) -> str:
    """Turns and time, as far as they are known."""
    parts = []
    if reading.steps is not None:
        parts.append(f"{reading.steps:,} turns")
    if reading.seconds is not None:
        parts.append(duration(reading.seconds))
    return " in ".join(parts)


def _held_out(reading: Reading) -> str:
    n = reading.verdict.get("n_real")
    return f"{n:,} points of held-out data" if isinstance(n, int) else "held-out data"


def _better(score: Mapping[str, Any]) -> str:
    return f"{score['better']} is better" if score.get("better") else ""


def _tile(name: str, value: str, *small: str) -> Html:
    return tag("div", tag("dt", name), tag("dd", value, *(tag("small", line) for line in small if line)))
