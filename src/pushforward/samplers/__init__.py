"""g#µ: laws to sample from in one step."""

from pushforward.samplers.noise import Noise, Normal, Uniform
from pushforward.samplers.pushforward import Pushforward, takes_label

__all__ = ["Noise", "Normal", "Pushforward", "Uniform", "takes_label"]
