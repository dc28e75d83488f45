"""The GAN that judges each sample beside a point of data, kept stable by penalties on both sides: R3GAN."""

from pushforward.critics import Adversarial, ZeroCentred
from pushforward.discrepancies import Relativistic
from pushforward.games import Clustered, Matching
from pushforward.networks import Network, Suited
from pushforward.recipes.base import recipe, without_batch_norm
from pushforward.recipes.labels import ClusterNumber, seen_space, with_clusters
from pushforward.samplers import Noise, Normal, Pushforward
from pushforward.spaces import Space
from pushforward.tuning import Adam, Optimizer, Steps


@recipe(
    paper={
        "network": Suited(64),
        "conditional": False,
        "clusters": "none",
        "batch_norm": False,
        "penalty": 0.05,
        "tune": Adam(2e-4, (0.0, 0.99)),
        "batch_size": 512,
    }
)
def r3gan(
    space: Space,
    network: Network = Suited(),
    critic_network: Network | None = None,
    conditional: bool = True,
    clusters: ClusterNumber = "auto",
    noise: Noise = Normal(64),
    batch_norm: bool = True,
    penalty: float = 0.5,
    critic_steps: int | Steps = 1,
    tune: Optimizer = Adam(1e-3, (0.0, 0.99)),
    critic_tune: Optimizer | None = None,
    batch_size: int = 64,
) -> Matching | Clustered:
    """min_g max_f −E sp(−(f(x) − f(g(z)))) − γ/2·(E‖∇f(x)‖² + E‖∇f(g(z))‖²), sp(v) = log(1 + eᵛ), rows in pairs.

        repeat: `critic_steps` times  f ascends   −mean sp(−(f(x) − f(y))) − γ/2·mean (‖∇f(x)‖² + ‖∇f(y)‖²), y = g(z)
                then                  g descends  mean sp(−(f(y) − f(x)))

    Args:
        space: of the data.
        network: of the generator, and, without batch norm, of the critic unless that has its own.
        critic_network: of the critic; it must treat the points of a batch apart, so have no batch norm.
        conditional: whether generator and critic take the labels of labelled data, unless a network can take none.
        clusters: of unlabelled data, stand in for labels and are never told: a number, none, or auto, which is 100 for
            pictures of 16 pixels and more a side, fewer if a cluster had under 50, and none for other data.
        noise: law that is pushed forward.
        batch_norm: whether the generator keeps the batch norm of its plan; the paper's networks have no norm at all.
        penalty: weight of both penalties (γ); the paper has 0.05 for CIFAR-10 and 2 for 64 pixels.
        critic_steps: critic steps in a turn.
        tune: the generator's optimiser.
        critic_tune: the critic's; the generator's if absent.
        batch_size: points of data, and samples, in a step.
    Source: Huang et al. (2024), section 2 and the released presets, arXiv:2501.05441.
    Differs: plain networks, with batch norm in the generator unless that is left out, and without augmentation; γ and
        the rates stay as they begin, β₂ as it ends.
    """
    seen = seen_space(space, conditional, network, critic_network, clusters=clusters)
    plan = without_batch_norm(network, space, generator=not batch_norm)
    f = (critic_network or plan).critic(seen, 1)
    D = Adversarial(Relativistic(), f, ZeroCentred(penalty, samples=True), critic_steps=critic_steps)
    game = Matching(seen, Pushforward.of(plan, noise, seen), D, tune, critic_tune, batch_size)
    return with_clusters(space, game, clusters)
