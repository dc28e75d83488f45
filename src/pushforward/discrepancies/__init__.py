"""Discrepancies D(P, Q) from samples, nothing learnt. Values; one a file."""

from pushforward.discrepancies.averaged import Averaged, Block, LinearTime
from pushforward.discrepancies.base import Discrepancy, Scaled, Sum
from pushforward.discrepancies.energy import Energy
from pushforward.discrepancies.estimators import Estimate, Estimator
from pushforward.discrepancies.gram import Gram
from pushforward.discrepancies.jensen_shannon import JensenShannon
from pushforward.discrepancies.mean_difference import MeanDifference
from pushforward.discrepancies.mmd import MMD
from pushforward.discrepancies.one_sided_mean import OneSidedMean
from pushforward.discrepancies.pearson import pearson
from pushforward.discrepancies.quadratic import Biased, Quadratic, Unbiased, UStatistic
from pushforward.discrepancies.ratio import density_ratio
from pushforward.discrepancies.root import Root
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
    "Gram",
    "JensenShannon",
    "LinearTime",
    "MeanDifference",
    "OneSidedMean",
    "Quadratic",
    "Ratio",
    "Root",
    "Scaled",
    "Sum",
    "Sums",
    "UStatistic",
    "Unbiased",
    "density_ratio",
    "pearson",
    "u_statistic_variance",
    "unbiased_variance",
]
