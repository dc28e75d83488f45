"""A variational autoencoder whose posterior is no Gaussian: its codes go through triangular maps that see the point."""

from pushforward.games import Autoencoding
from pushforward.likelihoods import Likelihood
from pushforward.networks import MLP, Network
from pushforward.recipes.autoencoders import autoregressive, latent, prior_of, suited
from pushforward.recipes.base import recipe
from pushforward.samplers import Noise
from pushforward.spaces import Space
from pushforward.tuning import Adam, Cosine, Optimizer


@recipe(paper={"conditional": False, "layers": 8, "widths": (1920,)})
def vae_iaf(
    space: Space,
    network: Network = MLP((400,)),
    latent_dim: int = 32,
    noise: Noise | None = None,
    prior_layers: int = 0,
    likelihood: Likelihood | None = None,
    conditional: bool = True,
    layers: int = 2,
    widths: tuple[int, ...] = (320,),
    free_bits: float = 0.0,
    tune: Optimizer = Adam(2e-3, (0.9, 0.999), decay=Cosine(0.01)),
    batch_size: int = 200,
) -> Autoencoding:
    """max_{e,d} E log p(x|z_T) − log q(z_T|x) + log N(z_T; 0, I), z_T a normal draw after T gated triangular maps.

        repeat: e, maps, d descend  mean of −log p(x|d(z_T)) + log q(z_T|x) − log N(z_T; 0, I),
                z_0 = m + s⊙ε,  z_t = σ(a_t)⊙z_{t−1} + σ(−a_t)⊙m_t  with a_t and m_t of z_{t−1} before it, and of x
                samples are draws from p(·|d(c)), c ~ N(0, I)

    Args:
        space: of the data.
        network: of encoder and decoder.
        latent_dim: size of a code, or of its coarsest level where `network` makes several (`Ladder`).
        noise: law of codes (π) of that size; N(0, I) if absent.
        prior_layers: couplings through which that noise goes before it is the prior, learnt with the rest.
        likelihood: p; as of `vae`.
        conditional: whether the decoder takes the labels of labelled data.
        layers: maps.
        widths: of the maps' hidden layers.
        free_bits: nats of a coordinate's divergence, in the mean of batch and coordinates, that cost nothing.
        tune: the optimiser.
        batch_size: points of data in a step.
    Source: Kingma et al. (2016), arXiv 1606.04934, algorithm 1, with 32 coordinates, and 2 maps of 320 units, its
        smallest for MNIST; the paper's numbers are its largest.
    Differs: fully connected networks for convolutions with residuals.
    """
    p, q = likelihood or suited(space), autoregressive(space, network, latent_dim, layers, widths)
    prior = prior_of(q.dim, noise, prior_layers)
    sampler = latent(space, network, q, prior, p, conditional)
    return Autoencoding(space, sampler, None, 1.0, free_bits=free_bits, tune=tune, batch_size=batch_size)
