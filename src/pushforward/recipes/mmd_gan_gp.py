"""A critic learns features in which a kernel compares, its slope taxed away from 1: MMD-GAN with a penalty."""

from pushforward.critics import ActivationPenalty, Adversarial, GradientPenalty
from pushforward.discrepancies import MMD
from pushforward.games import Clustered, Matching
from pushforward.kernels import Kernel, Linear, RationalQuadratic
from pushforward.networks import Network, Suited
from pushforward.recipes.base import recipe, without_batch_norm
from pushforward.recipes.labels import ClusterNumber, seen_space, with_clusters
from pushforward.samplers import Noise, Pushforward, Uniform
from pushforward.spaces import Space
from pushforward.tuning import Adam, Optimizer, Steps


@recipe(paper={"network": Suited(64), "conditional": False, "critic_steps": 5, "tune": Adam(1e-4, (0.5, 0.9))})
def mmd_gan_gp(
    space: Space,
    network: Network = Suited(),
    critic_network: Network | None = None,
    conditional: bool = True,
    clusters: ClusterNumber = "none",
    noise: Noise = Uniform(100),
    outputs: int = 16,
    kernel: Kernel = RationalQuadratic() + Linear(),
    penalty: float = 1.0,
    activation_penalty: float = 1.0,
    critic_steps: int | Steps = 2,
    tune: Optimizer = Adam(1e-3, (0.5, 0.9)),
    critic_tune: Optimizer | None = None,
    batch_size: int = 64,
) -> Matching | Clustered:
    """min_g max_f MMD²_u(f(x), f(g(z))) − λ·E(‖∇w(h)‖ − 1)² − λ₂·Σ_layers E a², w(t) = E k(t,x) − E k(t,g(z)).

        repeat: `critic_steps` times  f ascends   MMD²_u − λ·mean (‖∇w(ux + (1−u)g(z))‖ − 1)² − λ₂·Σ_layers mean a²
                then                  g descends  MMD²_u(f(x), f(g(z)))

    Args:
        space: of the data.
        network: of the generator, and, without batch norm, of the critic unless that has its own.
        critic_network: of the critic; it must treat the points of a batch apart, so have no batch norm.
        conditional: whether generator and critic take the labels of labelled data, unless a network can take none.
        clusters: of unlabelled data, stand in for labels and are never told: a number, none, or auto, which is 100 for
            pictures of 16 pixels and more a side, fewer if a cluster had under 50, and none for other data.
        noise: law that is pushed forward.
        outputs: of the critic; 256 for the distance kernel.
        kernel: on the features; rq*, a sum of five rational quadratic ones and the linear one.
        penalty: weight of the gradient penalty (λ); 10 for the distance kernel.
        activation_penalty: weight of the activations' mean squares (λ₂); 0.0001 for the distance kernel, else 0.
        critic_steps: critic steps in a turn.
        tune: the generator's optimiser.
        critic_tune: the critic's; the generator's if absent.
        batch_size: points of data, and samples, in a step.
    Source: Bińkowski et al. (2018), section 4, arXiv:1801.01401.
    Differs: the estimate of MMD² leaves out the true diagonal, where the released code subtracts a constant; the norm
        runs over all pixels, where that runs over rows, and pixels lie in [−1, 1], not [0, 1], so that a slope here is
        half of one there. Networks by the kind of data: the paper's are `StridedDCGAN`. Unless asked for, the learning
        rate does not follow the three-sample test (`--lr_rule ThreeSampleRule`) and gradients are not clipped
        (`--clip_norm 1`, of a player's whole gradient where the code clips each tensor's).
    """
    seen = seen_space(space, conditional, network, critic_network, clusters=clusters)
    f = (critic_network or without_batch_norm(network, space)).critic(seen, outputs)
    constraints = GradientPenalty(penalty), ActivationPenalty(activation_penalty)
    D = Adversarial(MMD(kernel), f, *constraints, critic_steps=critic_steps)
    return with_clusters(
        space, Matching(seen, Pushforward.of(network, noise, seen), D, tune, critic_tune, batch_size), clusters
    )
