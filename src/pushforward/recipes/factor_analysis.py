"""A factor analysis: a line, plane or flat of codes with Gaussian noise around it; it says how likely each point is."""

from pushforward.games import Likelihood
from pushforward.recipes.base import demand_reals, recipe
from pushforward.samplers import FactorAnalysis
from pushforward.spaces import Space
from pushforward.tuning import Adam, Optimizer


@recipe
def factor_analysis(
    space: Space, latent_dim: int = 2, tune: Optimizer = Adam(1e-2, (0.9, 0.999)), batch_size: int = 1000
) -> Likelihood:
    """max E log N(x; m, WWᵀ + diag ψ), the law of x = m + W c + √ψ·e with c ~ N(0, I_k) and e ~ N(0, I_d).

        repeat: m, W, ψ descend  −mean log N(x; m, WWᵀ + diag ψ) / d

    Density, posterior of the code, and reconstruction have closed forms.

    Args:
        space: of the data.
        latent_dim: k, size of the code.
        tune: the optimiser.
        batch_size: points of data in a step.
    Source: Rubin and Thayer (1982), Psychometrika 47, for the model.
    Differs: gradient ascent in place of their expectation maximisation.
    """
    demand_reals(space, "factor-analysis")
    return Likelihood(space, FactorAnalysis(space.shape, latent_dim), tune, batch_size)
