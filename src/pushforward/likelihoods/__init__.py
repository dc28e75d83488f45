"""p(x|v), the laws of a point given what a decoder says of it, and costs of a reconstruction that are no law."""

from pushforward.likelihoods.base import Cost, Decoded, Likelihood
from pushforward.likelihoods.bernoulli import Bernoulli
from pushforward.likelihoods.blocks import Blocks
from pushforward.likelihoods.discretised_logistic import DiscretisedLogistic
from pushforward.likelihoods.gaussian import Gaussian
from pushforward.likelihoods.grey_levels import GreyLevels
from pushforward.likelihoods.squared_error import SquaredError

__all__ = [
    "Bernoulli",
    "Blocks",
    "Cost",
    "Decoded",
    "DiscretisedLogistic",
    "Gaussian",
    "GreyLevels",
    "Likelihood",
    "SquaredError",
]
