"""The GAN for the f-divergence of your choice, such as Kullback and Leibler's: f-GAN."""

from pushforward.critics import Adversarial
from pushforward.discrepancies import GAN, Divergence, FDivergence
from pushforward.games import Clustered, Matching, Simultaneous
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
        "alternate": False,
        "tune": Adam(2e-4, (0.5, 0.999)),
        "batch_size": 4096,
    }
)
def f_gan(
    space: Space,
    network: Network = Suited(),
    critic_network: Network | None = None,
    conditional: bool = True,
    clusters: ClusterNumber = "auto",
    noise: Noise = Uniform(100),
    divergence: Divergence = GAN(),
    alternate: bool = True,
    single_step: bool = True,
    critic_steps: int = 1,
    tune: Optimizer = Adam(1e-3, (0.5, 0.999)),
    critic_tune: Optimizer | None = None,
    batch_size: int = 64,
) -> Matching | Simultaneous | Clustered:
    """min_g max_v E a(v(x)) − E f*(a(v(g(z)))), a lower bound of D_f(P‖g#µ); log p/q is read off the critic v.

        repeat: v ascends   F = mean a(v(x)) − mean f*(a(v(g(z))))
                g descends  −mean a(v(g(z)))      (not alternate: −mean f*(a(v(g(z))))),   both from the same batch

    Args:
        space: of the data.
        network: of the generator, and of the critic unless that has its own.
        critic_network: of the critic.
        conditional: whether generator and critic take the labels of labelled data, unless a network can take none.
        clusters: of unlabelled data, stand in for labels and are never told: a number, none, or auto, which is 100 for
            pictures of 16 pixels and more a side, fewer if a cluster had under 50, and none for other data.
        noise: law that is pushed forward.
        divergence: row of the table: ForwardKL, ReverseKL, Pearson, Neyman, SquaredHellinger, JS, GAN, TotalVariation,
            Jeffreys or Alpha.
        alternate: whether the generator raises E a(v(g(z))), which for GAN is the non-saturating loss; without, the
            gradient vanishes where the critic is sure, and pictures stay noise.
        single_step: whether both players step at once, as in the paper; else the critic first, on batches of its own.
        critic_steps: critic steps in a turn where they do not.
        tune: the generator's optimiser.
        critic_tune: the critic's; the generator's if absent.
        batch_size: points of data, and samples, in a step.
    Source: Nowozin, Cseke, Tomioka (2016), Algorithm 1 and table 6, arXiv:1606.00709.
    Differs: networks by the kind of data, where the paper has an MLP 1200-1200 and an ELU critic 240-240; every
        activation increases in v.
    """
    seen = seen_space(space, conditional, network, critic_network, clusters=clusters)
    f = (critic_network or network).critic(seen, 1)
    D = Adversarial(FDivergence(divergence, alternate), f, critic_steps=critic_steps)
    g = Pushforward.of(network, noise, seen)
    game = (Simultaneous if single_step else Matching)(seen, g, D, tune, critic_tune, batch_size)
    return with_clusters(space, game, clusters)
