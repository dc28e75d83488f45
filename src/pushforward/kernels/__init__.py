"""k(x, y), how alike two points are: kernels as values that never change, each in a file of its own."""

from pushforward.kernels.bandwidth import Bandwidth, Median
from pushforward.kernels.base import Kernel, On, Scaled, Sum
from pushforward.kernels.distance import Distance
from pushforward.kernels.gaussian import Gaussian
from pushforward.kernels.inverse_multiquadric import InverseMultiquadric
from pushforward.kernels.laplacian import Laplacian
from pushforward.kernels.linear import Linear
from pushforward.kernels.polynomial import Polynomial
from pushforward.kernels.radial import Radial
from pushforward.kernels.rational_quadratic import RationalQuadratic

__all__ = [
    "Bandwidth",
    "Distance",
    "Gaussian",
    "InverseMultiquadric",
    "Kernel",
    "Laplacian",
    "Linear",
    "Median",
    "On",
    "Polynomial",
    "Radial",
    "RationalQuadratic",
    "Scaled",
    "Sum",
]
