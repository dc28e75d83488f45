"""The critics, learnt representations in front of a discrepancy, and the constraints that keep them honest."""

from pushforward.critics.activation_penalty import ActivationPenalty
from pushforward.critics.autoencoder import Autoencoder, Reconstruction
from pushforward.critics.base import Adversarial, Constraint, View
from pushforward.critics.clipping import Clipping
from pushforward.critics.dragan import DRAGAN
from pushforward.critics.gradient_constrained import GradientConstrained
from pushforward.critics.gradient_penalty import GradientPenalty
from pushforward.critics.scaling import Scaling
from pushforward.critics.spectral_norm import SpectralNorm
from pushforward.critics.zero_centred import ZeroCentred

__all__ = [
    "DRAGAN",
    "ActivationPenalty",
    "Adversarial",
    "Autoencoder",
    "Clipping",
    "Constraint",
    "GradientConstrained",
    "GradientPenalty",
    "Reconstruction",
    "Scaling",
    "SpectralNorm",
    "View",
    "ZeroCentred",
]
