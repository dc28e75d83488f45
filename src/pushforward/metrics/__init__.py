"""(x, y) → numbers with error bars, and tests with p-values: of arrays only, x data and y samples."""

from pushforward.metrics.bits_per_dimension import bits_per_dimension, logit_jacobian
from pushforward.metrics.classes import Classes, class_histogram
from pushforward.metrics.extrapolated import FrechetInfinity
from pushforward.metrics.floor import floor
from pushforward.metrics.frechet import FrechetDistance, frechet
from pushforward.metrics.inception_score import InceptionScore
from pushforward.metrics.jackknife import Jackknife, Jackknifed
from pushforward.metrics.judgement import Judgement
from pushforward.metrics.kid_subsets import KIDSubsets
from pushforward.metrics.log_likelihood import log_likelihood
from pushforward.metrics.material import Material, Side, Sorting
from pushforward.metrics.memorisation import Memorisation, memorisation
from pushforward.metrics.mmd import KID, EnergyDistance, KernelDistance, KernelScore
from pushforward.metrics.modes import KnownModes, Modes, modes
from pushforward.metrics.moments import Moments
from pushforward.metrics.multiplicity import holm
from pushforward.metrics.names import Request, requested
from pushforward.metrics.paired import Trace, paired_error
from pushforward.metrics.prdc import PRDC, PrecisionRecall, expected_coverage, prdc
from pushforward.metrics.presets import CLEAN_FID, PRDC_PACKAGE, PYTORCH_FID, TORCH_FIDELITY
from pushforward.metrics.protocol import comparable
from pushforward.metrics.ranking import Comparison, Ranking, ranking
from pushforward.metrics.reference import Reference
from pushforward.metrics.score import Floor, Metric, Score
from pushforward.metrics.scoring import scored
from pushforward.metrics.sliced import SlicedWasserstein
from pushforward.metrics.stream import Stream
from pushforward.metrics.three_sample import ThreeSample, three_sample_test
from pushforward.metrics.two_classes import C2ST, ClassifierTest, classifier_test
from pushforward.metrics.two_sample import TwoSample, two_sample_test
from pushforward.metrics.where import Where, where
from pushforward.metrics.witness import Witness, witness

__all__ = [
    "C2ST",
    "CLEAN_FID",
    "KID",
    "PRDC",
    "PRDC_PACKAGE",
    "PYTORCH_FID",
    "TORCH_FIDELITY",
    "Classes",
    "ClassifierTest",
    "Comparison",
    "EnergyDistance",
    "Floor",
    "FrechetDistance",
    "FrechetInfinity",
    "InceptionScore",
    "Jackknife",
    "Jackknifed",
    "Judgement",
    "KIDSubsets",
    "KernelDistance",
    "KernelScore",
    "KnownModes",
    "Material",
    "Memorisation",
    "Metric",
    "Modes",
    "Moments",
    "PrecisionRecall",
    "Ranking",
    "Reference",
    "Request",
    "Score",
    "Side",
    "SlicedWasserstein",
    "Sorting",
    "Stream",
    "ThreeSample",
    "Trace",
    "TwoSample",
    "Where",
    "Witness",
    "bits_per_dimension",
    "class_histogram",
    "classifier_test",
    "comparable",
    "expected_coverage",
    "floor",
    "frechet",
    "holm",
    "log_likelihood",
    "logit_jacobian",
    "memorisation",
    "modes",
    "paired_error",
    "prdc",
    "ranking",
    "requested",
    "scored",
    "three_sample_test",
    "two_sample_test",
    "where",
    "witness",
]
