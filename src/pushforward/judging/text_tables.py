"""The sentences on tables: columns, pairs of them, and what can be learnt from samples."""

from collections.abc import Mapping

from pushforward.judging.phrases import listed, times
from pushforward.judging.table_findings import TableFindings
from pushforward.metrics.base import Score
from pushforward.metrics.uncertainty.interval import NORMAL

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


def learnt(found: TableFindings) -> str:
    """Return what trees learn of the target from samples, and what they learn of it from data."""
    if (learning := found.learning) is None:
        return ""
    m, n = learning.trained
    few = f"{m:,} samples" if m == n else f"{m:,} samples (of {n:,} rows of data)"
    score = f"{_article(learning.measure)} {learning.measure} of {learning.from_samples:.3f} ± {learning.stderr:.3f}"
    return (
        f"Trees that learn {learning.target} from {few} have {score} on {learning.tested:,} unseen rows "
        f"of data; from as many rows of data they have {learning.from_data:.3f}."
    )


def _beside(score: Score) -> str:
    """Return what parts of the data have."""
    return "" if score.floor is None else f" ({_share(score.floor.value)} between parts of the data)"


def _article(measure: str) -> str:
    """Return the article of a word, by its first letter."""
    return "an" if measure[0] in "aeiouR" else "a"


def _share(value: float) -> str:
    """Return a distance between 0 and 1 in percent."""
    return f"{100 * value:.2g} %" if value < 0.995 else "100 %"


def audited(found: TableFindings) -> str:
    """Return whether training rows show in the samples, and what was looked at."""
    if (audit := found.audit) is None:
        return ""
    reach = lambda error: f"± {100 * NORMAL * error:.1f}"
    near = (
        f"{100 * audit.closer:.1f} {reach(audit.closer_error)} % of the samples lie nearer to a training row than to "
        "an unseen one, where 50 % is chance"
    )
    equal = (
        f"{_share(audit.copies)} of the samples equal a training row, as {_share(audit.unseen_copies)} of the unseen "
        "rows do"
    )
    guess = (
        f"an attacker who compares distances picks the training row of a pair {100 * audit.attack:.1f} "
        f"{reach(audit.attack_error)} % of the time"
    )
    begun = (
        f"Training rows show in the samples ({listed(list(audit.signs))})"
        if audit.signs
        else "No sign of training rows in the samples"
    )
    return f"{begun}: {near}; {equal}; {guess}. Other attacks may see what these do not."


def cells(found: TableFindings) -> str:
    """Return the cells that most give samples away, and by how much."""
    if not found.cells:
        return ""
    named = [f"{cell.column} = {cell.value} ({times(cell.factor)} times)" for cell in found.cells]
    return (
        f"The cells that most give a sample away are {listed(named)}: with cells of the data in their place, its odds "
        "of being taken for one of the data rise so many times."
    )


def rules(found: TableFindings) -> str:
    """Return which rules of the data samples break, and how often."""
    broken = sorted((rule for rule in found.rules if rule.broken > 0), key=lambda rule: -rule.broken)
    if not found.rules or not broken:
        return "No sample breaks a rule that all rows of the data keep." if found.rules else ""
    named = [f"{rule.rule} (broken by {_share(rule.broken)})" for rule in broken[:NAMED]]
    more = f" and {len(broken) - NAMED} more" if len(broken) > NAMED else ""
    return f"Of {len(found.rules)} rules that all rows of the data keep, samples break {listed(named)}{more}."
