"""The names of the scores and what they say, for someone who meets them for the first time."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Term:
    """A score in words: its name and its meaning.

    Args:
        label: its name on the page.
        meaning: one line.
    """

    label: str
    meaning: str


# in the order in which they are shown first
TERMS = {
    "kid": Term("KID", "MMD² between features of a network; 0 where both are the same, below 0 by chance"),
    "mmd": Term("MMD²", "squared distance of the kernel means; 0 where both are the same, below 0 by chance"),
    "precision": Term("precision", "share of the samples that lie among the data"),
    "recall": Term("recall", "share of the data that lie among the samples"),
    "coverage": Term("coverage", "share of the data that have a sample in their neighbourhood"),
    "energy": Term("energy distance", "how much farther samples are from data than each from its own kind"),
    "density": Term("density", "how many data neighbourhoods a sample lies in; 1 where both are the same"),
    "fid": Term("FID", "Fréchet distance of Gaussians with the same moments; above 0 even for the same law"),
    "fidinfinity": Term("FID∞", "FID extrapolated to infinitely many rows"),
    "inceptionscore": Term("inception score", "how sure and how varied a classifier finds the samples"),
    "slicedwasserstein": Term("sliced Wasserstein", "mean distance along random lines; above 0 even for the same law"),
    "c2st": Term("classifier test", "share that a classifier tells right; 0.5 where both are the same"),
    "kidsubsets": Term("KID by subsets", "mean over random subsets of 1,000; its error is their spread"),
    "bitsperdimension": Term("bits per dimension", "how many bits the density needs for a pixel of unseen data"),
    "loglikelihood": Term("log-likelihood", "log density of unseen data, in nats a row and in the data's unit"),
    "modes": Term("modes found", "known modes with their share of samples"),
    "classkl": Term(
        "class KL", "divergence of the histogram of classes from that of the data; 0 where both are the same"
    ),
    "memorisation": Term(
        "memorisation", "how often samples lie nearer to training rows than to as many unseen ones; 0.5 by chance"
    ),
}
ALIASES = {"mmd2": "mmd", "mmd²": "mmd", "energydistance": "energy", "kernelinceptiondistance": "kid"}
ORDER = list(TERMS)


# of a test: what it says when it rejects, and when it does not
OUTCOMES = {
    "two-sample": ("samples and data are told apart", "samples and data are not told apart"),
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


def term(name: str) -> Term:
    """Return the entry of a score; one that is not in the glossary keeps its name and has no meaning.

    Example:
        >>> term("Precision").label, term("my_score").label
        ('precision', 'my score')
    """
    return TERMS.get(_entry(name), Term(name.replace("_", " "), ""))


def order(name: str) -> int:
    """Return the place of a score among those shown first; those that are not in the glossary come last."""
    entry = _entry(name)
    return ORDER.index(entry) if entry in ORDER else len(ORDER)


def _entry(name: str) -> str:
    plain = name.lower().replace("_", "").replace("-", "").replace(" ", "")
    return ALIASES.get(plain, plain)
