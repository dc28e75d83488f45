"""The kernel density estimate of all training rows."""

from pushforward.games import KernelDensityFit
from pushforward.recipes.base import demand_reals, recipe
from pushforward.samplers import GaussianWindow, KernelDensity, Rule, Window
from pushforward.spaces import Space


@recipe
def kde(space: Space, window: Window = GaussianWindow(), bandwidth: Rule | float = "likelihood") -> KernelDensityFit:
    """q(x) = Σ_i k((x − x_i)/h)/(n Π_j h_j): a window k about each training row; samples are rows moved a little.

        once: h by a rule of the normal law, or r times that, r such that rows are likeliest under all the others

    The run folder holds the training rows, and samples lie within a bandwidth or two of one: a memory, not a model.

    Args:
        space: of the data.
        window: k, spherical in coordinates divided by h.
        bandwidth: likelihood, silverman, scott, or a number for all coordinates in encoded units.
    Source: Parzen (1962), Annals of Mathematical Statistics 33; rules as of `KernelDensityFit`.
    """
    demand_reals(space, "kde")
    return KernelDensityFit(space, KernelDensity(space.shape, window), bandwidth)
