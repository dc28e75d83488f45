"""A recipe without a critic: the sampler lowers a discrepancy of the points themselves."""

from pushforward.discrepancies import Discrepancy, Energy
from pushforward.games import Matching
from pushforward.networks import Network, Suited
from pushforward.recipes.base import recipe
from pushforward.samplers import Noise, Normal, Pushforward
from pushforward.spaces import Space, without_classes
from pushforward.tuning import Adam, Optimizer


@recipe
def direct(
    space: Space,
    network: Network = Suited(),
    noise: Noise = Normal(20),
    discrepancy: Discrepancy = Energy(),
    tune: Optimizer = Adam(1e-3),
    batch_size: int = 128,
) -> Matching:
    """min_g D(P, g#µ), D a discrepancy of points; nothing else learns.

        repeat: g descends  D(x, g(z))

    Args:
        space: of the data.
        network: of the generator.
        noise: law that is pushed forward.
        discrepancy: what is lowered.
        tune: the generator's optimiser.
        batch_size: points of data, and samples, in a step.
    """
    return Matching(
        space, Pushforward.of(network, noise, without_classes(space)), discrepancy, tune, batch_size=batch_size
    )
