"""q(z|x), the laws of codes given what an encoder says of a point."""

from pushforward.posteriors.base import Coded, Posterior
from pushforward.posteriors.deterministic import Deterministic
from pushforward.posteriors.diagonal_gaussian import DiagonalGaussian
from pushforward.posteriors.inverse_autoregressive import InverseAutoregressive

__all__ = ["Coded", "Deterministic", "DiagonalGaussian", "InverseAutoregressive", "Posterior"]
