"""The GAN for black-and-white pictures, whose pixels pass no gradient on: BGAN by policy gradient."""

from pushforward.critics import Adversarial
from pushforward.discrepancies import JensenShannon
from pushforward.games import BoundarySeekingPolicy, Clustered
from pushforward.networks import Network, Suited
from pushforward.recipes.base import recipe, without_batch_norm
from pushforward.recipes.labels import ClusterNumber, seen_space, with_clusters
from pushforward.samplers import Noise, TwoValued, Uniform
from pushforward.spaces import Space
from pushforward.tuning import Adam, Optimizer


@recipe(paper={"network": Suited(64), "conditional": False})
def discrete_bgan(
    space: Space,
    network: Network = Suited(),
    critic_network: Network | None = None,
    conditional: bool = True,
    clusters: ClusterNumber = "none",
    noise: Noise = Uniform(64, 0.0, 1.0),
    draws: int = 20,
    critic_steps: int = 1,
    tune: Optimizer = Adam(1e-4, (0.5, 0.999)),
    critic_tune: Optimizer | None = None,
    batch_size: int = 64,
) -> BoundarySeekingPolicy | Clustered:
    """max_f −E sp(−f(x)) − E sp(f(y)), and g lowers −E_z Σ_m w̃_m log g(y_m|z), w̃ = softmax_m f(y_m), y_m ~ g(·|z).

        repeat: `critic_steps` times  f ascends   −mean sp(−f(x)) − mean sp(f(y))
                then                  g descends  −mean_z Σ_m w̃_m log g(y_m|z),  M points a z

    Data of two values only: `--threshold 0.5` makes pictures black and white. Pixels are independent given z.

    Args:
        space: of the data.
        network: of the generator, whose output is how likely a pixel is white, and, without batch norm, of the critic
            unless that has its own.
        critic_network: of the critic; it must treat the points of a batch apart, since f(y) is taken for log p/q at y.
        conditional: whether generator and critic take the labels of labelled data, unless a network can take none.
        clusters: of unlabelled data, stand in for labels and are never told: a number, none, or auto, which is 100 for
            pictures of 16 pixels and more a side, fewer if a cluster had under 50, and none for other data.
        noise: law of z.
        draws: points for each z (M).
        critic_steps: critic steps in a turn.
        tune: the generator's optimiser.
        critic_tune: the critic's; the generator's if absent.
        batch_size: points of data, and samples, in a step.
    Source: Hjelm et al. (2018), arXiv:1702.08431, the algorithm for discrete data, and its released code.
    Differs: networks by the kind of data; the critic sees one point a z, where the code shows it all M.
    """
    seen = seen_space(space, conditional, network, critic_network, clusters=clusters)
    f = (critic_network or without_batch_norm(network, space)).critic(seen, 1)
    D = Adversarial(JensenShannon(), f, critic_steps=critic_steps)
    g = TwoValued.of(network, noise, seen)
    return with_clusters(space, BoundarySeekingPolicy(seen, g, D, draws, tune, critic_tune, batch_size), clusters)
