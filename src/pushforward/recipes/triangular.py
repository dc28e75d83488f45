"""The inverse CDF in many dimensions: a triangular map of uniform noise, fitted by likelihood."""

from pushforward.bijectors import Autoregressive
from pushforward.games import Likelihood
from pushforward.monotone import LogisticMixture, Monotone
from pushforward.recipes.base import demand_reals, recipe
from pushforward.recipes.table_columns import ordered_columns
from pushforward.samplers import Triangular
from pushforward.spaces import Space
from pushforward.tuning import Adam, Cosine, Optimizer


@recipe
def triangular(
    space: Space,
    cdf: Monotone = LogisticMixture(16),
    widths: tuple[int, ...] = (128, 128),
    first: str | tuple[str, ...] = (),
    conditional: bool = True,
    tune: Optimizer = Adam(5e-3, (0.9, 0.99), decay=Cosine(0.02)),
    batch_size: int = 256,
) -> Likelihood:
    """x_i = F⁻¹(u_i | x_1 … x_{i−1}), u uniform: conditional CDFs one coordinate after another, and an exact density.

        repeat: a masked network reads p_i off x_1 … x_{i−1}, of all i at once;  F(x_i | …) = σ(T(x_i; p_i)/s)
                networks descend  −mean Σ_i log ∂F(x_i | x_1 … x_{i−1})/∂x_i / d

    In one dimension it is the inverse CDF itself. Given the first coordinates, draws of the rest are exact.

    Args:
        space: of the data.
        cdf: T; σ(T/s), s its scale, is the conditional CDF.
        widths: of the masked network's hidden layers.
        first: columns that come first, commas between, so that samples can be drawn given them; others follow.
        conditional: whether the map takes the labels of labelled data.
        tune: the optimiser.
        batch_size: points of data in a step.
    Source: Papamakarios et al. (2017), arXiv 1705.07057, for the masked network; Knothe (1957) and Rosenblatt (1952)
        for the map.
    Differs: uniform noise, and mixtures of logistic laws in place of Gaussian ones.
    """
    demand_reals(space, "triangular")
    classes = len(space.classes) if conditional else 0
    order = [i for column in ordered_columns(space, first, "triangular")[1] for i in column]
    map = Autoregressive(cdf, [order.index(i) for i in range(len(order))], widths, classes)
    return Likelihood(space, Triangular(map, space.shape, classes), tune, batch_size)
