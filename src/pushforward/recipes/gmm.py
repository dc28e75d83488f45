"""A mixture of Gaussians by expectation maximisation; it says how likely each point is."""

from pushforward.games import MixtureEM
from pushforward.recipes.base import demand_reals, recipe
from pushforward.samplers import GaussianMixture
from pushforward.spaces import Space


@recipe
def gmm(space: Space, components: int = 10, ridge: float = 1e-6, tolerance: float = 1e-4) -> MixtureEM:
    """max Σ_i log Σ_j π_j N(x_i; m_j, Σ_j), a mixture of Gaussians with full covariances.

        repeat: r_ij ∝ π_j N(x_i; m_j, Σ_j);  π_j, m_j, Σ_j ← moments of the rows under r_·j, `ridge` on the diagonal;
                over when the mean log-likelihood rises by less than `tolerance` nats a point

    Args:
        space: of the data.
        components: K, at most the training rows.
        ridge: added to the diagonal of every covariance, in squared units of the encoded points.
        tolerance: rise of the mean log-likelihood, in nats a point, below which it is over.
    Source: Dempster, Laird, Rubin (1977), Journal of the Royal Statistical Society B 39.
    Differs: first means by k-means, as scikit-learn does, whose sweeps these are.
    """
    demand_reals(space, "gmm")
    return MixtureEM(space, GaussianMixture(space.shape, components), ridge, tolerance)
