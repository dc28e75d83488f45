"""The headline: the verdict in one line, and the few numbers that a stranger should see first."""

from collections.abc import Mapping
from typing import Any

from pushforward.report import glossary
from pushforward.report.judgement_page import Judged
from pushforward.report.markup import Html, join, tag
from pushforward.report.numbers import number, p_value, value_and_error

TILES = 6


def headline(judged: Judged) -> str:
    """Say in one sentence whether a test can tell the samples from the data."""
    test = judged.test
    if test.get("p_value") is None:
        return "No test has compared these samples with data yet."
    word = "can tell" if rejected(judged) else "cannot tell"
    of_columns = judged.test is judged.tests.get("constant-columns")
    name = "A test of columns that are constant among the data" if of_columns else "A two-sample test"
    return f"{name} {word} these samples from {_of_data(judged)} (p = {p_value(test['p_value'])})."


def badge(judged: Judged) -> str:
    """Return the verdict in three words, for a table."""
    if judged.test.get("p_value") is None:
        return "not tested"
    return "told apart" if rejected(judged) else "not told apart"


def lead(judged: Judged) -> Html:
    """Return the badge, the headline, and how large the difference is."""
    sentences = tag("p", join([tag("strong", headline(judged)), " ", how_large(judged)]), class_="lead")
    return join([pill(judged), sentences])


def pill(judged: Judged) -> Html:
    """Return the badge in a frame of its colour."""
    words = badge(judged)
    role = {"told apart": "pill apart", "not told apart": "pill alike"}.get(words, "pill")
    return tag("p", words.capitalize(), class_=role)


def rejected(judged: Judged) -> bool:
    """Return whether the test rejects that samples and data have one distribution."""
    test = judged.test
    return bool(test.get("rejected", (test.get("p_value") or 1.0) <= (test.get("level") or 0.05)))


def how_large(judged: Judged) -> str:
    """Say how large a difference is that was found; nothing otherwise."""
    test = judged.test
    if rejected(judged) and test.get("effect_size") is not None:
        return f"The size of the difference is {number(test['effect_size'], digits=2)} (0: none, 1: wholly apart)."
    return ""


def tiles(judged: Judged) -> Html:
    """Return the p-value and the first scores of the glossary's order, each with its error."""
    shown = [_tile("p-value", p_value(judged.test.get("p_value")), badge(judged))] if judged.test else []
    informative = [name for name, score in judged.scores.items() if score.get("informative") is not False]
    for name in sorted(informative, key=glossary.order)[: TILES - len(shown)]:
        score = judged.scores[name]
        shown.append(_tile(glossary.term(name).label, *value_and_error(score), _better(score)))
    return tag("dl", *shown, class_="tiles") if shown else Html()


def _of_data(judged: Judged) -> str:
    n = judged.verdict.get("n_real")
    return f"{n:,} rows of data" if isinstance(n, int) else "data"


def _better(score: Mapping[str, Any]) -> str:
    return f"{score['better']} is better" if score.get("better") else ""


def _tile(name: str, value: str, *small: str) -> Html:
    return tag("div", tag("dt", name), tag("dd", value, *(tag("small", line) for line in small if line)))
