"""The WGAN-GP whose last layer is solved for in place of trained: an MMD-GAN with the linear kernel."""

from pushforward.critics import Adversarial, GradientPenalty
from pushforward.discrepancies import MMD
from pushforward.games import Clustered, Matching
from pushforward.kernels import Linear
from pushforward.networks import Network, Suited
from pushforward.recipes.base import recipe, without_batch_norm
from pushforward.recipes.labels import ClusterNumber, seen_space, with_clusters
from pushforward.samplers import Noise, Pushforward, Uniform
from pushforward.spaces import Space
from pushforward.tuning import Adam, Optimizer, Steps


@recipe(paper={"network": Suited(64), "conditional": False, "critic_steps": 5, "tune": Adam(1e-4, (0.5, 0.9))})
def linear_mmd_gan(
    space: Space,
    network: Network = Suited(),
    critic_network: Network | None = None,
    conditional: bool = True,
    clusters: ClusterNumber = "none",
    noise: Noise = Uniform(100),
    outputs: int = 16,
    penalty: float = 1.0,
    critic_steps: int | Steps = 2,
    tune: Optimizer = Adam(1e-3, (0.5, 0.9)),
    critic_tune: Optimizer | None = None,
    batch_size: int = 64,
) -> Matching | Clustered:
    """min_g max_f ‖E f(x) − E f(g(z))‖², unbiased, less λ·E(‖∇w(h)‖ − 1)², w(t) = ⟨f(t), E f(x) − E f(g(z))⟩.

        repeat: `critic_steps` times  f ascends   MMD²_u(f(x), f(g(z))) − λ·mean (‖∇w(ux + (1−u)g(z))‖ − 1)²
                then                  g descends  MMD²_u(f(x), f(g(z)))

    Args:
        space: of the data.
        network: of the generator, and, without batch norm, of the critic unless that has its own.
        critic_network: of the critic; it must treat the points of a batch apart, so have no batch norm.
        conditional: whether generator and critic take the labels of labelled data, unless a network can take none.
        clusters: of unlabelled data, stand in for labels and are never told: a number, none, or auto, which is 100 for
            pictures of 16 pixels and more a side, fewer if a cluster had under 50, and none for other data.
        noise: law that is pushed forward.
        outputs: of the critic.
        penalty: weight of the gradient penalty (λ).
        critic_steps: critic steps in a turn.
        tune: the generator's optimiser.
        critic_tune: the critic's; the generator's if absent.
        batch_size: points of data, and samples, in a step.
    Source: Bińkowski et al. (2018), the kernel "dot" of section 5, arXiv:1801.01401.
    Differs: as in `mmd_gan_gp`: networks by the kind of data (the paper's are `StridedDCGAN`), pixels in [−1, 1], no
        rule for the learning rate and no clipping of gradients unless asked for.
    """
    seen = seen_space(space, conditional, network, critic_network, clusters=clusters)
    f = (critic_network or without_batch_norm(network, space)).critic(seen, outputs)
    D = Adversarial(MMD(Linear()), f, GradientPenalty(penalty), critic_steps=critic_steps)
    return with_clusters(
        space, Matching(seen, Pushforward.of(network, noise, seen), D, tune, critic_tune, batch_size), clusters
    )
