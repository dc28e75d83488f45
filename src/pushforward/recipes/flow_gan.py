"""A flow that is fitted by its likelihood and by a critic at once."""

from pushforward.critics import Adversarial, Constraint, GradientPenalty, ZeroCentred
from pushforward.discrepancies import Discrepancy, JensenShannon, MeanDifference
from pushforward.games import Hybrid
from pushforward.monotone import Affine, Monotone
from pushforward.networks import Network, Suited
from pushforward.recipes.base import demand_reals, recipe, without_batch_norm
from pushforward.recipes.flows import STEEPEST
from pushforward.recipes.labels import seen_space
from pushforward.recipes.real_nvp import real_nvp_flow
from pushforward.spaces import Space
from pushforward.tuning import Adam, Cosine, Optimizer, Steps


@recipe(
    paper={
        "conditional": False,
        "warm_up": 0,
        "discrepancy": MeanDifference(),
        "constraint": GradientPenalty(10.0),
        "critic_steps": 5,
        "tune": Adam(1e-3, (0.5, 0.9)),
    }
)
def flow_gan(
    space: Space,
    coupling: Monotone = Affine(),
    layers: int | None = None,
    widths: tuple[int, ...] = (64, 64),
    width: int = 32,
    depth: int = 1,
    scales: int = 2,
    margin: float = 0.05,
    critic_network: Network = Suited(),
    conditional: bool = True,
    likelihood: float = 1.0,
    adversarial: float = 1.0,
    warm_up: int = 1000,
    discrepancy: Discrepancy = JensenShannon(),
    constraint: Constraint = ZeroCentred(0.1),
    outputs: int = 1,
    critic_steps: int | Steps = 1,
    tune: Optimizer = Adam(2e-3, (0.5, 0.9), decay=Cosine(0.02)),
    critic_tune: Optimizer | None = None,
    batch_size: int = 64,
) -> Hybrid:
    """min_g λ·E −log q(x)/d + α·D(P, g#µ), g a RealNVP backwards, q its density, D what a critic f finds.

        the first `warm_up` turns:  g descends  −mean log q(x + u)/d
        repeat: `critic_steps` times  f ascends   D(f(x + u), f(g(z))) − the constraint's tax
                then                  g descends  λ·mean −log q(x + u)/d + α·D(f(x + u), f(g(z)))

    Unless told otherwise D is that of the original GAN with the non-saturating loss, at a zero-centred penalty.

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
        discrepancy: D, before which the critic stands; the paper's is WGAN's, MeanDifference.
        constraint: what keeps the critic honest; the paper's is WGAN-GP's, GradientPenalty(10).
        outputs: of the critic; 16 or so for a kernel's discrepancy.
        critic_steps: critic steps in a turn.
        tune: the flow's optimiser.
        critic_tune: the critic's; the flow's if absent.
        batch_size: points of data, and samples, in a step.
    Source: Grover, Dhar, Ermon (2018), arXiv 1705.08868, equation 4 and released code.
    Differs: nats a dimension, not a picture; a warm-up; fresh data and noise in each of the critic's steps; another
        critic, unless the paper's is asked for; gradients are clipped where likelihood has a weight.
    """
    demand_reals(space, "flow-gan")
    classes = len(space.classes) if conditional else 0
    f = without_batch_norm(critic_network, space).critic(seen_space(space, conditional, critic_network), outputs)
    g = real_nvp_flow(space, coupling, layers, widths, width, depth, scales, margin, classes, "flow-gan")
    D = Adversarial(discrepancy, f, constraint, critic_steps=critic_steps)
    steepest = STEEPEST if likelihood else None
    return Hybrid(space, g, D, likelihood, adversarial, warm_up, tune, critic_tune, batch_size, steepest)
