"""Discrepancies D(P, Q) from samples, nothing learnt. Values; one a file."""

from pushforward.discrepancies.base import Discrepancy, Scaled, Sum
from pushforward.discrepancies.energy import Energy
from pushforward.discrepancies.estimators import Biased, Block, Estimator, LinearTime, Unbiased, UStatistic
from pushforward.discrepancies.gram import Gram
from pushforward.discrepancies.jensen_shannon import JensenShannon
from pushforward.discrepancies.mean_difference import MeanDifference
from pushforward.discrepancies.mmd import MMD
from pushforward.discrepancies.one_sided_mean import OneSidedMean
from pushforward.discrepancies.pearson import pearson
from pushforward.discrepancies.ratio import density_ratio
from pushforward.discrepancies.root import Root

__all__ = [
    "MMD",
    "Biased",
    "Block",
    "Discrepancy",
    "Energy",
    "Estimator",
    "Gram",
    "JensenShannon",
    "LinearTime",
    "MeanDifference",
    "OneSidedMean",
    "Root",
    "Scaled",
    "Sum",
    "UStatistic",
    "Unbiased",
    "density_ratio",
    "pearson",
]
