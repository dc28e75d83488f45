"""A sampler that lowers a fixed kernel's distance to the data, the plainest way, without an opponent: MMD-net."""

from math import sqrt

from torch import nn

from pushforward.critics import Autoencoder
from pushforward.discrepancies import MMD, Biased, Root
from pushforward.games import CodeMatching, Matching
from pushforward.kernels import Gaussian, Kernel, Median
from pushforward.networks import MLP, Network
from pushforward.recipes.base import recipe
from pushforward.samplers import Noise, Pushforward, Uniform
from pushforward.spaces import Space, Vector, without_classes
from pushforward.tuning import Adam, Optimizer

SCALES = (2.0, 5.0, 10.0, 20.0, 40.0, 80.0)


@recipe
def mmd_net(
    space: Space,
    network: Network = MLP((64, 256, 256, 1024)),
    noise: Noise = Uniform(10),
    kernel: Kernel | None = None,
    code_dim: int = 0,
    autoencoder_width: int = 1024,
    autoencoder_steps: int = 1000,
    tune: Optimizer = Adam(1e-3, (0.9, 0.999)),
    batch_size: int = 1000,
) -> Matching | CodeMatching:
    """min_g √MMD²_b(P, g#µ), of points, or of an autoencoder's codes if `code_dim` is positive.

        repeat: g descends  √MMD²_b(x, g(z))
        codes:  first e, d descend  mean (x − d(e(x)))²,  then  g descends  √MMD²_b(e(x), g(z));  a sample is d(g(z))

    Args:
        space: of the data.
        network: of the generator.
        noise: law that is pushed forward.
        kernel: if absent: for pictures six Gaussians e^{−s/2b}, b = 2, 5, 10, 20, 40, 80 with pixels in [0, 1]; for
            codes one with b = 1; for vectors and rows Gaussians at ¼, ½, 1 and 2 times the median distance.
        code_dim: size of the autoencoder's codes (32 in the paper); 0 matches the points themselves.
        autoencoder_width: of the autoencoder's hidden layer.
        autoencoder_steps: turns for the autoencoder before the generator's begin.
        tune: the optimiser.
        batch_size: points of data, and samples, in a step.
    Source: Li et al. (2015), Algorithms 1 and 2, and released code.
    Differs: Adam at 1e-3 in place of momentum descent at rate 2 on 1000 times the loss.
    """
    distance = Root(MMD(kernel or _kernel(space, code_dim), Biased()))
    if code_dim == 0:
        sampler = Pushforward.of(network, noise, without_classes(space))
        return Matching(space, sampler, distance, tune, batch_size=batch_size)
    generator = nn.Sequential(network.generator(noise.dim, Vector(code_dim)), nn.Sigmoid())
    autoencoder = _autoencoder(space, code_dim, autoencoder_width)
    return CodeMatching(space, autoencoder, generator, noise, distance, autoencoder_steps, tune, batch_size=batch_size)


def _kernel(space: Space, code_dim: int) -> Kernel:
    """Return the paper's kernels, whose bandwidths are variances of pixels in [0, 1], in the space's own range."""
    if code_dim:
        return Gaussian(1.0)
    if space.range is None:
        return Gaussian(Median((0.25, 0.5, 1.0, 2.0)))
    low, high = space.range
    return Gaussian(tuple((high - low) * sqrt(b) for b in SCALES))


def _autoencoder(space: Space, code_dim: int, width: int) -> Autoencoder:
    """Make 784–1024–32 logistic units, inputs dropped at 0.2 and hidden units at 0.5, and back by rectifiers."""
    plan = MLP((width,))
    encoder = nn.Sequential(
        nn.Flatten(),
        nn.Dropout(0.2),
        nn.Linear(space.dim, width),
        nn.Sigmoid(),
        nn.Dropout(0.5),
        nn.Linear(width, code_dim),
        nn.Sigmoid(),
    )
    return Autoencoder(encoder, plan.generator(code_dim, without_classes(space)))
