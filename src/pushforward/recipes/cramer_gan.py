"""The GAN whose critic makes features, in which the energy distance of data and samples is lowered: Cramér GAN."""

from pushforward.critics import Adversarial, GradientPenalty
from pushforward.discrepancies import Cramer
from pushforward.games import Clustered, Matching
from pushforward.networks import Network, Suited
from pushforward.recipes.base import recipe, without_batch_norm
from pushforward.recipes.labels import ClusterNumber, seen_space, with_clusters
from pushforward.samplers import Noise, Pushforward, Uniform
from pushforward.spaces import Space
from pushforward.tuning import Adam, Optimizer, Steps


@recipe(paper={"network": Suited(64), "conditional": False, "critic_steps": 5, "tune": Adam(1e-4, (0.5, 0.9))})
def cramer_gan(
    space: Space,
    network: Network = Suited(),
    critic_network: Network | None = None,
    conditional: bool = True,
    clusters: ClusterNumber = "none",
    noise: Noise = Uniform(100),
    outputs: int = 256,
    surrogate_critic: bool = True,
    paired: bool = False,
    penalty: float = 10.0,
    critic_steps: int | Steps = 2,
    tune: Optimizer = Adam(1e-3, (0.5, 0.9)),
    critic_tune: Optimizer | None = None,
    batch_size: int = 64,
) -> Matching | Clustered:
    """min_g E(h(x), h(g(z))), the energy distance, while h raises E w(x) − E w(g(z)), w(t) = E‖h(t) − h(y′)‖ − ‖h(t)‖.

        repeat: `critic_steps` times  h ascends   mean w(x) − mean w(g(z)) − λ·mean (‖∇w(ux + (1−u)g(z))‖ − 1)²
                then                  g descends  2·mean ‖h(x) − h(y)‖ − mean ‖h(x) − h(x′)‖ − mean ‖h(y) − h(y′)‖

    Args:
        space: of the data.
        network: of the generator, and, without batch norm, of the critic unless that has its own.
        critic_network: of the critic; it must treat the points of a batch apart, so have no batch norm.
        conditional: whether generator and critic take the labels of labelled data, unless a network can take none.
        clusters: of unlabelled data, stand in for labels and are never told: a number, none, or auto, which is 100 for
            pictures of 16 pixels and more a side, fewer if a cluster had under 50, and none for other data.
        noise: law that is pushed forward.
        outputs: of the critic h; at least 256 are advised.
        surrogate_critic: whether h raises w's difference; else the energy distance itself.
        paired: one extra sample y′ a pair, as in the paper; else the mean over all other samples of the batch.
        penalty: weight of the gradient penalty (λ).
        critic_steps: critic steps in a turn.
        tune: the generator's optimiser.
        critic_tune: the critic's; the generator's if absent.
        batch_size: points of data, and samples, in a step.
    Source: Bellemare et al. (2017), Algorithm 1, arXiv:1705.10743; networks and schedule: Bińkowski et al. (2018).
    Differs: y′ is from the same batch, and all of it counts unless `--paired true`; the penalty is on the mean witness;
        networks by the kind of data (`StridedDCGAN` is the later paper's pair), pixels in [−1, 1] and not [0, 1].
    """
    seen = seen_space(space, conditional, network, critic_network, clusters=clusters)
    f = (critic_network or without_batch_norm(network, space)).critic(seen, outputs)
    D = Adversarial(Cramer(surrogate_critic, paired), f, GradientPenalty(penalty), critic_steps=critic_steps)
    return with_clusters(
        space, Matching(seen, Pushforward.of(network, noise, seen), D, tune, critic_tune, batch_size), clusters
    )
