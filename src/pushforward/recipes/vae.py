"""An encoder that says which codes a point may have come from, and a decoder of codes: variational autoencoder."""

from pushforward.games import Autoencoding
from pushforward.likelihoods import Likelihood
from pushforward.networks import MLP, Network
from pushforward.recipes.autoencoders import gaussian, latent, prior_of, suited
from pushforward.recipes.base import recipe
from pushforward.samplers import Noise
from pushforward.spaces import Space
from pushforward.tuning import Adam, Cosine, Optimizer


@recipe(paper={"network": MLP((500,)), "latent_dim": 20, "conditional": False, "batch_size": 100})
def vae(
    space: Space,
    network: Network = MLP((400,)),
    latent_dim: int = 40,
    noise: Noise | None = None,
    prior_layers: int = 0,
    likelihood: Likelihood | None = None,
    conditional: bool = True,
    beta: float = 1.0,
    warm_up: int = 0,
    free_bits: float = 0.0,
    tune: Optimizer = Adam(2e-3, (0.9, 0.999), decay=Cosine(0.01)),
    batch_size: int = 200,
) -> Autoencoding:
    """max_{e,d} E log p(x|z) − β·KL(q(·|x) ‖ N(0, I)), z = m(x) + s(x)⊙ε: at β = 1 a lower bound of E log p.

        repeat: e, d descend  mean over x of −log p(x|d(z)) + β·½ Σ (m² + s² − 1 − log s²),  z = m + s⊙ε,  ε ~ N(0, I)
                samples are draws from p(·|d(c)), c ~ N(0, I)

    The log-likelihood that a run reports is the bound by 50 draws of q, whatever β it was fitted with.

    Args:
        space: of the data.
        network: of encoder and decoder.
        latent_dim: size of a code, or of its coarsest level where `network` makes several (`Ladder`).
        noise: law of codes (π) of that size; N(0, I) if absent, in which case the divergence has a closed form.
        prior_layers: couplings through which that noise goes before it is the prior, learnt with the rest.
        likelihood: p; if absent that of grey levels for pictures, a normal law with learnt scales for numbers, and
            `Blocks` for tables that have levels too.
        conditional: whether the decoder takes the labels of labelled data; the encoder never does.
        beta: weight of the divergence (the lecture's λ), at least 0.
        warm_up: turns over which that weight rises from 0.
        free_bits: nats of each coordinate's divergence that cost nothing.
        tune: the optimiser.
        batch_size: points of data in a step.
    Source: Kingma and Welling (2014), arXiv 1312.6114, algorithm 1; Higgins et al. (2017) for β.
    Differs: rectifiers and Adam with a rate that falls, where they have tanh and Adagrad.
    """
    p, q = likelihood or suited(space), gaussian(space, network, latent_dim)
    prior = prior_of(q.dim, noise, prior_layers)
    sampler = latent(space, network, q, prior, p, conditional)
    return Autoencoding(space, sampler, None, beta, warm_up, free_bits, tune, batch_size=batch_size)
