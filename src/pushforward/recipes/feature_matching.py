"""A sampler matched to the data where frozen features see both, without an opponent: by FID's own distance at first."""

from collections.abc import Callable

from torch import Tensor

from pushforward.discrepancies import Discrepancy, Frechet
from pushforward.features import PCA, Features, Identity, RandomConv
from pushforward.games import FeatureMatching
from pushforward.networks import Network, Suited, convolved
from pushforward.recipes.base import recipe
from pushforward.recipes.frozen import Frozen
from pushforward.recipes.labels import seen_space
from pushforward.samplers import Noise, Normal, Pushforward
from pushforward.spaces import Space
from pushforward.tuning import Adam, Optimizer


@recipe
def feature_matching(
    space: Space,
    discrepancy: Discrepancy = Frechet(),
    features: Features | str | None = None,
    components: int = 64,
    network: Network = Suited(),
    noise: Noise = Normal(128),
    conditional: bool = True,
    tune: Optimizer = Adam(1e-4, (0.5, 0.999)),
    batch_size: int = 512,
) -> FeatureMatching:
    """min_g D(e(P), e(g#µ)), e frozen features: D of means and covariances is FID as a loss.

        once:    e(x) of the data, their principal components
        repeat:  g descends  D(e(x), e(g(z)))

    It finishes a sampler that another recipe has fitted, `fit feature-matching --warm_start RUN`: two moments are
    little to begin with. Features that samples were matched in say nothing any more of how good they are; others have
    to judge. Half a minute of it after `sn-gan` and `gan` moved no score on MNIST beyond its error.

    Args:
        space: of the data.
        discrepancy: D, such as `Frechet`, `Energy` or `MMD`.
        features: e, frozen, through which gradients pass, or run:FOLDER, the codes of a run; if absent those of random
            convolutions for pictures of 16 pixels and more a side, else the points themselves.
        components: of the features.
        network: of the sampler, as of the run that it starts from.
        noise: law that is pushed forward, likewise.
        conditional: whether the sampler takes the labels of labelled data, which are then matched too.
        tune: the optimiser.
        batch_size: samples in a step, some four times as many as components and classes.
    Source: Santos et al. (2019), arXiv:1904.02762, for frozen features; Yang et al. (2026), arXiv:2604.28190, for
        Fréchet's distance as a loss.
    Differs: features are random, not learnt on other pictures; principal components stand for all of them; no moving
        averages, since all data are compared at every turn.
    """
    e = features or (RandomConv() if convolved(space) else Identity())
    g = Pushforward.of(network, noise, seen_space(space, conditional, network))
    return FeatureMatching(space, g, discrepancy, Frozen(e, "feature-matching"), whitened(components), tune, batch_size)


def whitened(components: int) -> Callable[[Tensor], Callable[[Tensor], Tensor]]:
    """Return what fits the map of rows to their whitened principal components.

    Args:
        components: how many; fewer where rows do not vary in so many directions.
    """

    def fitted(z: Tensor) -> Callable[[Tensor], Tensor]:
        found = PCA.fitted(z.cpu(), components)
        mean, axes = found.mean.to(z), found.axes.to(z)
        return lambda rows: (rows - mean) @ axes

    return fitted
