"""The grade of samples, from broken to not distinguishable: how often the real one of a pair is picked.

A judge w is shown one datum X and one sample Y and picks the one with the larger w. A guess is right half of the time,
the judge A = P(w(X) > w(Y)) + ½P(w(X) = w(Y)) = (1 + δ)/2 of the time, with Cliff's δ: 0 for equal laws, 1 for separate
ones. No judge is the best there is, so each says from below how far the laws are apart, and the largest δ counts:

* the witness of the two-sample test, each row judged without its own term: δ is the test's effect size;
* the classifier, where it was asked for, on rows that it never saw: with balanced accuracy a, A = a and δ = 2a − 1;
* boosted trees, for tables, on rows that they never saw: A is the area under their curve;
* a column that is constant among the data and not among a share s of the samples: δ = s;
* what is missing and what is invented: if a share u of the data lies where no samples do, and a share v of the samples
  where no data do, a pair is known by either and guessed otherwise, δ = 1 − (1 − u)(1 − v). These shares are
  u = 1 − recall/floor and v = 1 − precision/floor, a floor being what parts of the data score against each other.

A test counts where it rejects at its level, after Holm's correction, and a share where it is three spreads off its
floor. If nothing counts the samples are not distinguishable, as far as these rows tell, and the grade says how often
a judge would have to be right for the test to notice it four times in five, Φ(s/√2) for a shift by s standard
deviations along a normal axis. Otherwise A = (1 + δ)/2 of the largest δ decides. Two normal laws at a distance of d
standard deviations have A = Φ(d/√2), the common language effect size; the bounds between the best words are those of
Cohen's small, medium and large d. From 0.95 on one pair is enough to tell at a level of 5 %, and the samples are
broken.

Source: McGraw and Wong (1992), Psychological Bulletin 111, for A and Φ(d/√2); Cohen (1988), Statistical Power Analysis,
for d = 0.2, 0.5 and 0.8; Cliff (1993), Psychological Bulletin 114, for δ.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from math import prod, sqrt
from statistics import NormalDist
from types import MappingProxyType
from typing import Any

from pushforward.judging.findings import Findings
from pushforward.metrics.base import Score

FEW = 50
"""Rows a side below which nothing can show that samples are good."""

CLEAR = 3.0
"""Spreads of a floor beyond which a score is said to be off it."""

BEST = "not distinguishable"

JUDGES = ("two-sample", "c2st", "detection", "constant-columns")
"""The tests whose effect size is Cliff's δ of a judge."""


def picks(d: float) -> float:
    """Φ(d/√2), how often the larger of two draws is from the normal law that lies d standard deviations higher.

    Example:
        >>> [round(picks(d), 3) for d in (0.0, 0.2, 0.5, 0.8)]
        [0.5, 0.556, 0.638, 0.714]
    """
    return NormalDist().cdf(d / sqrt(2))


BOUNDS: Mapping[str, float] = MappingProxyType(
    {
        "broken": 1.0,
        "clearly different": 0.95,
        "recognisable": picks(0.8),
        "close": picks(0.5),
        "hardly distinguishable": picks(0.2),
        BEST: 0.5,
    }
)
"""The words from the worst to the best, with the A at which each begins; the best is for samples not told apart."""

WORDS = tuple(BOUNDS)


@dataclass(frozen=True)
class Grade:
    """The grade of samples, and what it is made of.

    Args:
        word: of `WORDS`.
        picked: A of the best judge, how often it picks the real one of a pair; of the witness where none tells them.
        visible: A that the two-sample test would have noticed four times in five; None where it hardly notices any.
        missing: share u of the data's variety that the samples lack; None where recall has no floor or says nothing.
        invented: share v of the samples that are like no data; None where precision has no floor or says nothing.
        separation: δ that decides: the largest of all; 0 where nothing tells them apart.
        copied: whether samples lie nearer to training rows than other data do, which no grade sees.
    """

    word: str
    picked: float
    visible: float | None
    missing: float | None
    invented: float | None
    separation: float
    copied: bool

    @property
    def place(self) -> float:
        """The place on a bar of six equal parts, a part a word, from 0 for separate laws to 1."""
        i = WORDS.index(self.word)
        if self.word == BEST:
            return (i + 0.5) / len(WORDS)
        worst, best = BOUNDS[self.word], BOUNDS[WORDS[i + 1]]
        return (i + (worst - (1 + self.separation) / 2) / (worst - best)) / len(WORDS)

    def to_json(self) -> dict[str, Any]:
        """Return the entry `grade` of a verdict."""
        return asdict(self) | {"place": self.place}


def grade(found: Findings, tests: Mapping[str, Mapping[str, Any]]) -> Grade | None:
    """Return the grade of the samples by the rule of this file.

    Args:
        found: what was measured.
        tests: its outcomes as JSON, corrected for their number.

    Returns:
        None where rows are too few to call samples good that nothing tells apart, or the data are statistics alone.
    """
    if found.test is None:
        return None
    scores = {score.name: score for score in found.scores}
    effects = [tests[name]["effect_size"] for name in JUDGES if name in tests and tests[name]["rejected"]]
    missing, invented = (lacking(scores.get(name)) for name in ("recall", "precision"))
    by_place = 1 - prod(1 - (share or 0.0) for share in (missing, invented))
    told = bool(effects) or by_place > 0
    if not told and (min(found.sizes) < FEW or found.test.detectable is None):
        return None
    separation = max(0.0, by_place, *effects)
    return Grade(
        word_of(separation) if told else BEST,
        (1 + max(effects, default=found.test.effect_size)) / 2,
        None if found.test.detectable is None else picks(found.test.detectable),
        missing,
        invented,
        separation,
        copied=bool(tests.get("memorisation", {}).get("rejected")),
    )


def word_of(separation: float) -> str:
    """Return the word for laws that are told apart, by A = (1 + δ)/2.

    Example:
        >>> [word_of(delta) for delta in (0.0, 0.2, 0.5, 0.9)]
        ['hardly distinguishable', 'close', 'clearly different', 'broken']
    """
    picked = (1 + separation) / 2
    better = [word for word in WORDS[1:-1] if picked < BOUNDS[word]]
    return better[-1] if better else WORDS[0]


def lacking(score: Score | None) -> float | None:
    """Return 1 − value/floor where the score lies clearly below its floor, 0 where not; None where that is unknown.

    Args:
        score: a share, precision or recall.
    """
    if score is None or score.floor is None or not score.floor.value or score.informative is False:
        return None
    gap, spread = score.floor.value - score.value, max(score.floor.spread, score.spread or 0.0)
    return gap / score.floor.value if gap > CLEAR * spread else 0.0
