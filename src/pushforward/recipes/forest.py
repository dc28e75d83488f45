"""A one-step sampler of tables that trees criticise: their leaves have exact masses under it."""

from pushforward.games import ForestMatching
from pushforward.networks import MLP, Network
from pushforward.recipes.base import recipe
from pushforward.recipes.table_columns import demand_columns
from pushforward.samplers import Noise, Normal, ProductHeads, single_blocks
from pushforward.spaces import Space
from pushforward.tuning import Adam, Cosine, Optimizer


@recipe
def forest(
    space: Space,
    network: Network = MLP((256, 256, 256)),
    noise: Noise = Normal(64),
    bins: int = 64,
    trees: int = 6,
    leaves: int = 64,
    every: int = 40,
    generations: int = 8,
    at_once: int = 400,
    pairs: float = 0.3,
    alone: int = 100,
    conditional: bool = True,
    tune: Optimizer = Adam(2e-3, (0.8, 0.99), decay=Cosine(0.02)),
    batch_size: int = 600,
) -> ForestMatching:
    """min_g Σ_A (q(A) − p(A))²/(q(A) + p(A)), A leaves of trees that tell rows from samples, q(A) = E_z Π_i q_i(A_i|z).

    A leaf is a product of sets of levels and of bins of numbers. Columns are independent given z, so its mass under the
    sampler is exact for each z, and no gradient passes a choice.

        repeat: every 40 turns six trees are grown on rows and samples; the leaves of the last eight times are kept
                g descends  20·mean over trees of Σ_A (q₁(A) − p(A))(q₂(A) − p(A))/(q(A) + p(A)),  q₁, q₂ by halves
                and every second turn  pairs·Σ_ab (q(a, b) − p(a, b))²/p(a)p(b)  of codes, which begin alone

    Args:
        space: of the data, a table or rows of numbers.
        network: from z to the logits of all columns.
        noise: law of z.
        bins: of a column of numbers, at most; so many different values are kept as they are.
        trees: that are grown at a time.
        leaves: of a tree, at most.
        every: turns after which trees are grown.
        generations: times whose trees are kept.
        at_once: leaves in a step, by lot.
        pairs: weight of pairs of codes, once there are trees.
        alone: turns before the first trees.
        conditional: whether the network takes the labels of labelled data.
        tune: the optimiser.
        batch_size: draws of z in a step.
    Source: Scornet (2016), arXiv:1502.03836, for the kernel of a forest; Le Cam (1986), Asymptotic Methods in
        Statistical Decision Theory, for the discrimination.
    Differs: no paper has the whole; the forest stands in for a critic that a network would be.
    """
    demand_columns(space, "forest")
    classes = space.classes if conditional else ()
    g = ProductHeads(single_blocks(space.blocks), network, noise, bins, classes)
    return ForestMatching(space, g, trees, leaves, every, generations, at_once, pairs, alone, tune, batch_size)
