"""A network that learns the map of a fitted flow or inverse CDF in one pass, helped by a critic: distillation."""

from pushforward.critics import Adversarial, Constraint, SpectralNorm
from pushforward.discrepancies import Discrepancy, Hinge
from pushforward.games import Distillation
from pushforward.networks import Cells, Network, Suited, convolved
from pushforward.recipes.base import recipe, without_batch_norm
from pushforward.recipes.labels import seen_space
from pushforward.samplers import Normal, Pushforward
from pushforward.spaces import OneOf, Space
from pushforward.tuning import Adam, Cosine, Optimizer, Steps

FRESH = 8
"""New pairs a turn for pictures that are made by convolutions, whose teachers take longer than a turn for a batch."""


@recipe
def distilled(
    space: Space,
    teacher: str = "",
    network: Network | None = None,
    critic_network: Network | None = Suited(),
    conditional: bool = True,
    regression: float = 1.0,
    adversarial: float = 1.0,
    discrepancy: Discrepancy = Hinge(),
    constraint: Constraint | None = SpectralNorm(),
    outputs: int = 1,
    critic_steps: int | Steps = 1,
    pairs: int = 8192,
    fresh: int | None = None,
    tune: Optimizer = Adam(1e-3, (0.5, 0.999), decay=Cosine(0.02)),
    critic_tune: Optimizer | None = None,
    batch_size: int = 64,
) -> Distillation:
    """min_g ρ·E ‖g(z) − T(z)‖²/dim + α·D(P, g#µ), T the map of noise of a run that was fitted before, z ~ N(0, I).

        at every turn:  T makes new pairs (z, T(z)) for a stock
        repeat: `critic_steps` times  f ascends   D(f(x), f(g(z))), less a constraint's tax
                then                  g descends  ρ·mean ‖g(z) − T(z)‖²/dim + α·D(f(x), f(g(z′)))

    A flow, `triangular`, `grid-cdf`, `table-cdf` and any generator of as much noise as a point has coordinates can be
    the teacher. Samples then take one pass of g; their likelihood is lost.

    Args:
        space: of the data, which the teacher was fitted to.
        teacher: folder of the run whose map is learnt.
        network: of the sampler; if absent `Cells`, which sees noise beside what it decides, for pictures of 16 pixels
            and more a side, else `Suited`.
        critic_network: of the critic; null for a discrepancy of the points themselves.
        conditional: whether sampler and critic take the labels of labelled data; as of the teacher.
        regression: ρ; 0 for the discrepancy alone.
        adversarial: α; 0 for regression alone.
        discrepancy: D, before which the critic stands.
        constraint: what keeps the critic honest, which then has no batch norm; null for none.
        outputs: of the critic; 16 or so for a kernel's discrepancy.
        critic_steps: critic steps in a turn.
        pairs: most pairs in the stock, each of the size of two points in memory.
        fresh: new pairs a turn; if absent 8 for pictures of 16 pixels and more a side, else as many as a batch.
        tune: the sampler's optimiser.
        critic_tune: the critic's; the sampler's if absent.
        batch_size: points of data, pairs and samples, in a step.
    Source: as of `Distillation`: Luhman and Luhman (2021), arXiv 2101.02388.
    Differs: the noise is the teacher's own, since its map is exact; a critic makes up for what regression blurs.
    """
    network = network or (Cells() if convolved(space) else Suited())
    seen = seen_space(space, conditional, network, critic_network)
    g = Pushforward.of(network, Normal(_coordinates(space)), seen)
    D = discrepancy
    if critic_network is not None:
        plan = critic_network if constraint is None else without_batch_norm(critic_network, space)
        kept = () if constraint is None else (constraint,)
        D = Adversarial(discrepancy, plan.critic(seen, outputs), *kept, critic_steps=critic_steps)
    new = FRESH if fresh is None and convolved(space) else fresh
    return Distillation(
        space, g, D, regression, adversarial, pairs, new, tune, critic_tune, batch_size, teacher=teacher
    )


def _coordinates(space: Space) -> int:
    """Return how many numbers of noise a flow or an inverse CDF takes: one for a real coordinate, one for levels."""
    return sum(1 if isinstance(block, OneOf) else block.size for block in space.blocks)
