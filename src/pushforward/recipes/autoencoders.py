"""The parts that recipes with an encoder share: the likelihood that suits the data, and sampler and encoder in one."""

from pushforward.distributions import Distribution
from pushforward.likelihoods import Blocks, Cost, DiscretisedLogistic, Gaussian, Likelihood
from pushforward.networks import Network
from pushforward.posteriors import Deterministic, Posterior
from pushforward.recipes.labels import seen_space
from pushforward.samplers import Decoder, Latent, LatentModel
from pushforward.spaces import Image, Space, without_classes


def suited(space: Space) -> Likelihood:
    """Return the law of grey levels for pictures, a normal one for numbers, and one of both for tables with levels."""
    if isinstance(space, Image):
        return DiscretisedLogistic()
    return Blocks() if space.choices else Gaussian()


def latent(
    space: Space,
    network: Network,
    posterior: Posterior,
    prior: Distribution,
    cost: Cost,
    conditional: bool,
    density: bool = True,
) -> Latent:
    """Return a sampler that decodes draws of a prior, with its encoder.

    Args:
        space: of the data.
        network: of encoder and decoder.
        posterior: q.
        prior: π.
        cost: of reconstructions.
        conditional: whether the decoder takes the labels of labelled data.
        density: whether the posterior has one, so that the likelihood can be bounded.
    """
    seen = seen_space(space, conditional, network)
    encoder = network.encoder(without_classes(space), posterior.size)
    decoder = network.generator(prior.dim, cost.output(seen))
    bounded = density and isinstance(cost, Likelihood) and not isinstance(posterior, Deterministic)
    kind = LatentModel if bounded else Decoder
    return kind(encoder, posterior, decoder, cost, prior, space, len(seen.classes))


def latent_model(
    space: Space, network: Network, posterior: Posterior, prior: Distribution, likelihood: Likelihood, conditional: bool
) -> LatentModel:
    """Return a sampler whose likelihood can be bounded; arguments as of `latent`, of a posterior with a density."""
    sampler = latent(space, network, posterior, prior, likelihood, conditional)
    assert isinstance(sampler, LatentModel)  # a likelihood, and a posterior with a density
    return sampler
