"""The inverse CDFs for pictures, from coarse to fine on the data's own grey levels, fitted by likelihood."""

from pushforward.errors import Refused
from pushforward.games import Likelihood
from pushforward.likelihoods import GreyLevels
from pushforward.recipes.base import recipe
from pushforward.samplers import GridCDF
from pushforward.spaces import Image, Space
from pushforward.tuning import Adam, Cosine, Optimizer


@recipe
def grid_cdf(
    space: Space,
    components: int = 5,
    floor: float = 1e-3,
    width: int = 32,
    depth: int = 2,
    widths: tuple[int, ...] = (256, 256),
    conditional: bool = True,
    tune: Optimizer = Adam(4e-3, (0.9, 0.99), decay=Cosine(0.01)),
    batch_size: int = 32,
) -> Likelihood:
    """x_i = F⁻¹(u_i | coarser pixels), u uniform, F a CDF on grey levels: an exact density, and samples in few passes.

        repeat: networks read the parameters of every pixel's CDF off the pixels before it, of all pixels at once
                networks descend  −mean Σ_i log (F(k_i + 1) − F(k_i)) / d,  k_i the grey level of pixel i

    Args:
        space: of the data, pictures.
        components: logistic laws in a mixture.
        floor: share of the uniform law in masses, 0 in samples.
        width: channels of the convolutional networks.
        depth: their residual blocks.
        widths: of the hidden layers of the network of the coarsest grid.
        conditional: whether networks take the labels of labelled data.
        tune: the optimiser.
        batch_size: pictures in a step.
    Source: as of `GridCDF`: Reed et al. (2017), arXiv 1703.03664; Salimans et al. (2017), arXiv 1701.05517.
    Differs: a masked network for the coarsest grid; small networks, one a phase and channel.
    """
    if not isinstance(space, Image):
        raise Refused("grid-cdf is for pictures, got rows of numbers; for these there is triangular.")
    classes = len(space.classes) if conditional else 0
    sampler = GridCDF(space, GreyLevels(components, floor), width, depth, widths, classes)
    return Likelihood(space, sampler, tune, batch_size)
