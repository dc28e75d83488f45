"""The Wasserstein GAN whose critic's slope is taxed away from 1, in place of clipping: WGAN-GP."""

from pushforward.critics import Adversarial, GradientPenalty
from pushforward.discrepancies import MeanDifference
from pushforward.games import Clustered, Matching
from pushforward.networks import Network, Suited
from pushforward.recipes.base import recipe, without_batch_norm
from pushforward.recipes.labels import ClusterNumber, seen_space, with_clusters
from pushforward.samplers import Noise, Normal, Pushforward
from pushforward.spaces import Space
from pushforward.tuning import Adam, Optimizer, Steps


@recipe(paper={"network": Suited(64), "conditional": False, "critic_steps": 5, "tune": Adam(1e-4, (0.5, 0.9))})
def wgan_gp(
    space: Space,
    network: Network = Suited(),
    critic_network: Network | None = None,
    conditional: bool = True,
    clusters: ClusterNumber = "none",
    noise: Noise = Normal(128),
    penalty: float = 10.0,
    one_sided: bool = False,
    critic_steps: int | Steps = 2,
    tune: Optimizer = Adam(1e-3, (0.5, 0.9)),
    critic_tune: Optimizer | None = None,
    batch_size: int = 64,
) -> Matching | Clustered:
    """min_g max_f E f(x) − E f(g(z)) − λ·E(‖∇f(h)‖ − 1)², h between x and g(z).

        repeat: `critic_steps` times  f ascends   mean f(x) − mean f(g(z)) − λ·mean (‖∇f(ux + (1−u)g(z))‖ − 1)²
                then                  g descends  −mean f(g(z))

    Args:
        space: of the data.
        network: of the generator, and, without batch norm, of the critic unless that has its own.
        critic_network: of the critic; it must treat the points of a batch apart, so have no batch norm.
        conditional: whether generator and critic take the labels of labelled data, unless a network can take none.
        clusters: of unlabelled data, stand in for labels and are never told: a number, none, or auto, which is 100 for
            pictures of 16 pixels and more a side, fewer if a cluster had under 50, and none for other data.
        noise: law that is pushed forward.
        penalty: weight of the gradient penalty (λ); 0.1 for the paper's toys.
        one_sided: whether slopes below 1 are not taxed, as Petzka et al. (2018) would have it.
        critic_steps: critic steps in a turn.
        tune: the generator's optimiser.
        critic_tune: the critic's; the generator's if absent.
        batch_size: points of data, and samples, in a step.
    Source: Gulrajani et al. (2017), Algorithm 1 and released code, arXiv:1704.00028.
    Differs: β₁ = ½, which the released code takes, for Algorithm 1's 0; images are not dequantised;
        networks by the kind of data.
    """
    seen = seen_space(space, conditional, network, critic_network, clusters=clusters)
    f = (critic_network or without_batch_norm(network, space)).critic(seen, 1)
    D = Adversarial(MeanDifference(), f, GradientPenalty(penalty, one_sided=one_sided), critic_steps=critic_steps)
    return with_clusters(
        space, Matching(seen, Pushforward.of(network, noise, seen), D, tune, critic_tune, batch_size), clusters
    )
