"""The parts that recipes with an encoder share: the likelihood that suits the data, and sampler and encoder in one."""

from pushforward.distributions import Distribution
from pushforward.errors import Refused
from pushforward.likelihoods import Blocks, Cost, DiscretisedLogistic, Gaussian, Likelihood
from pushforward.monotone import Affine
from pushforward.networks import Network, opening
from pushforward.posteriors import Deterministic, DiagonalGaussian, InverseAutoregressive, Posterior
from pushforward.recipes.flows import coupled_rows
from pushforward.recipes.labels import seen_space
from pushforward.samplers import Decoder, Flow, Latent, LatentModel, MappedPrior, Noise, Normal
from pushforward.spaces import Image, Space, without_classes


def suited(space: Space) -> Likelihood:
    """Return the law of grey levels for pictures, a normal one for numbers, and one of both for tables with levels."""
    if isinstance(space, Image):
        return DiscretisedLogistic()
    return Blocks() if space.choices else Gaussian()


def prior_of(dim: int, noise: Noise | None, layers: int, widths: tuple[int, ...] = (128, 128)) -> Distribution:
    """Return the law of codes: N(0, I), another noise, or a flow of it that learns with the rest.

    Args:
        dim: of a code.
        noise: of that size; None for N(0, I).
        layers: couplings of the flow; 0 for none.
        widths: of its networks.

    Raises:
        Refused: for noise of another size, noise from which every posterior diverges without bound, or a flow of one
            coordinate.
    """
    law = noise or Normal(dim)
    if law.dim != dim:
        raise Refused(
            f"noise of codes must have the {dim} coordinates of a code, got {law.dim}; say --noise.dim {dim}."
        )
    if not law.everywhere:
        raise Refused(f"codes with a normal law lie where {type(law).__name__} has no density, and diverge from it "
                      "without bound; take Normal or Mixture, or a recipe that compares codes by draws, such as "
                      "wae-mmd.")  # fmt: skip
    if not layers:
        return law
    if dim < 2:
        raise Refused("a prior that is a flow needs codes of two numbers or more; take --prior_layers 0.")
    return MappedPrior(Flow(coupled_rows(dim, Affine(), layers, widths, 0), law, (dim,)))


def gaussian(space: Space, network: Network, latent_dim: int) -> DiagonalGaussian:
    """Return the normal posterior of a code, of all its levels where the network makes several.

    Args:
        space: of the points that are encoded.
        network: of encoder and decoder.
        latent_dim: size of a code, or of its coarsest level.
    """
    return DiagonalGaussian(sum(network.sizes(space, latent_dim)))


def autoregressive(
    space: Space, network: Network, latent_dim: int, layers: int, widths: tuple[int, ...] = (320,)
) -> InverseAutoregressive:
    """Return the posterior of triangular maps of all levels of a code, each of which sees those above it.

    Args:
        space: of the points that are encoded.
        network: of encoder and decoder.
        latent_dim: size of a code, or of its coarsest level.
        layers: maps.
        widths: of their networks.
    """
    sizes = network.sizes(space, latent_dim)
    return InverseAutoregressive(sum(sizes), layers, widths, opening=opening(sizes, network.growth))


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
    encoder = network.reader(without_classes(space), posterior.size, posterior.dim)
    decoder = network.generator(prior.dim, cost.output(seen))
    bounded = density and isinstance(cost, Likelihood) and not isinstance(posterior, Deterministic)
    if network.growth and not (bounded and prior.normal_scale == 1.0):
        raise Refused("levels that open over turns (--network.growth) cost nothing while they are shut only where "
                      "codes have normal laws beside the prior N(0, I), as in vae and ade; take growth 0.")  # fmt: skip
    kind = LatentModel if bounded else Decoder
    return kind(encoder, posterior, decoder, cost, prior, space, len(seen.classes))


def latent_model(
    space: Space, network: Network, posterior: Posterior, prior: Distribution, likelihood: Likelihood, conditional: bool
) -> LatentModel:
    """Return a sampler whose likelihood can be bounded; arguments as of `latent`, of a posterior with a density."""
    sampler = latent(space, network, posterior, prior, likelihood, conditional)
    assert isinstance(sampler, LatentModel)  # a likelihood, and a posterior with a density
    return sampler
