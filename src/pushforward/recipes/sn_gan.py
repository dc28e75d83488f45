"""The GAN whose critic cannot be steep, every weight divided by its largest singular value: SN-GAN."""

from pushforward.critics import Adversarial, SpectralNorm
from pushforward.discrepancies import Discrepancy, Hinge
from pushforward.games import Clustered, Matching
from pushforward.networks import Network, Suited
from pushforward.recipes.base import recipe, without_batch_norm
from pushforward.recipes.labels import ClusterNumber, seen_space, with_clusters
from pushforward.samplers import Noise, Normal, Pushforward
from pushforward.spaces import Space
from pushforward.tuning import Adam, Optimizer, Steps


@recipe(paper={"network": Suited(64), "conditional": False, "clusters": "none", "tune": Adam(2e-4, (0.5, 0.999))})
def sn_gan(
    space: Space,
    network: Network = Suited(),
    critic_network: Network | None = None,
    conditional: bool = True,
    clusters: ClusterNumber = "auto",
    noise: Noise = Normal(128),
    loss: Discrepancy = Hinge(),
    critic_steps: int | Steps = 1,
    tune: Optimizer = Adam(1e-3, (0.5, 0.999)),
    critic_tune: Optimizer | None = None,
    batch_size: int = 64,
) -> Matching | Clustered:
    """min_g −E f(g(z)) while f raises −E relu(1 − f(x)) − E relu(1 + f(g(z))), each weight of f of spectral norm 1.

        repeat: `critic_steps` times  f ascends   −mean relu(1 − f(x)) − mean relu(1 + f(g(z)))
                then                  g descends  −mean f(g(z))
        every W of f is W/σ̂(W), by one power iteration a forward pass

    Args:
        space: of the data.
        network: of the generator, and, without batch norm, of the critic unless that has its own.
        critic_network: of the critic.
        conditional: whether generator and critic take the labels of labelled data, unless a network can take none.
        clusters: of unlabelled data, stand in for labels and are never told: a number, none, or auto, which is 100 for
            pictures of 16 pixels and more a side, fewer if a cluster had under 50, and none for other data.
        noise: law that is pushed forward.
        loss: Hinge, or JensenShannon for the non-saturating loss.
        critic_steps: critic steps in a turn.
        tune: the generator's optimiser.
        critic_tune: the critic's; the generator's if absent.
        batch_size: points of data, and samples, in a step.
    Source: Miyato et al. (2018), Algorithm 1 and setting C of table 1, arXiv:1802.05957.
    Differs: the critic steps before the generator, and the generator's batch is the critic's; `SNDCGAN` and `SNResNet`
        are the paper's networks, for the latter with 5 critic steps and Adam 2e-4, (0, 0.9).
    """
    seen = seen_space(space, conditional, network, critic_network, clusters=clusters)
    f = (critic_network or without_batch_norm(network, space)).critic(seen, 1)
    D = Adversarial(loss, f, SpectralNorm(), critic_steps=critic_steps)
    return with_clusters(
        space, Matching(seen, Pushforward.of(network, noise, seen), D, tune, critic_tune, batch_size), clusters
    )
