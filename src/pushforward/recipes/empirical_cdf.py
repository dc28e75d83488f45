"""The empirical CDF of each coordinate, inverted."""

from pushforward.games import EmpiricalFit
from pushforward.recipes.base import demand_reals, recipe
from pushforward.samplers import EmpiricalCDF
from pushforward.spaces import Space


@recipe
def empirical_cdf(space: Space) -> EmpiricalFit:
    """x_i = F_i⁻¹(u_i), u uniform, F_i the empirical CDF of coordinate i of the training rows: its quantiles.

        once: training rows are sorted, coordinate by coordinate

    In one dimension it is the exact inverse CDF of the data, linear between them; in more, coordinates are independent,
    which is where every other recipe should do better. The run folder holds the training rows.

    Args:
        space: of the data.
    Source: as of `EmpiricalCDF`: Hyndman and Fan (1996), The American Statistician 50.
    """
    demand_reals(space, "empirical-cdf")
    return EmpiricalFit(space, EmpiricalCDF(space.shape))
