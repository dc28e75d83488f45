"""The GAN whose loss is a difference of the critic's means, its weights clipped: Wasserstein GAN."""

from pushforward.critics import Adversarial, Clipping
from pushforward.discrepancies import MeanDifference
from pushforward.games import Clustered, Matching
from pushforward.networks import Network, Suited
from pushforward.recipes.base import recipe
from pushforward.recipes.labels import ClusterNumber, seen_space, with_clusters
from pushforward.samplers import Noise, Normal, Pushforward
from pushforward.spaces import Space
from pushforward.tuning import Adam, Optimizer, RMSprop, Steps


@recipe(
    paper={
        "network": Suited(64),
        "conditional": False,
        "bound": 0.01,
        "critic_steps": Steps(5, burst=100, first=25, every=500),
        "tune": RMSprop(5e-5),
    }
)
def wgan(
    space: Space,
    network: Network = Suited(),
    critic_network: Network | None = None,
    conditional: bool = True,
    clusters: ClusterNumber = "none",
    noise: Noise = Normal(100),
    bound: float = 0.1,
    critic_steps: int | Steps = 1,
    tune: Optimizer = Adam(1e-3, (0.0, 0.9)),
    batch_size: int = 64,
) -> Matching | Clustered:
    """min_g max_f E f(x) − E f(g(z)), weights of f in [−bound, bound]: K·W₁(P, g#µ) with an unknown K.

        repeat: `critic_steps` times  clip f to [−bound, bound];  f ascends  mean f(x) − mean f(g(z))
                then                  g descends  −mean f(g(z))

    Args:
        space: of the data.
        network: of the generator, and of the critic unless that has its own.
        critic_network: of the critic.
        conditional: whether generator and critic take the labels of labelled data, unless a network can take none.
        clusters: of unlabelled data, stand in for labels and are never told: a number, none, or auto, which is 100 for
            pictures of 16 pixels and more a side, fewer if a cluster had under 50, and none for other data.
        noise: law that is pushed forward.
        bound: of the critic's weights (c).
        critic_steps: critic steps in a turn; the paper's are 100 in the first 25 turns and at every 500th, else 5.
        tune: both players' optimiser; the paper's has no momentum, and neither has this.
        batch_size: points of data, and samples, in a step.
    Source: Arjovsky, Chintala, Bottou (2017), Algorithm 1 and released code, arXiv:1701.07875.
    Differs: f is large on data, where the released code turns its sign; networks by the kind of data.
    """
    seen = seen_space(space, conditional, network, critic_network, clusters=clusters)
    f = (critic_network or network).critic(seen, 1)
    D = Adversarial(MeanDifference(), f, Clipping(bound), critic_steps=critic_steps)
    return with_clusters(
        space, Matching(seen, Pushforward.of(network, noise, seen), D, tune, batch_size=batch_size), clusters
    )
