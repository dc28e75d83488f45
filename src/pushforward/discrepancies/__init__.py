"""D(P, Q) from samples, with nothing learnt: discrepancies as values, each in a file of its own."""

from pushforward.discrepancies.averaged import Averaged, Block, LinearTime
from pushforward.discrepancies.base import Discrepancy, Scaled, Sum
from pushforward.discrepancies.boundary_seeking import BoundarySeeking
from pushforward.discrepancies.cramer import Cramer
from pushforward.discrepancies.divergence import Divergence
from pushforward.discrepancies.energy import Energy
from pushforward.discrepancies.estimators import Estimate, Estimator
from pushforward.discrepancies.f_divergence import FDivergence
from pushforward.discrepancies.f_table import (
    GAN,
    JS,
    Alpha,
    ForwardKL,
    Jeffreys,
    Neyman,
    Pearson,
    ReverseKL,
    SquaredHellinger,
    TotalVariation,
)
from pushforward.discrepancies.frechet import Frechet
from pushforward.discrepancies.gram import Gram
from pushforward.discrepancies.hinge import Hinge
from pushforward.discrepancies.jensen_shannon import JensenShannon
from pushforward.discrepancies.log_ratio import LogRatio
from pushforward.discrepancies.mean_difference import MeanDifference
from pushforward.discrepancies.mmd import MMD
from pushforward.discrepancies.one_sided_mean import OneSidedMean
from pushforward.discrepancies.pearson import pearson
from pushforward.discrepancies.quadratic import Biased, Quadratic, Unbiased, UStatistic
from pushforward.discrepancies.ratio import density_ratio
from pushforward.discrepancies.relativistic import Relativistic
from pushforward.discrepancies.repulsive import RepulsiveMMD
from pushforward.discrepancies.root import Root
from pushforward.discrepancies.sliced import SlicedWasserstein
from pushforward.discrepancies.sums import Sums
from pushforward.discrepancies.ulsif import ULSIF, Ratio
from pushforward.discrepancies.variance import u_statistic_variance, unbiased_variance

__all__ = [
    "MMD",
    "ULSIF",
    "Averaged",
    "Biased",
    "Block",
    "Discrepancy",
    "Energy",
    "Estimate",
    "Estimator",
    "Frechet",
    "Gram",
    "JensenShannon",
    "LinearTime",
    "LogRatio",
    "MeanDifference",
    "OneSidedMean",
    "Quadratic",
    "Ratio",
    "Root",
    "Scaled",
    "SlicedWasserstein",
    "Sum",
    "Sums",
    "UStatistic",
    "Unbiased",
    "density_ratio",
    "pearson",
    "u_statistic_variance",
    "unbiased_variance",
    "BoundarySeeking",
    "Cramer",
    "Divergence",
    "FDivergence",
    "GAN",
    "JS",
    "Alpha",
    "ForwardKL",
    "Jeffreys",
    "Neyman",
    "Pearson",
    "ReverseKL",
    "SquaredHellinger",
    "TotalVariation",
    "Hinge",
    "Relativistic",
    "RepulsiveMMD",
]
