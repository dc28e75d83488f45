"""What the numbers say, as a person would say it: one line for each thing that was looked at."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pushforward.errors import printable
from pushforward.metrics.classes import Classes
from pushforward.metrics.constants import Constants
from pushforward.metrics.memorisation import Memorisation
from pushforward.metrics.modes import Modes
from pushforward.metrics.prdc import BALLS, expected_coverage
from pushforward.metrics.score import Score
from pushforward.metrics.two_sample import TwoSample
from pushforward.metrics.where import Where

COUNTED = 10_000
"""Samples on which modes are counted by design."""

TITLES = {"mmd": "MMD²", "energy": "energy distance", "kid": "KID"}

CLEAR = 3.0
"""Spreads of the floor beyond which a score is said to be off it."""

NAMED = 5
"""Classes that are named on either side, at most."""


@dataclass(frozen=True, eq=False)
class Findings:
    """All that words are made of.

    Args:
        sizes: rows of data and samples.
        scores: with their errors and floors.
        test: of equality.
        p_values: of the tests by name, corrected for their number.
        copied: the training-copy test, where there were training data.
        modes: where they are known.
        classes: where there is a classifier.
        where: both differ most.
        k: the neighbour that sets the radii of precision, recall, density and coverage.
        constants: test of columns that are constant among the data, where there are any.
    """

    sizes: tuple[int, int]
    scores: Sequence[Score]
    test: TwoSample
    p_values: Mapping[str, float]
    copied: Memorisation | None = None
    modes: Modes | None = None
    classes: Classes | None = None
    where: Where | None = None
    k: int = 5
    constants: Constants | None = None


def in_words(found: Findings) -> str:
    """What was measured, how sure it is, what is missed, what is copied, and what could have been seen."""
    known = {score.name: score for score in found.scores}
    lines = [
        f"Measured on {found.sizes[0]:,} rows of data and {found.sizes[1]:,} samples{_of_all(found)}.",
        _test(found.test, found.p_values["two-sample"], len(found.p_values)),
        "" if found.constants is None else _constants(found.constants, found.p_values["constant-columns"]),
        _distances([known[name] for name in TITLES if name in known]),
        _neighbours(known, found.sizes, found.k) if known.keys() >= set(BALLS) else "",
        _floors(found.scores),
        "" if found.where is None or found.p_values["two-sample"] > found.test.level else _where(found.where),
        "" if found.classes is None else _classes(found.classes),
        "" if found.modes is None else _modes(found.modes),
        "" if found.copied is None else _copied(found.copied, found.p_values["memorisation"]),
    ]
    return "\n".join(printable(line[0].upper() + line[1:]) for line in lines if line)


def _of_all(found: Findings) -> str:
    """Which scores are of more rows."""
    n, m = found.sizes
    more = {s.name: s.rows for s in found.scores if s.rows is not None and (s.rows[0] > n or s.rows[1] > m)}
    if not more:
        return ""
    all_n, all_m = next(iter(more.values()))
    return f", {_listed(list(more))} on {all_n:,} and {all_m:,}"


def _test(test: TwoSample, p_value: float, tests: int) -> str:
    """Whether they are told apart, how surely, how much, and what would have been seen."""
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
    return (
        f"A permutation test at level {test.level:g}{rows} tells them apart ({p}): shown one of each, the function in "
        f"which they differ most ranks the pair rightly {_percent((1 + test.effect_size) / 2)} of the time, where 50 % "
        f"is chance; {seen}."
    )


def _constants(found: Constants, p_value: float) -> str:
    """In which columns samples vary where the data do not."""
    if not found.columns:
        return ""
    each = zip(found.columns, found.values, found.deviating, found.lowest, found.highest, strict=True)
    said = [
        f"{name} is always {value:.6g} among the data, and is not in {off:,} of {found.m:,} samples ({low:.6g} to "
        f"{high:.6g})"
        for name, value, off, low, high in list(each)[:NAMED]
    ]
    more = f" and {len(found.columns) - NAMED} more columns" if len(found.columns) > NAMED else ""
    end = "which tells them apart" if p_value <= found.level else "which chance may make at these sizes"
    return f"{_listed(said)}{more}, {end} (p = {p_value:.3g})."


def _distances(scores: Sequence[Score]) -> str:
    """The kernel scores with their intervals."""
    if not scores:
        return ""
    said = [f"{TITLES[s.name]} {s.value:.3g}" + _interval(s) for s in scores]
    return f"Distances, 0 for the same law, with 95 % intervals: {_listed(said)}."


def _interval(score: Score) -> str:
    """The interval, and whether 0 lies in it."""
    if score.interval is None:
        return ""
    low, high = score.interval
    zero = f", consistent with zero at a standard error of {score.stderr:.1g}" if low <= 0 <= high else ""
    return f" ({low:.2g} to {high:.2g}{zero})"


def _floors(scores: Sequence[Score]) -> str:
    """Which scores are off what halves of the data give, in spreads of the latter."""
    off = [(TITLES.get(s.name, s.name), s.above) for s in scores if s.above is not None]
    if not off:
        return ""
    floor = next(s.floor for s in scores if s.floor is not None)
    halves = f"what halves of the data score against each other ({floor.repeats} halvings, {floor.n:,} rows)"
    clear = [f"{name} {abs(a):.0f} {'above' if a > 0 else 'below'}" for name, a in off if abs(a) > CLEAR]
    if not clear:
        return f"Every score is within {CLEAR:.0f} spreads of {halves}."
    within = [name for name, a in off if abs(a) <= CLEAR]
    rest = f"; within {CLEAR:.0f}: {_listed(within)}" if within else ""
    return f"In spreads of {halves}: {_listed(clear)}{rest}."


def _neighbours(known: Mapping[str, Score], sizes: tuple[int, int], k: int) -> str:
    """Precision, recall, density and coverage."""
    value = {name: known[name].value for name in BALLS}
    return (
        f"{_percent(value['precision'])} of the samples lie among the data (precision) and {_percent(value['recall'])} "
        f"of the data among the samples (recall); around {_percent(value['coverage'])} of the data there is a sample "
        f"(coverage; {_percent(expected_coverage(*sizes, k))} for new data of the same law), and density is "
        f"{value['density']:.2f} (1 for the same law)."
    )


def _where(found: Where) -> str:
    """How large the difference is where it is largest."""
    missed, over = (sorted(place.ratio)[len(place.ratio) // 2] for place in (found.missed, found.over))
    return (
        f"Where it misses most, around {len(found.missed.rows)} rows of data, data are {missed:.2g} times as dense as "
        f"samples; where it over-produces most, around {len(found.over.rows)} samples, {over:.2g} times (density ratio "
        "by neighbours, medians)."
    )


def _classes(found: Classes) -> str:
    """Which classes are there, and which too seldom or too often."""
    able = "" if found.accuracy is None else f", right on {_percent(found.accuracy)} of the data,"
    unequal = [
        f"{word}: {_listed([_share(found, name) for name in names[:NAMED]])}"
        + (f" and {len(names) - NAMED} more" if len(names) > NAMED else "")
        for word, names in (("missed", found.missed), ("over-produced", found.over))
        if names
    ]
    return (
        f"A classifier{able} finds {_of(found.present, found.total)} classes among the samples; the divergence of "
        f"their histogram from the data's is {found.kl:.2g}, where about {found.expected:.1g} is chance. "
        + (f"Classes {'; '.join(unequal)}." if unequal else "No class is rarer or more frequent than chance makes it.")
    )


def _share(found: Classes, name: str) -> str:
    """A class with its share among samples and data."""
    of_data, of_samples = found.share(name)
    return f"{name} ({_percent(of_samples)} of the samples, {_percent(of_data)} of the data)"


def _modes(found: Modes) -> str:
    """Which modes are there."""
    few = f", counted on {found.m:,} samples" if found.m != COUNTED else ""
    return (
        f"Of the known modes, {_of(found.found, found.total)} are found{few}; {_percent(found.share)} of the samples "
        "lie within three standard deviations of one."
    )


def _copied(found: Memorisation, p_value: float) -> str:
    """Whether training data are copied."""
    equal = f"{_percent(found.copies)} of them equal a training row"
    if found.copies_unseen:
        equal += f", as do {_percent(found.copies_unseen)} of the unseen data"
    p = f"(p = {p_value:.2g})"
    if p_value <= found.level:
        return (
            f"Samples lie nearer to training rows than to unseen rows {p}, a sign of copying: of the {found.tail:,} "
            f"that lie closest to either, {_percent(found.tail_copied)} are nearest to a training row, where "
            f"{_percent(found.chance)} is chance; of all, {equal}."
        )
    few = "; copies of so few rows cannot be told from chance here" if found.copies > found.copies_unseen else ""
    return f"Samples do not lie nearer to training rows than to unseen rows {p}; {equal}{few}."


def _of(found: int, total: int) -> str:
    return f"all {total}" if found == total else f"{found} of {total}"


def _percent(share: float) -> str:
    """A share in per cent; what is neither none nor all is not said to be."""
    rounded = f"{100 * share:.0f} %"
    if rounded == "0 %" and share > 0:
        return "less than 1 %"
    return "more than 99 %" if rounded == "100 %" and share < 1 else rounded


def _listed(parts: Sequence[str]) -> str:
    return ", ".join(parts[:-1]) + " and " + parts[-1] if len(parts) > 1 else parts[0]
