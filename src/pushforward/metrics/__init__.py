"""(x, y) → numbers with error bars, and tests with p-values: of arrays only, x data and y samples."""

from pushforward.metrics.mmd import KID, EnergyDistance, KernelDistance
from pushforward.metrics.modes import KnownModes, Modes, modes
from pushforward.metrics.prdc import PRDC, PrecisionRecall, expected_coverage, prdc
from pushforward.metrics.score import Metric, Score
from pushforward.metrics.two_sample import TwoSample, two_sample_test
from pushforward.metrics.witness import Witness, witness

__all__ = [
    "KID",
    "PRDC",
    "EnergyDistance",
    "KernelDistance",
    "KnownModes",
    "Metric",
    "Modes",
    "PrecisionRecall",
    "Score",
    "TwoSample",
    "Witness",
    "expected_coverage",
    "modes",
    "prdc",
    "two_sample_test",
    "witness",
]
