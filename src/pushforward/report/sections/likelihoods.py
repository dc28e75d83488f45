"""The section on likelihoods: every pair of runs with a density, compared row by row on the same test rows."""

from collections.abc import Sequence

import numpy as np

from pushforward.metrics import PairedRows, paired_rows
from pushforward.report import glossary
from pushforward.report.markup import Html, note, section, table
from pushforward.report.numbers import p_value, value_and_error
from pushforward.report.run_files import RunFiles

SCORES = ("bits-per-dimension", "log-likelihood")

CAPTION = (
    "The difference of the first and the second, row by row on the same test rows, so that what makes a row hard for "
    "both falls out; p-values of Student's test, corrected for the number of pairs."
)


def likelihoods(group: Sequence[RunFiles], anchor: str) -> Html:
    """Return the table of all pairs of runs that have a density; nothing with fewer than two.

    Args:
        group: runs on the same data, judged alike.
        anchor: of the section.
    """
    parts = [_pairs(group, name) for name in SCORES]
    if not any(parts):
        return Html()
    rows = [row for part in parts for row in part]
    head = ["pair", "score", "difference", "p", "better"]
    return section(anchor, "Likelihood, pair by pair", note(CAPTION), table("likelihoods of pairs of runs", head, rows))


def _pairs(group: Sequence[RunFiles], score: str) -> list[list[str]]:
    """Return the rows of the table of one score."""
    known = {run.folder.name: found for run in group if (found := _of_rows(run, score)) is not None}
    sizes = {len(found) for found in known.values()}
    if len(known) < 2 or len(sizes) != 1:
        return []
    label = glossary.term(score).label
    return [_row(pair, label) for pair in paired_rows(known, "lower" if score == SCORES[0] else "higher")]


def _of_rows(run: RunFiles, score: str) -> np.ndarray | None:
    """Return the number of every test row; None for a run without, or with a row of density 0."""
    found = run.judged.panels.get("held_out_likelihood")
    if found is None or score not in run.judged.scores or found.ndim != 1 or len(found) < 2:
        return None
    return found if bool(np.isfinite(found).all()) else None


def _row(pair: PairedRows, label: str) -> list[str]:
    value, error = value_and_error({"value": pair.difference, "stderr": pair.stderr})
    found = pair.better or "not resolved"
    return [f"{pair.a} − {pair.b}", label, f"{value} {error}".strip(), p_value(pair.p_value), found]
