"""A plain autoencoder: points are rebuilt from small codes, and nothing draws codes to a law."""

from pushforward.games import Autoencoding
from pushforward.likelihoods import SquaredError
from pushforward.networks import MLP, Network
from pushforward.posteriors import Deterministic
from pushforward.recipes.autoencoders import latent
from pushforward.recipes.base import recipe
from pushforward.samplers import Normal
from pushforward.spaces import Space
from pushforward.tuning import Adam, Cosine, Optimizer


@recipe(paper={"network": MLP((1000, 500, 250)), "latent_dim": 30})
def ae(
    space: Space,
    network: Network = MLP((400,)),
    latent_dim: int = 8,
    conditional: bool = False,
    tune: Optimizer = Adam(2e-3, (0.9, 0.999), decay=Cosine(0.01)),
    batch_size: int = 200,
) -> Autoencoding:
    """min_{e,d} E ‖x − d(e(x))‖²/dim: the baseline of all recipes with codes.

        repeat: e, d descend  mean (x − d(e(x)))²
                samples are d(c), c ~ N(0, I), which codes need not be like: `sample --prior gmm` fits a law to them

    Args:
        space: of the data.
        network: of encoder and decoder.
        latent_dim: size of a code.
        conditional: whether the decoder takes the labels of labelled data.
        tune: the optimiser.
        batch_size: points of data in a step.
    Source: Hinton and Salakhutdinov (2006), Science 313.
    Differs: no layers that are trained beforehand; a decoder has the widths of the encoder in the same order.
    """
    prior = Normal(latent_dim)
    sampler = latent(space, network, Deterministic(latent_dim), prior, SquaredError(), conditional)
    return Autoencoding(space, sampler, None, 0.0, tune=tune, batch_size=batch_size)
