"""A variational autoencoder that raises a tighter bound, by several codes a point: importance weighted autoencoder."""

from pushforward.errors import Refused
from pushforward.games import Likelihood
from pushforward.likelihoods import Likelihood as PointLaw
from pushforward.networks import MLP, Network
from pushforward.recipes.autoencoders import gaussian, latent_model, prior_of, suited
from pushforward.recipes.base import recipe
from pushforward.samplers import Noise
from pushforward.spaces import Space
from pushforward.tuning import Adam, Cosine, Optimizer

MOST = 2**31
"""The numbers that are rebuilt at once in training, at most: 8 GB."""


@recipe(paper={"network": MLP((200, 200)), "latent_dim": 50, "conditional": False, "draws": 50,
               "tune": Adam(1e-3, (0.99, 0.999)), "batch_size": 20})  # fmt: skip
def iwae(
    space: Space,
    network: Network = MLP((400,)),
    latent_dim: int = 40,
    noise: Noise | None = None,
    prior_layers: int = 0,
    likelihood: PointLaw | None = None,
    conditional: bool = True,
    draws: int = 10,
    tune: Optimizer = Adam(2e-3, (0.9, 0.999), decay=Cosine(0.01)),
    batch_size: int = 100,
) -> Likelihood:
    """max_{e,d} E log 1/K Σ_k p(x|z_k) N(z_k; 0, I)/q(z_k|x), z_k = m(x) + s(x)⊙ε_k: nearer to E log p with K.

        repeat: d ascends  Σ_k w̃_k log w_k,  w̃ = softmax of log w_k = log p(x|z_k) + log N(z_k; 0, I) − log q(z_k|x)
                e ascends  Σ_k w̃_k² log w_k  by z_k alone, log q at parameters that are held
                samples are draws from p(·|d(c)), c ~ N(0, I)

    It is the game of maximum likelihood itself, whose density is a bound.

    Args:
        space: of the data.
        network: of encoder and decoder.
        latent_dim: size of a code, or of its coarsest level where `network` makes several (`Ladder`).
        noise: law of codes (π) of that size; N(0, I) if absent.
        prior_layers: couplings through which that noise goes before it is the prior, learnt with the rest.
        likelihood: p; as of `vae`.
        conditional: whether the decoder takes the labels of labelled data.
        draws: K, codes a point in training; the paper has 5 and 50.
        tune: the optimiser.
        batch_size: points of data in a step.
    Source: Burda, Grosse, Salakhutdinov (2016), arXiv 1509.00519; Tucker et al. (2019), arXiv 1810.04152, for the
        encoder's gradient.
    Differs: that gradient, whose error does not grow with K; rectifiers; a rate that falls smoothly, or with the
        paper's numbers not at all, where theirs falls in stages.
    """
    p, q = likelihood or suited(space), gaussian(space, network, latent_dim)
    prior = prior_of(q.dim, noise, prior_layers)
    sampler = latent_model(space, network, q, prior, p, conditional)
    sampler.training_draws = draws
    if (numbers := draws * batch_size * space.dim) > MOST:
        raise Refused(f"{draws} codes for each of {batch_size} points are {numbers / 2**28:.0f} GB of numbers that "
                      "are rebuilt at once, and several times that with gradients; lower --draws or "
                      "--batch_size.")  # fmt: skip
    return Likelihood(space, sampler, tune, batch_size)
