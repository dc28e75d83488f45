"""An MMD-GAN whose critic spreads the data out, so that small differences show: repulsive loss."""

from pushforward.critics import Adversarial, SpectralNorm
from pushforward.discrepancies import RepulsiveMMD
from pushforward.games import Clustered, Matching
from pushforward.kernels import Gaussian, Kernel
from pushforward.networks import Network, Suited
from pushforward.recipes.base import recipe, without_batch_norm
from pushforward.recipes.labels import ClusterNumber, seen_space, with_clusters
from pushforward.samplers import Noise, Normal, Pushforward
from pushforward.spaces import Space
from pushforward.tuning import Adam, Optimizer, Steps


@recipe(paper={"network": Suited(64), "conditional": False, "tune": Adam(2e-4, (0.5, 0.999))})
def repulsive_mmd_gan(
    space: Space,
    network: Network = Suited(),
    critic_network: Network | None = None,
    conditional: bool = True,
    clusters: ClusterNumber = "none",
    noise: Noise = Normal(128),
    outputs: int = 16,
    kernel: Kernel = Gaussian(1.0),
    critic_steps: int | Steps = 1,
    tune: Optimizer = Adam(1e-3, (0.5, 0.999)),
    critic_tune: Optimizer | None = None,
    batch_size: int = 64,
) -> Matching | Clustered:
    """min_g MMD²_u(f(x), f(g(z))) while f raises E k(f(y), f(y′)) − E k(f(x), f(x′)), y = g(z), weights of norm 1.

        repeat: `critic_steps` times  f ascends   mean_{i≠j} k(f(y_i), f(y_j)) − mean_{i≠j} k(f(x_i), f(x_j))
                then                  g descends  MMD²_u(f(x), f(g(z)))

    Args:
        space: of the data.
        network: of the generator, and, without batch norm, of the critic unless that has its own.
        critic_network: of the critic.
        conditional: whether generator and critic take the labels of labelled data, unless a network can take none.
        clusters: of unlabelled data, stand in for labels and are never told: a number, none, or auto, which is 100 for
            pictures of 16 pixels and more a side, fewer if a cluster had under 50, and none for other data.
        noise: law that is pushed forward.
        outputs: of the critic.
        kernel: on the features.
        critic_steps: critic steps in a turn.
        tune: the generator's optimiser.
        critic_tune: the critic's; the generator's if absent.
        batch_size: points of data, and samples, in a step.
    Source: Wang, Sun, Halgamuge (2019), equation 5, arXiv:1812.09916.
    Differs: the kernel is not cut off; spectral norms are 1, without the constant that the authors multiply them with;
        networks by the kind of data, theirs being `SNDCGAN`.
    """
    seen = seen_space(space, conditional, network, critic_network, clusters=clusters)
    f = (critic_network or without_batch_norm(network, space)).critic(seen, outputs)
    D = Adversarial(RepulsiveMMD(kernel), f, SpectralNorm(), critic_steps=critic_steps)
    return with_clusters(
        space, Matching(seen, Pushforward.of(network, noise, seen), D, tune, critic_tune, batch_size), clusters
    )
