"""The sentences on scores that have a floor, on neighbour scores, and on few rows."""

from collections.abc import Mapping, Sequence

from pushforward.judging.grade import CLEAR, FEW
from pushforward.judging.phrases import listed, percent
from pushforward.metrics.base import Score
from pushforward.metrics.scores.prdc import BALLS, expected_coverage


def unknown_in_words(
    scores: Sequence[Score], sizes: tuple[int, int], left_out: Sequence[str], detectable: float | None
) -> str:
    """Return what few rows leave open; nothing where they are not few.

    Args:
        scores: that were measured.
        sizes: rows of data and samples.
        left_out: scores that so few rows cannot give.
        detectable: the shift that the test would have seen, in standard deviations; None where it saw hardly any.
    """
    if min(sizes) >= FEW:
        return ""
    shift = "at all" if detectable is None else f"by less than {detectable:.2g} standard deviations"
    silent = [*left_out, *(s.name for s in scores if s.informative is False)]
    end = f", and {listed(silent)} say{'s' * (len(silent) == 1)} nothing" if silent else ""
    return (
        f"{sizes[0]:,} rows of data and {sizes[1]:,} samples are few: nothing here can show that the samples are good, "
        f"and whether they are shifted {shift} cannot be known{end}."
    )


def floors_in_words(scores: Sequence[Score], titles: Mapping[str, str]) -> str:
    """Return which meaningful scores are off what parts of the data give, in spreads of the latter.

    Args:
        scores: with their floors.
        titles: of scores that have another name in a sentence.
    """
    meant = [s for s in scores if s.informative is not False]
    off = [(titles.get(s.name, s.name), s.z_above_floor) for s in meant if s.z_above_floor is not None]
    if not off:
        return ""
    floor = next(s.floor for s in meant if s.floor is not None)
    rows = f"{floor.n:,} rows" if floor.n == floor.m else f"{floor.n:,} rows for data, {floor.m:,} for samples"
    parts = "halves" if floor.n == floor.m else "parts"
    against = f"what {parts} of the data score against each other ({floor.repeats} splits, {rows})"
    clear = [f"{name} {abs(a):.0f} {'above' if a > 0 else 'below'}" for name, a in off if abs(a) > CLEAR]
    if not clear:
        which = "Every score" if len(meant) == len(scores) else "Every score that says something"
        return f"{which} is within {CLEAR:.0f} spreads of {against}."
    within = [name for name, a in off if abs(a) <= CLEAR]
    rest = f"; within {CLEAR:.0f}: {listed(within)}" if within else ""
    return f"In spreads of {against}: {listed(clear)}{rest}."


def neighbours_in_words(known: Mapping[str, Score], sizes: tuple[int, int], k: int) -> str:
    """Return precision, recall, density and coverage as far as they say something, and why the others do not.

    Args:
        known: scores by name.
        sizes: rows of data and samples.
        k: the neighbour that sets the radii.
    """
    value = {name: percent(known[name].value) for name in BALLS}
    said = {
        "precision": f"{value['precision']} of the samples lie among the data (precision)",
        "recall": f"{value['recall']} of the data lie among the samples (recall)",
        "coverage": f"around {value['coverage']} of the data there is a sample (coverage; "
        f"{percent(expected_coverage(*sizes, k))} for new data of the same law)",
        "density": f"density is {known['density'].value:.2f} (1 for the same law)",
    }
    meant = [text for name, text in said.items() if known[name].informative is not False]
    silent: dict[str, list[str]] = {}
    for name in BALLS:
        if known[name].informative is False:
            silent.setdefault(known[name].reason or "", []).append(name)
    lines = [f"{listed(meant)}."] if meant else []
    lines += [f"{listed(names).capitalize()} say{'s' * (len(names) == 1)} nothing at these sizes: {reason}."
              for reason, names in silent.items()]  # fmt: skip
    return " ".join(lines)
