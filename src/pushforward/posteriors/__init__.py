"""q(z|x), the laws of codes given what an encoder says of a point."""

from pushforward.posteriors.base import Coded, Posterior
from pushforward.posteriors.categorical import Categorical, UniformChoices
from pushforward.posteriors.deterministic import Deterministic
from pushforward.posteriors.diagonal_gaussian import DiagonalGaussian
from pushforward.posteriors.implicit import Implicit
from pushforward.posteriors.inverse_autoregressive import InverseAutoregressive
from pushforward.posteriors.universal import NormalOf, Universal

__all__ = [
    "Categorical",
    "Coded",
    "Deterministic",
    "DiagonalGaussian",
    "Implicit",
    "InverseAutoregressive",
    "NormalOf",
    "Posterior",
    "UniformChoices",
    "Universal",
]
