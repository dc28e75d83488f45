"""g#µ, the law of noise µ pushed through g: samplers that need one step a sample."""

from pushforward.samplers.base import Coding, Density, Sampler
from pushforward.samplers.blend import Blend
from pushforward.samplers.consistency import ConsistencyMap
from pushforward.samplers.factor_analysis import FactorAnalysis
from pushforward.samplers.gaussian_mixture import GaussianMixture
from pushforward.samplers.noise import Noise, Normal, Uniform
from pushforward.samplers.pushforward import Pushforward
from pushforward.samplers.two_valued import TwoValued

__all__ = [
    "Blend",
    "Coding",
    "ConsistencyMap",
    "Density",
    "FactorAnalysis",
    "GaussianMixture",
    "Noise",
    "Normal",
    "Pushforward",
    "Sampler",
    "TwoValued",
    "Uniform",
]
