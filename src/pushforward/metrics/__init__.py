"""(x, y) → numbers with error bars, and tests with p-values: of arrays only, x data and y samples."""

from pushforward.metrics.base import Floor, Metric, Score
from pushforward.metrics.diagnosis.audit import Audit, audit
from pushforward.metrics.diagnosis.boosted_ratio import BoostedRatio, HeldOutGain, effective_share
from pushforward.metrics.diagnosis.classes import Classes, class_histogram
from pushforward.metrics.diagnosis.learning import Learning, learning
from pushforward.metrics.diagnosis.modes import KnownModes, ModeCount, modes
from pushforward.metrics.diagnosis.telltale import Telltale, telltale
from pushforward.metrics.diagnosis.where import Where, where
from pushforward.metrics.diagnosis.witness import Witness, witness
from pushforward.metrics.numerics.moments import Moments
from pushforward.metrics.scores.bits_per_dimension import bits_per_dimension, logit_jacobian
from pushforward.metrics.scores.frechet import FrechetDistance, frechet
from pushforward.metrics.scores.frechet_infinity import FrechetInfinity
from pushforward.metrics.scores.gan_kde import GANKDE
from pushforward.metrics.scores.inception_score import InceptionScore
from pushforward.metrics.scores.kid_subsets import KIDSubsets
from pushforward.metrics.scores.kl import kl
from pushforward.metrics.scores.local_mmd import LocalMMD
from pushforward.metrics.scores.log_likelihood import log_likelihood
from pushforward.metrics.scores.mmd import KID, EnergyDistance, KernelDistance, KernelScore
from pushforward.metrics.scores.parzen import Parzen
from pushforward.metrics.scores.prdc import PRDC, PrecisionRecall, expected_coverage, prdc
from pushforward.metrics.scores.shape import Shape
from pushforward.metrics.scores.sliced_wasserstein import SlicedWasserstein
from pushforward.metrics.scores.trend import Trend
from pushforward.metrics.side import Side
from pushforward.metrics.significance.classifier import C2ST, ClassifierTest, classifier_test
from pushforward.metrics.significance.detection import Detection, DetectionTest
from pushforward.metrics.significance.memorisation import Memorisation, memorisation
from pushforward.metrics.significance.paired_rows import PairedRows, paired_rows
from pushforward.metrics.significance.ranking import Comparison, Ranking, ranking
from pushforward.metrics.significance.three_sample import ThreeSample, three_sample_test
from pushforward.metrics.significance.two_sample import TwoSample, two_sample_test
from pushforward.metrics.uncertainty.floor import floor
from pushforward.metrics.uncertainty.holm import holm
from pushforward.metrics.uncertainty.jackknife import Jackknife, Jackknifed
from pushforward.metrics.uncertainty.paired import Trace, paired_error

__all__ = [
    "C2ST",
    "KID",
    "GANKDE",
    "PRDC",
    "Audit",
    "BoostedRatio",
    "PairedRows",
    "Parzen",
    "Classes",
    "ClassifierTest",
    "Comparison",
    "Detection",
    "DetectionTest",
    "EnergyDistance",
    "Floor",
    "FrechetDistance",
    "FrechetInfinity",
    "HeldOutGain",
    "InceptionScore",
    "Jackknife",
    "Jackknifed",
    "KIDSubsets",
    "KernelDistance",
    "KernelScore",
    "KnownModes",
    "Learning",
    "LocalMMD",
    "Memorisation",
    "Metric",
    "ModeCount",
    "Moments",
    "PrecisionRecall",
    "Ranking",
    "Score",
    "Shape",
    "Side",
    "SlicedWasserstein",
    "Telltale",
    "ThreeSample",
    "Trace",
    "Trend",
    "TwoSample",
    "Where",
    "Witness",
    "audit",
    "bits_per_dimension",
    "class_histogram",
    "classifier_test",
    "effective_share",
    "expected_coverage",
    "floor",
    "frechet",
    "holm",
    "learning",
    "kl",
    "log_likelihood",
    "logit_jacobian",
    "memorisation",
    "modes",
    "paired_error",
    "paired_rows",
    "prdc",
    "ranking",
    "telltale",
    "three_sample_test",
    "two_sample_test",
    "where",
    "witness",
]
