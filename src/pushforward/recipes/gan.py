"""A discriminator that tells data from samples, and a sampler that makes it fail: GAN."""

from pushforward.critics import Adversarial
from pushforward.discrepancies import JensenShannon
from pushforward.games import Clustered, Matching
from pushforward.networks import Network, Suited
from pushforward.recipes.base import recipe
from pushforward.recipes.labels import ClusterNumber, seen_space, with_clusters
from pushforward.samplers import Noise, Pushforward, Uniform
from pushforward.spaces import Space
from pushforward.tuning import Adam, Optimizer


@recipe(
    paper={
        "network": Suited(64),
        "conditional": False,
        "clusters": "none",
        "tune": Adam(2e-4, (0.5, 0.999)),
        "batch_size": 100,
    }
)
def gan(
    space: Space,
    network: Network = Suited(),
    critic_network: Network | None = None,
    conditional: bool = True,
    clusters: ClusterNumber = "auto",
    noise: Noise = Uniform(100),
    saturating: bool = False,
    critic_steps: int = 1,
    tune: Optimizer = Adam(1e-3, (0.5, 0.999)),
    critic_tune: Optimizer | None = None,
    batch_size: int = 64,
) -> Matching | Clustered:
    """max_f −E sp(−f(x)) − E sp(f(g(z))), and g lowers E sp(−f(g(z))), sp(v) = log(1 + eᵛ).

        repeat: `critic_steps` times  f ascends   −mean sp(−f(x)) − mean sp(f(g(z)))
                then                  g descends  mean sp(−f(g(z)))        (saturating: −mean sp(f(g(z))))

    Args:
        space: of the data.
        network: of the generator, and of the discriminator unless that has its own; `Maxout` is the paper's.
        critic_network: of the discriminator.
        conditional: whether generator and critic take the labels of labelled data, unless a network can take none.
        clusters: of unlabelled data, stand in for labels and are never told: a number, none, or auto, which is 100 for
            pictures of 16 pixels and more a side, fewer if a cluster had under 50, and none for other data.
        noise: law that is pushed forward.
        saturating: whether the generator lowers the discriminator's own value, whose gradient vanishes on bad samples.
        critic_steps: discriminator steps in a turn (the paper's k).
        tune: the generator's optimiser.
        critic_tune: the discriminator's; the generator's if absent.
        batch_size: points of data, and samples, in a step.
    Source: Goodfellow et al. (2014), Algorithm 1; the non-saturating loss of its §3.
    Differs: networks by the kind of data and Adam as in Radford et al. (2016), in place of maxout with dropout and
        momentum descent (`--network Maxout --tune SGD --tune.momentum 0.5` come near those).
    """
    seen = seen_space(space, conditional, network, critic_network, clusters=clusters)
    f = (critic_network or network).critic(seen, 1)
    g = Pushforward.of(network, noise, seen)
    D = Adversarial(JensenShannon(saturating), f, critic_steps=critic_steps)
    return with_clusters(space, Matching(seen, g, D, tune, critic_tune, batch_size), clusters)
