"""g#µ: laws to sample from in one step."""

from pushforward.samplers.noise import Noise, Normal, Uniform
from pushforward.samplers.pushforward import Pushforward, takes_label
from pushforward.samplers.two_valued import TwoValued

__all__ = ["Noise", "Normal", "Pushforward", "TwoValued", "Uniform", "takes_label"]
