"""What the numbers say, as a person would say it, and what they depend on, in one line."""

from collections.abc import Mapping, Sequence

from pushforward.metrics.classes import Classes
from pushforward.metrics.memorisation import Memorisation
from pushforward.metrics.modes import Modes
from pushforward.metrics.prdc import PRDC, expected_coverage
from pushforward.metrics.score import Score
from pushforward.metrics.two_sample import TwoSample

COUNTED = 10_000
"""Samples on which modes are counted by design."""

TITLES = {"mmd": "MMD²", "energy": "energy distance", "kid": "KID"}

BALLS = ("precision", "recall", "density", "coverage")


def in_words(
    sizes: tuple[int, int],
    scores: Sequence[Score],
    test: TwoSample,
    copied: Memorisation | None,
    modes: Modes | None,
    classes: Classes | None,
    k: int = PRDC().k,
) -> str:
    """What was measured, how sure it is, whether the test tells data from samples, and what it could have seen."""
    known = {score.name: score for score in scores}
    sentences = [
        f"Measured on {sizes[0]:,} rows of data and {sizes[1]:,} samples.",
        _test(test),
        _distances([known[name] for name in TITLES if name in known]),
        _neighbours(known, sizes, k) if known.keys() >= set(BALLS) else "",
        "" if classes is None else _classes(classes),
        "" if modes is None else _modes(modes),
        "" if copied is None else _copied(copied),
    ]
    return " ".join(sentence[0].upper() + sentence[1:] for sentence in sentences if sentence)


def _test(test: TwoSample) -> str:
    """Whether they are told apart, how surely, how much, and what would have been seen."""
    rows = f" (on {test.n:,} and {test.m:,} of them)" if (test.n, test.m) != (test.n_given, test.m_given) else ""
    p = f"p = {test.p_value:.3g}"
    if test.p_value <= test.floor:
        p += f", the least that {test.permutations} relabellings can give"
    if test.rejected:
        return (
            f"A permutation test at level {test.level:g}{rows} tells them apart ({p}): shown one of each, the function "
            f"in which they differ most ranks the pair rightly {_percent((1 + test.effect_size) / 2)} of the time, "
            "where 50 % is chance."
        )
    able = (
        "with so few rows it would hardly have seen any shift of the samples"
        if test.detectable is None
        else f"it would have seen a shift of the samples by {test.detectable:.2g} standard deviations along the data's "
        "main axis four times in five, and smaller differences may be there"
    )
    return f"A permutation test at level {test.level:g}{rows} does not tell them apart ({p}); {able}."


def _distances(scores: Sequence[Score]) -> str:
    """The kernel scores with their intervals."""
    if not scores:
        return ""
    said = [f"{TITLES[s.name]} {s.value:.3g}" + _interval(s.interval) for s in scores]
    return f"Distances, 0 for the same law, with 95 % intervals: {_listed(said)}."


def _interval(interval: tuple[float, float] | None) -> str:
    return "" if interval is None else f" ({interval[0]:.2g} to {interval[1]:.2g})"


def _neighbours(known: Mapping[str, Score], sizes: tuple[int, int], k: int) -> str:
    """Precision, recall, density and coverage."""
    value = {name: known[name].value for name in BALLS}
    return (
        f"{_percent(value['precision'])} of the samples lie among the data (precision) and {_percent(value['recall'])} "
        f"of the data among the samples (recall); around {_percent(value['coverage'])} of the data there is a sample "
        f"(coverage; {_percent(expected_coverage(*sizes, k))} for new data of the same law), and density is "
        f"{value['density']:.2f} (1 for the same law)."
    )


def _classes(found: Classes) -> str:
    """Which classes are there."""
    able = "" if found.accuracy is None else f", right on {_percent(found.accuracy)} of the data,"
    return (
        f"A classifier{able} finds {_of(found.present, found.total)} classes among the samples; the divergence of "
        f"their histogram from the data's is {found.kl:.2g}, where about {found.expected:.1g} is chance."
    )


def _modes(found: Modes) -> str:
    """Which modes are there."""
    few = f", counted on {found.m:,} samples" if found.m != COUNTED else ""
    return (
        f"Of the known modes, {_of(found.found, found.total)} are found{few}; {_percent(found.share)} of the samples "
        "lie within three standard deviations of one."
    )


def _copied(found: Memorisation) -> str:
    """Whether training data are copied."""
    exact = f"{_percent(found.copies)} of them equal a training row"
    if found.copies_unseen:
        exact += f", as do {_percent(found.copies_unseen)} of the unseen data"
    p = f"(p = {found.p_value:.2g})"
    if found.rejected:
        return f"Samples lie nearer to training rows than unseen data do {p}, a sign of copying; {exact}."
    return f"Samples do not lie nearer to training rows than unseen data do {p}; {exact}."


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
