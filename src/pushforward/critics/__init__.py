"""The critics, learnt representations in front of a discrepancy, what keeps them honest, and what they are shown."""

from pushforward.critics.activation_penalty import ActivationPenalty
from pushforward.critics.augmentation import DiffAugment
from pushforward.critics.autoencoder import Autoencoder, Reconstruction
from pushforward.critics.base import Adversarial, Constraint, View
from pushforward.critics.beside import Beside
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
    "Beside",
    "Clipping",
    "Constraint",
    "DiffAugment",
    "GradientConstrained",
    "GradientPenalty",
    "Reconstruction",
    "Scaling",
    "SpectralNorm",
    "View",
    "ZeroCentred",
]
