"""The GAN whose samples move to where the discriminator cannot decide, its boundary: BGAN."""

from pushforward.critics import Adversarial
from pushforward.discrepancies import BoundarySeeking
from pushforward.games import Clustered, Matching
from pushforward.networks import Network, Suited
from pushforward.recipes.base import recipe
from pushforward.recipes.labels import ClusterNumber, seen_space, with_clusters
from pushforward.samplers import Noise, Normal, Pushforward, Uniform
from pushforward.spaces import Space
from pushforward.tuning import Adam, Optimizer


@recipe(
    paper={
        "network": Suited(64),
        "conditional": False,
        "clusters": "none",
        "noise": Uniform(128, 0.0, 1.0),
        "cross_entropy": False,
        "tune": Adam(1e-4, (0.5, 0.999)),
    }
)
def bgan(
    space: Space,
    network: Network = Suited(),
    critic_network: Network | None = None,
    conditional: bool = True,
    clusters: ClusterNumber = "auto",
    noise: Noise = Normal(64),
    rate: float = 0.005,
    cross_entropy: bool = True,
    critic_steps: int = 1,
    tune: Optimizer = Adam(1e-3, (0.5, 0.999)),
    critic_tune: Optimizer | None = None,
    batch_size: int = 64,
) -> Matching | Clustered:
    """max_f −E sp(−f(x)) − E sp(f(g(z))), sp(v) = log(1 + eᵛ), and g lowers E(f(g(z)) − log Z)², Z = E e^f(g(z)).

        repeat: `critic_steps` times  f ascends   −mean sp(−f(x)) − mean sp(f(g(z)))
                then                  log Z ← (1 − rate)·log Z + rate·log mean e^f(g(z))
                                      g descends  mean (f(g(z)) − log Z)²     (cross-entropy: mean sp(−f(y)) + f(y)/2)

    Args:
        space: of the data.
        network: of the generator, and of the critic unless that has its own.
        critic_network: of the critic.
        conditional: whether generator and critic take the labels of labelled data, unless a network can take none.
        clusters: of unlabelled data, stand in for labels and are never told: a number, none, or auto, which is 100 for
            pictures of 16 pixels and more a side, fewer if a cluster had under 50, and none for other data.
        noise: law that is pushed forward; the paper's, which lies on one side of zero and varies little, leaves one
            picture a class at this rate.
        rate: share of a batch in the running log partition; 0 fixes log Z = 0.
        cross_entropy: whether the generator lowers the cross-entropy to ½ instead, which pulls at every sample that the
            critic is sure of; without, a critic that learns fast leaves samples where log Z is.
        critic_steps: critic steps in a turn.
        tune: the generator's optimiser.
        critic_tune: the critic's; the generator's if absent.
        batch_size: points of data, and samples, in a step.
    Source: Hjelm et al. (2018), section 2.3 and released code, continuous data, arXiv:1702.08431.
    Differs: networks by the kind of data, where the code has a DCGAN of 5×5 kernels; log Z takes in the batch before
        the generator's step, where the code lowers with the old one.
    """
    seen = seen_space(space, conditional, network, critic_network, clusters=clusters)
    f = (critic_network or network).critic(seen, 1)
    D = Adversarial(BoundarySeeking(rate, cross_entropy), f, critic_steps=critic_steps)
    return with_clusters(
        space, Matching(seen, Pushforward.of(network, noise, seen), D, tune, critic_tune, batch_size), clusters
    )
