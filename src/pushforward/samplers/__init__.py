"""g#µ, the law of noise µ pushed through g: samplers that need one step a sample."""

from pushforward.samplers.annealing import Annealing
from pushforward.samplers.bandwidths import LEAST_LOG, Rule, bandwidth_by
from pushforward.samplers.base import Bounded, Coding, Continuing, Density, Sampler
from pushforward.samplers.blend import Blend
from pushforward.samplers.consistency import ConsistencyMap
from pushforward.samplers.copula import GaussianCopula
from pushforward.samplers.empirical_cdf import EmpiricalCDF
from pushforward.samplers.factor_analysis import FactorAnalysis
from pushforward.samplers.filled_levels import FilledLevels, LevelNoise
from pushforward.samplers.flow import Flow
from pushforward.samplers.gaussian_mixture import GaussianMixture
from pushforward.samplers.grid_cdf import GridCDF
from pushforward.samplers.kernel_density import KernelDensity
from pushforward.samplers.latent import Decoder, Latent, LatentModel
from pushforward.samplers.latent_flow import LatentFlow
from pushforward.samplers.lattice import dequantised, grain
from pushforward.samplers.mapped_prior import MappedPrior
from pushforward.samplers.noise import Mixture, Noise, Normal, Sphere, Uniform
from pushforward.samplers.product_heads import ProductHeads
from pushforward.samplers.pushforward import Pushforward
from pushforward.samplers.redrawn import Redrawn
from pushforward.samplers.row_columns import SeenCells, columns_of, single_blocks
from pushforward.samplers.stepped import Stepped
from pushforward.samplers.table_cdf import TableCDF
from pushforward.samplers.tree_chain import TreeChain
from pushforward.samplers.triangular import Triangular
from pushforward.samplers.two_valued import TwoValued
from pushforward.samplers.windows import EpanechnikovWindow, GaussianWindow, Window

__all__ = [
    "LEAST_LOG",
    "Annealing",
    "Blend",
    "Bounded",
    "Coding",
    "ConsistencyMap",
    "Continuing",
    "Decoder",
    "Density",
    "EmpiricalCDF",
    "EpanechnikovWindow",
    "FactorAnalysis",
    "FilledLevels",
    "Flow",
    "GaussianCopula",
    "GaussianMixture",
    "GaussianWindow",
    "GridCDF",
    "KernelDensity",
    "Latent",
    "LatentFlow",
    "LatentModel",
    "LevelNoise",
    "MappedPrior",
    "Mixture",
    "Noise",
    "Normal",
    "ProductHeads",
    "Pushforward",
    "Rule",
    "Redrawn",
    "Sampler",
    "Sphere",
    "SeenCells",
    "Stepped",
    "TableCDF",
    "TreeChain",
    "Triangular",
    "TwoValued",
    "Uniform",
    "Window",
    "bandwidth_by",
    "columns_of",
    "dequantised",
    "grain",
    "single_blocks",
]
