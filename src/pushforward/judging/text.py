"""The verdict in words: a sentence or two on each thing that was looked at."""

from collections.abc import Mapping, Sequence
from typing import Any

from pushforward.errors import printable
from pushforward.judging import text_findings as on
from pushforward.judging import text_tables as on_tables
from pushforward.judging.findings import Findings
from pushforward.judging.grade import Grade
from pushforward.judging.phrases import listed
from pushforward.judging.text_grade import grade_in_words
from pushforward.judging.text_scores import floors_in_words, neighbours_in_words, unknown_in_words
from pushforward.judging.text_state import state_in_words
from pushforward.judging.titles import TITLES
from pushforward.metrics.base import Score
from pushforward.metrics.scores.prdc import BALLS
from pushforward.metrics.significance.constant_columns import Constants
from pushforward.metrics.significance.two_sample import TwoSample

DISTANCES = {name: TITLES[name].label for name in ("mmd", "local-mmd", "energy", "kid")}

NAMED = 5
"""Columns that are named, at most."""


def sentences(
    found: Findings,
    tests: Mapping[str, Mapping[str, Any]],
    data: str = "the data",
    state: Mapping[str, Any] | None = None,
    grade: Grade | None = None,
    thing: str = "row",
) -> dict[str, str]:
    """Return what was measured, how sure it is, what is missed, what is copied, and what could have been seen.

    The keys say what each is about: few, grade, state, rows, test, detection, columns, learning, constants, distances,
    neighbours, floors, places, cells, rules, classes, modes, copies, audit; statistics alone where these stand for the
    data. What does not apply is left out.

    Args:
        found: what was measured.
        tests: its outcomes as JSON, corrected for their number.
        data: their name.
        state: of the run that the samples come from.
        grade: of the samples.
        thing: what one of the data is called.
    """
    known = {score.name: score for score in found.scores}
    if found.test is None:
        n = found.sizes[1]
        all_that_is_known = (
            f"The Fréchet distance of {n:,} samples to the statistics of {data} is {known['fid'].value:.4g}."
        )
        return {"statistics": printable(all_that_is_known)}
    p_values = {name: outcome["p_value"] for name, outcome in tests.items()}
    apart = p_values["two-sample"] <= found.test.level
    said = {
        "few": unknown_in_words(found.scores, found.sizes, found.left_out, found.test.detectable),
        "grade": "" if grade is None else grade_in_words(grade, thing),
        "state": "" if state is None else state_in_words(state),
        "rows": f"Measured on {found.sizes[0]:,} rows of data and {found.sizes[1]:,} samples{_on_more_rows(found)}.",
        "test": _test_in_words(found.test, p_values["two-sample"], len(p_values)),
        "detection": on.detection(known.get("detection"), p_values.get("detection", 1.0)),
        "columns": "" if found.table is None else on_tables.columns(found.table, known),
        "learning": "" if found.table is None else on_tables.learnt(found.table),
        "constants": _constants_in_words(found.constants, p_values.get("constant-columns", 1.0)),
        "distances": _distances([known[name] for name in DISTANCES if name in known], apart),
        "neighbours": neighbours_in_words(known, found.sizes, found.k) if known.keys() >= set(BALLS) else "",
        "floors": floors_in_words(found.scores, DISTANCES),
        "places": "" if found.where is None or not apart else on.places(found.where),
        "cells": on_tables.cells(found.table) if found.table and _told(tests, "detection") else "",
        "rules": "" if found.table is None else on_tables.rules(found.table),
        "classes": "" if found.classes is None else on.classes(found.classes),
        "modes": "" if found.modes is None else on.modes(found.modes),
        "copies": "" if found.copied is None else on.copies(found.copied, p_values["memorisation"]),
        "audit": "" if found.table is None else on_tables.audited(found.table),
    }
    return {about: printable(words[0].upper() + words[1:]) for about, words in said.items() if words}


def _told(tests: Mapping[str, Mapping[str, Any]], name: str) -> bool:
    """Return whether a test was made, and tells samples from data."""
    return bool(tests.get(name, {}).get("rejected"))


def _on_more_rows(found: Findings) -> str:
    """Return which scores were measured on more rows than the others."""
    n, m = found.sizes
    more = {s.name: s.rows for s in found.scores if s.rows is not None and (s.rows[0] > n or s.rows[1] > m)}
    if not more:
        return ""
    all_n, all_m = next(iter(more.values()))
    return f", {listed(list(more))} on {all_n:,} and {all_m:,}"


def _test_in_words(test: TwoSample, p_value: float, tests: int) -> str:
    """Return whether the two are told apart, how surely, how much, and what would have been seen."""
    rows = f" (on {test.n:,} and {test.m:,} of them)" if (test.n, test.m) != (test.n_given, test.m_given) else ""
    p = f"p = {p_value:.3g}"
    if test.p_value <= test.floor:
        p += f", the least that {test.permutations} relabellings can give"
    if tests > 1:
        p += f", corrected for {tests} tests"
    seen = (
        "with so few rows it would hardly see any shift of the samples"
        if test.detectable is None
        else f"at these sizes it sees a shift of the samples by {test.detectable:.2g} standard deviations along the "
        "data's main axis four times in five"
    )
    if p_value > test.level:
        end = "" if test.detectable is None else ", and smaller differences may be there"
        return f"A permutation test at level {test.level:g}{rows} does not tell them apart ({p}); {seen}{end}."
    return f"A permutation test at level {test.level:g}{rows} tells them apart ({p}); {seen}."


def _constants_in_words(found: Constants | None, p_value: float) -> str:
    """Return in which columns samples vary where the data do not."""
    if found is None or not found.columns:
        return ""
    if p_value > found.level:
        off, name = max(zip(found.deviating, found.columns, strict=True))
        many = "A column is" if len(found.columns) == 1 else f"{len(found.columns)} columns are"
        return (
            f"{many} constant among the data and not among the samples, {name} in {off:,} of {found.m:,} samples and "
            f"none in more, which chance may make at these sizes (p = {p_value:.3g})."
        )
    each = zip(found.columns, found.values, found.deviating, found.lowest, found.highest, strict=True)
    said = [
        f"{name} is always {value:.6g} among the data, and is not in {off:,} of {found.m:,} samples ({low:.6g} to "
        f"{high:.6g})"
        for name, value, off, low, high in list(each)[:NAMED]
    ]
    more = f" and {len(found.columns) - NAMED} more columns" if len(found.columns) > NAMED else ""
    return f"{listed(said)}{more}, which tells them apart (p = {p_value:.3g})."


def _distances(scores: Sequence[Score], apart: bool) -> str:
    """The kernel scores with their intervals, and how these can hold 0 where the test rejects."""
    if not scores:
        return ""
    said = [f"{DISTANCES[s.name]} {s.value:.3g}" + _interval(s) for s in scores]
    open_ = apart and any(s.interval is not None and s.interval[0] <= 0 <= s.interval[1] for s in scores)
    both = (
        "; the test can see what such an interval leaves open, since it looks through several kernels at once and asks "
        "how far chance moves equal laws, which is less than the error of a distance between unequal ones"
    )
    return f"Distances, 0 for the same law, with 95 % intervals: {listed(said)}{both if open_ else ''}."


def _interval(score: Score) -> str:
    """The interval, and whether 0 lies in it."""
    if score.interval is None:
        return ""
    low, high = score.interval
    zero = f", consistent with zero at a standard error of {score.stderr:.1g}" if low <= 0 <= high else ""
    return f" ({low:.2g} to {high:.2g}{zero})"
