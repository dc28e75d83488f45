"""A flow that is fitted by its likelihood and by a critic at once."""

from pushforward.critics import Adversarial, GradientPenalty
from pushforward.discrepancies import MeanDifference
from pushforward.games import Hybrid
from pushforward.monotone import Affine, Monotone
from pushforward.networks import Network, Suited
from pushforward.recipes.base import demand_reals, recipe, without_batch_norm
from pushforward.recipes.labels import seen_space
from pushforward.recipes.real_nvp import real_nvp_flow
from pushforward.spaces import Space
from pushforward.tuning import Adam, Optimizer, Steps


@recipe
def flow_gan(
    space: Space,
    coupling: Monotone = Affine(),
    layers: int = 8,
    widths: tuple[int, ...] = (64, 64),
    width: int = 32,
    depth: int = 2,
    scales: int = 2,
    margin: float = 0.05,
    critic_network: Network = Suited(),
    conditional: bool = True,
    likelihood: float = 1.0,
    adversarial: float = 1.0,
    warm_up: int = 1000,
    penalty: float = 10.0,
    critic_steps: int | Steps = 5,
    tune: Optimizer = Adam(1e-3, (0.5, 0.9)),
    critic_tune: Optimizer | None = None,
    batch_size: int = 64,
) -> Hybrid:
    """min_g max_f λ·E −log q(x)/d + α·(E f(x) − E f(g(z)) − κ·E(‖∇f(h)‖ − 1)²), g a RealNVP backwards, q its density.

        the first `warm_up` turns:  g descends  −mean log q(x + u)/d
        repeat: `critic_steps` times  f ascends   mean f(x) − mean f(g(z)) − κ·mean (‖∇f(h)‖ − 1)²
                then                  g descends  −λ·mean log q(x + u)/d − α·mean f(g(z))

    Args:
        space: of the data.
        coupling: as of `real-nvp`.
        layers: as of `real-nvp`.
        widths: as of `real-nvp`.
        width: as of `real-nvp`.
        depth: as of `real-nvp`.
        scales: as of `real-nvp`.
        margin: as of `real-nvp`.
        critic_network: of the critic, without batch norm.
        conditional: whether flow and critic take the labels of labelled data.
        likelihood: λ, of nats a dimension; 0 for an adversary alone.
        adversarial: α; 0 for likelihood alone.
        warm_up: turns of likelihood alone.
        penalty: weight of the gradient penalty (κ).
        critic_steps: critic steps in a turn.
        tune: the flow's optimiser.
        critic_tune: the critic's; the flow's if absent.
        batch_size: points of data, and samples, in a step.
    Source: Grover, Dhar, Ermon (2018), arXiv 1705.08868, equation 4 and released code.
    Differs: nats a dimension, not a picture; a warm-up; fresh data and noise in each of the critic's steps.
    """
    demand_reals(space, "flow-gan")
    classes = len(space.classes) if conditional else 0
    f = without_batch_norm(critic_network, space).critic(seen_space(space, conditional, critic_network), 1)
    g = real_nvp_flow(space, coupling, layers, widths, width, depth, scales, margin, classes, "flow-gan")
    D = Adversarial(MeanDifference(), f, GradientPenalty(penalty), critic_steps=critic_steps)
    return Hybrid(space, g, D, likelihood, adversarial, warm_up, tune, critic_tune, batch_size)
