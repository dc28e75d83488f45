"""f, a learnt representation in front of a discrepancy, and what keeps it honest."""

from pushforward.critics.autoencoder import Autoencoder, Reconstruction
from pushforward.critics.base import Adversarial, Constraint, View
from pushforward.critics.clipping import Clipping

__all__ = ["Adversarial", "Autoencoder", "Clipping", "Constraint", "Reconstruction", "View"]
