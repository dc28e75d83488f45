"""A mixture of Gaussians by expectation maximisation; it says how likely each point is."""

from pushforward.games import MixtureEM
from pushforward.recipes.base import demand_reals, recipe
from pushforward.samplers import GaussianMixture
from pushforward.spaces import Space


@recipe
def gmm(space: Space, components: int | None = None, ridge: float = 1e-6, tolerance: float = 1e-4) -> MixtureEM:
    """max Σ_i log Σ_j π_j N(x_i; m_j, Σ_j), a mixture of Gaussians with full covariances.

        once: K by the likelihood of a fifth of the rows under mixtures of the others, where it is not given
        repeat: r_ij ∝ π_j N(x_i; m_j, Σ_j);  π_j, m_j, Σ_j ← moments of the rows under r_·j, `ridge` on the diagonal;
                over when the mean log-likelihood rises by less than `tolerance` nats a point

    Args:
        space: of the data.
        components: K, at most the training rows; if absent, that of 1, 2, 3, 4, 6, 8, 12 … under which left-out rows
            are likeliest.
        ridge: added to the diagonal of every covariance, in squared units of the encoded points.
        tolerance: rise of the mean log-likelihood, in nats a point, below which it is over.
    Source: Dempster, Laird, Rubin (1977), Journal of the Royal Statistical Society B 39.
    Differs: first means by k-means, as scikit-learn does, whose sweeps these are.
    """
    demand_reals(space, "gmm")
    sampler = GaussianMixture(space.shape, 1 if components is None else components)
    return MixtureEM(space, sampler, components is None, ridge, tolerance)
