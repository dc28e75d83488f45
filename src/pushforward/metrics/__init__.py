"""(x, y) → numbers with error bars, and tests with p-values: of arrays only, x data and y samples."""

from pushforward.metrics.classes import Classes, class_histogram
from pushforward.metrics.memorisation import Memorisation, memorisation
from pushforward.metrics.mmd import KID, EnergyDistance, KernelDistance
from pushforward.metrics.modes import KnownModes, Modes, modes
from pushforward.metrics.prdc import PRDC, PrecisionRecall, expected_coverage, prdc
from pushforward.metrics.score import Metric, Score
from pushforward.metrics.two_sample import TwoSample, two_sample_test
from pushforward.metrics.verdict import Embedding, Verdict, verdict
from pushforward.metrics.witness import Witness, witness

__all__ = [
    "KID",
    "PRDC",
    "Classes",
    "Embedding",
    "EnergyDistance",
    "KernelDistance",
    "KnownModes",
    "Memorisation",
    "Metric",
    "Modes",
    "PrecisionRecall",
    "Score",
    "TwoSample",
    "Verdict",
    "Witness",
    "class_histogram",
    "expected_coverage",
    "memorisation",
    "modes",
    "prdc",
    "two_sample_test",
    "verdict",
    "witness",
]
