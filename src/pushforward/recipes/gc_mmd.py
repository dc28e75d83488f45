"""An MMD-GAN whose critic's slope at the data is bounded exactly, by a linear system a step: gradient-constrained."""

from pushforward.critics import Adversarial, GradientConstrained, SpectralNorm
from pushforward.discrepancies import MMD, Biased
from pushforward.games import Clustered, Matching
from pushforward.kernels import Gaussian, Kernel
from pushforward.networks import Network, Suited
from pushforward.recipes.base import recipe, without_batch_norm
from pushforward.recipes.labels import ClusterNumber, seen_space, with_clusters
from pushforward.samplers import Noise, Pushforward, Uniform
from pushforward.spaces import Space
from pushforward.tuning import Adam, Optimizer, Steps


@recipe(
    paper={
        "network": Suited(64),
        "conditional": False,
        "critic_steps": Steps(5, burst=10, first=20, every=500),
        "tune": Adam(1e-4, (0.5, 0.9)),
    }
)
def gc_mmd(
    space: Space,
    network: Network = Suited(),
    critic_network: Network | None = None,
    conditional: bool = True,
    clusters: ClusterNumber = "none",
    noise: Noise = Uniform(128),
    outputs: int = 4,
    kernel: Kernel = Gaussian(1.0),
    ridge: float = 1.0,
    spectral_norm: bool = False,
    critic_steps: int | Steps = 1,
    tune: Optimizer = Adam(1e-3, (0.5, 0.999)),
    critic_tune: Optimizer | None = None,
    batch_size: int = 64,
) -> Matching | Clustered:
    """min_g max_f sup_w (E w(x) − E w(g(z)))² over E w(x)² + E‖∇w(x)‖² + λ·‖w‖² ≤ 1, w in the space of k(f, f).

        repeat: `critic_steps` times  f ascends   (MMD²_b(f(x), f(g(z))) − vᵀβ)/λ,  (S·A + nλ·I)β = S·v
                then                  g descends  the same, β constant

    Args:
        space: of the data.
        network: of the generator, and, without batch norm, of the critic unless that has its own.
        critic_network: of the critic; it must treat the points of a batch apart, so have no batch norm.
        conditional: whether generator and critic take the labels of labelled data, unless a network can take none.
        clusters: of unlabelled data, stand in for labels and are never told: a number, none, or auto, which is 100 for
            pictures of 16 pixels and more a side, fewer if a cluster had under 50, and none for other data.
        noise: law that is pushed forward.
        outputs: of the critic; the system has (1 + outputs) unknowns a point.
        kernel: on the features; radial, linear, or a sum.
        ridge: λ, positive.
        spectral_norm: normalise the weights of f, with a learnt scale a layer, against rank collapse.
        critic_steps: critic steps in a turn; the paper's are 10 in the first 20 turns and at every 500th, else 5.
        tune: the generator's optimiser.
        critic_tune: the critic's; the generator's if absent.
        batch_size: points of data, and samples, in a step.
    Source: Arbel et al. (2018), section 3.1 and proposition 2, arXiv:1805.11565.
    Differs: an exact system in feature space, where the authors approximate one of the size of the points; outputs and
        λ, which they do not report, are ours.
    """
    seen = seen_space(space, conditional, network, critic_network, clusters=clusters)
    f = (critic_network or without_batch_norm(network, space)).critic(seen, outputs)
    normalised = (SpectralNorm(learn_scale=True),) if spectral_norm else ()
    D = Adversarial(MMD(kernel, Biased()), f, *normalised, GradientConstrained(ridge), critic_steps=critic_steps)
    return with_clusters(
        space, Matching(seen, Pushforward.of(network, noise, seen), D, tune, critic_tune, batch_size), clusters
    )
