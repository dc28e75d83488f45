"""The Wasserstein GAN whose value is divided by how steep its critic is: scaled WGAN."""

from pushforward.critics import Adversarial, Scaling, SpectralNorm
from pushforward.discrepancies import MeanDifference
from pushforward.games import Clustered, Matching
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
def swgan(
    space: Space,
    network: Network = Suited(),
    critic_network: Network | None = None,
    conditional: bool = True,
    clusters: ClusterNumber = "none",
    noise: Noise = Uniform(128),
    ridge: float = 1.0,
    slope: float = 10.0,
    spectral_norm: bool = False,
    critic_steps: int | Steps = 1,
    tune: Optimizer = Adam(1e-3, (0.5, 0.999)),
    critic_tune: Optimizer | None = None,
    batch_size: int = 64,
) -> Matching | Clustered:
    """min_g max_f σ·(E f(x) − E f(g(z))), σ⁻² = λ + c·(E f(x)² + E‖∇f(x)‖²).

        repeat: `critic_steps` times  f ascends   (mean f(x) − mean f(g(z)))/√(λ + c·mean (f(x)² + ‖∇f(x)‖²))
                then                  g descends  −mean f(g(z))/√(the same)

    Args:
        space: of the data.
        network: of the generator, and, without batch norm, of the critic unless that has its own.
        critic_network: of the critic; it must treat the points of a batch apart, so have no batch norm.
        conditional: whether generator and critic take the labels of labelled data, unless a network can take none.
        clusters: of unlabelled data, stand in for labels and are never told: a number, none, or auto, which is 100 for
            pictures of 16 pixels and more a side, fewer if a cluster had under 50, and none for other data.
        noise: law that is pushed forward.
        ridge: added under the root (λ).
        slope: weight of the squares of critic and gradient (c).
        spectral_norm: normalise the weights of f, with a learnt scale a layer: SN-SWGAN.
        critic_steps: critic steps in a turn; the paper's are 10 in the first 20 turns and at every 500th, else 5.
        tune: the generator's optimiser.
        critic_tune: the critic's; the generator's if absent.
        batch_size: points of data, and samples, in a step.
    Source: Arbel et al. (2018), released code, arXiv:1805.11565.
    Differs: pixels lie in [−1, 1], not [0, 1], so that a weight of 10 there is one of 40 here; networks by the kind of
        data (`SNDCGAN` with slope 0.2 is the code's for CIFAR-10). Unless asked for, the learning rate does not follow
        the three-sample test (`--lr_rule ThreeSampleRule --lr_rule.factor 0.8`) and gradients are not clipped
        (`--clip_norm 1`, of a player's whole gradient where the code clips each tensor's).
    """
    seen = seen_space(space, conditional, network, critic_network, clusters=clusters)
    f = (critic_network or without_batch_norm(network, space)).critic(seen, 1)
    normalised = (SpectralNorm(learn_scale=True),) if spectral_norm else ()
    D = Adversarial(MeanDifference(), f, *normalised, Scaling(ridge, slope, slope), critic_steps=critic_steps)
    return with_clusters(
        space, Matching(seen, Pushforward.of(network, noise, seen), D, tune, critic_tune, batch_size), clusters
    )
