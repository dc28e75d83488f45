"""The sentences on tables: columns and pairs of them."""

from collections.abc import Mapping

from pushforward.judging.phrases import listed
from pushforward.judging.table_findings import TableFindings
from pushforward.metrics.base import Score

WHAT = {"shape": "columns", "trend": "pairs of columns"}

NAMED = 3
"""Columns, or pairs of them, that are named at most."""


def columns(found: TableFindings, known: Mapping[str, Score]) -> str:
    """Return how far columns and pairs are from the data's, what parts of the data have, and which are worst.

    Args:
        found: of the table.
        known: scores by name.
    """
    asked = [
        (known[name], what) for name, what in (("shape", "columns"), ("trend", "pairs of columns")) if name in known
    ]
    if not asked:
        return ""
    means = [f"{_share(score.value)} off in {what}{_beside(score)}" for score, what in asked]
    worst = sorted(found.columns.items(), key=lambda item: -item[1])[:NAMED]
    single = [f"{name} ({_share(value)})" for name, value in worst if value > 0]
    double = [f"{a} with {b} ({_share(value)})" for a, b, value in found.pairs[:NAMED] if value > 0]
    said = [f"columns {listed(single)}"] * bool(single) + [f"pairs {listed(double)}"] * bool(double)
    farthest = f" Farthest are the {'; the '.join(said)}." if said else ""
    return f"Shares are {listed(means)}, on average.{farthest}"


def _beside(score: Score) -> str:
    """Return what parts of the data have."""
    return "" if score.floor is None else f" ({_share(score.floor.value)} between parts of the data)"


def _share(value: float) -> str:
    """Return a distance between 0 and 1 in percent."""
    return f"{100 * value:.2g} %" if value < 0.995 else "100 %"
