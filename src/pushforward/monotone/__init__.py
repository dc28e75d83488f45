"""The increasing maps T(·; p) of R onto R that densities in many dimensions are put together from."""

from pushforward.monotone.affine import Affine
from pushforward.monotone.base import Monotone
from pushforward.monotone.logistic_mixture import LogisticMixture
from pushforward.monotone.spline import Spline

__all__ = ["Affine", "LogisticMixture", "Monotone", "Spline"]
