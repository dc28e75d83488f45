"""The names of the scores and what they say, for someone who meets them for the first time."""

from pushforward.judging.titles import TITLES
from pushforward.metrics.base import Title

FIRST = ("kid", "mmd", "precision", "recall", "coverage", "energy", "density")
"""Scores in the order in which they are shown; all others follow."""

ORDER = tuple(dict.fromkeys((*FIRST, *TITLES)))
NAMES = {name.replace("-", ""): name for name in TITLES}
ALIASES = {"mmd2": "mmd", "mmd²": "mmd", "energydistance": "energy", "kernelinceptiondistance": "kid"}

# of a test: what it says when it rejects, and when it does not
OUTCOMES = {
    "two-sample": ("samples and data are told apart", "samples and data are not told apart"),
    "detection": (
        "boosted trees tell samples from data that they never saw",
        "boosted trees do not tell samples from data that they never saw",
    ),
    "constant-columns": (
        "samples vary in columns that are constant among the data",
        "samples are constant where the data are, as far as these rows tell",
    ),
    "memorisation": (
        "samples lie nearer to the training part than to unseen data",
        "samples lie no nearer to the training part than to unseen data",
    ),
}


def outcome(test: str, rejected: bool) -> str:
    """Return what a test found, in words.

    Example:
        >>> outcome("two-sample", True), outcome("another", False)
        ('samples and data are told apart', 'not rejected')
    """
    yes, no = OUTCOMES.get(test, ("rejected", "not rejected"))
    return yes if rejected else no


def term(name: str) -> Title:
    """Return the entry of a score; one that is not in the glossary keeps its name and has no meaning.

    Example:
        >>> term("Precision").label, term("my_score").label
        ('precision', 'my score')
    """
    return TITLES.get(_entry(name), Title(name.replace("_", " "), ""))


def order(name: str) -> int:
    """Return the place of a score among those shown first; those that are not in the glossary come last."""
    entry = _entry(name)
    return ORDER.index(entry) if entry in ORDER else len(ORDER)


def _entry(name: str) -> str:
    """Return the name that a score has among the titles, however it is written."""
    plain = name.lower().replace("_", "").replace("-", "").replace(" ", "")
    return ALIASES.get(plain, NAMES.get(plain, plain))
