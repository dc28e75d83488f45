"""The sentences on what is missed, copied or made too often."""

from pushforward.judging.phrases import listed, of_all, percent, times
from pushforward.metrics.base import Score
from pushforward.metrics.diagnosis.classes import Classes
from pushforward.metrics.diagnosis.modes import ModeCount
from pushforward.metrics.diagnosis.where import Where
from pushforward.metrics.significance.memorisation import Memorisation

COUNTED = 10_000
"""Samples on which modes are counted by design."""

NAMED = 5
"""Classes that are named on either side, at most."""


def places(found: Where) -> str:
    """Return how large the difference is where it is largest, above 1 for whichever is denser."""
    places = [
        (f"where it misses most, around {len(found.missed.rows)} rows of data, data", found.missed, 1, "samples"),
        (f"where it over-produces most, around {len(found.over.rows)} samples, samples", found.over, -1, "data"),
    ]
    said = [
        f"{which} are {times(sorted(place.ratio)[len(place.ratio) // 2] ** power)} times as dense as {others}"
        for which, place, power, others in places
        if place.rows
    ]
    return f"{'; '.join(said)} (one density ratio, by neighbours, medians)." if said else ""


def detection(found: Score | None, p_value: float) -> str:
    """Return how often boosted trees pick the real one of a pair, and how often they do where both are data."""
    if found is None:
        return ""
    floor, error = found.floor, "" if found.stderr is None else f" ± {found.stderr:.3f}"
    chance = "" if floor is None else f", where of two parts of the data they pick one {floor.value:.3f} of the time"
    return (
        f"Boosted trees that never saw them pick the real row of a pair {found.value:.3f}{error} of the time{chance} "
        f"(p = {p_value:.2g})."
    )


def classes(found: Classes) -> str:
    """Return which classes are there, and which too seldom or too often."""
    able = "" if found.accuracy is None else f", right on {percent(found.accuracy)} of the data,"
    unequal = [
        f"{word}: {listed([_share(found, name) for name in names[:NAMED]])}"
        + (f" and {len(names) - NAMED} more" if len(names) > NAMED else "")
        for word, names in (("missed", found.missed), ("over-produced", found.over))
        if names
    ]
    known = max(max(found.errors(name)) for name in found.names)
    return (
        f"A classifier{able} finds {of_all(found.present, found.total)} classes among {sum(found.samples):,} samples; "
        f"the divergence of their histogram from the data's is {found.kl:.2g}, where about {found.expected:.1g} is "
        "chance. "
        + (
            f"Classes {'; '.join(unequal)}."
            if unequal
            else f"No class is shown to be rarer or more frequent; shares are known to ±{100 * known:.1f} % or better."
        )
    )


def _share(found: Classes, name: str) -> str:
    """A class with its share among samples and data, and their errors."""
    sides = zip(found.share(name), found.errors(name), strict=True)
    data, samples = (f"{100 * share:.1f} ± {100 * error:.1f} %" for share, error in sides)
    return f"{name} ({samples} of the samples, {data} of the data)"


def modes(found: ModeCount) -> str:
    """Return how many of the known modes are there."""
    few = f", counted on {found.m:,} samples" if found.m != COUNTED else ""
    return (
        f"Of the known modes, {of_all(found.found, found.total)} are found{few}; {percent(found.share)} of the samples "
        "lie within three standard deviations of one."
    )


def copies(found: Memorisation, p_value: float) -> str:
    """Return whether training data are copied, in a sentence."""
    equal = f"{percent(found.copies)} of {found.m:,} samples equal a training row"
    if found.copies_unseen:
        equal += f", as do {percent(found.copies_unseen)} of the unseen data"
    p = f"(p = {p_value:.2g})"
    if p_value <= found.level:
        return (
            f"Samples lie nearer to training rows than to unseen rows {p}, a sign of copying: of the {found.tail:,} "
            f"that lie closest to either, {percent(found.tail_copied)} are nearest to a training row, where "
            f"{percent(found.chance)} is chance; {equal}."
        )
    few = "; copies of so few rows cannot be told from chance here" if found.copies > found.copies_unseen else ""
    return f"Samples do not lie nearer to training rows than to unseen rows {p}; {equal}{few}."
