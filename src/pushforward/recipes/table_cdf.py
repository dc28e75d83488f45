"""The inverse CDFs for tables: column after column, of numbers and of levels, fitted by likelihood."""

from pushforward.errors import Refused, nearest
from pushforward.games import Likelihood
from pushforward.recipes.base import recipe
from pushforward.samplers import TableCDF
from pushforward.spaces import Block, Image, Space
from pushforward.tuning import Adam, Cosine, Optimizer

ROWS = 500_000
"""Rows of which bins are taken, at most."""

PATIENCE = 4
"""Probes in a row that find worse states than the best, after which training ends: small tables overfit soon."""


@recipe
def table_cdf(
    space: Space,
    width: int = 512,
    depth: int = 2,
    octaves: int = 6,
    dropout: float | None = None,
    floor: float = 1e-3,
    first: tuple[str, ...] = (),
    conditional: bool = True,
    tune: Optimizer = Adam(2e-3, (0.9, 0.999), decay=Cosine(0.02)),
    batch_size: int = 512,
) -> Likelihood:
    """x_i = F⁻¹(u_i | columns before), u uniform, F a CDF on levels or ranks: an exact density, and rows as they are.

        repeat: a masked network reads the masses of every column's digits off the columns before it, of all at once
                networks descend  −mean Σ_i log p(x_i | columns before) / d

    Args:
        space: of the data, a table or rows of numbers.
        width: units of the network's hidden layers.
        depth: those after the first.
        octaves: of the sines and cosines of ranks that it sees.
        dropout: share of its hidden units; none for a tenth, and a fifth below 20,000 rows.
        floor: share of a fixed law in the density, 0 in samples.
        first: columns that come first; the others keep their order.
        conditional: whether the network takes the labels of labelled data.
        tune: the optimiser.
        batch_size: rows in a step.
    Source: as of `TableCDF`: Germain et al. (2015), arXiv 1502.03509.
    Differs: digits of ranks and levels in place of pixels; residual layers.
    """
    if isinstance(space, Image):
        raise Refused("table-cdf is for tables and rows of numbers, got pictures; for these there is grid-cdf.")
    classes = len(space.classes) if conditional else 0
    order = _order(space.blocks, first)
    sampler = TableCDF(space.blocks, order, width, depth, octaves, dropout, floor, classes)
    return Likelihood(space, sampler, tune, batch_size, rows=ROWS, chosen=True, patience=PATIENCE)


def _order(blocks: tuple[Block, ...], first: tuple[str, ...]) -> list[int]:
    """Return the blocks in the order of drawing: those of `first`, then the others; what is missing before the number.

    Raises:
        Refused: for a name that no column has.
    """
    owner = [blocks[i + 1].name if _of_next(blocks, i) else block.name for i, block in enumerate(blocks)]
    for name in first:
        if name not in owner:
            raise Refused(f"first of table-cdf names no column that is modelled: {name!r}; {nearest(name, owner)}")
    names = [*dict.fromkeys((*first, *owner))]
    return sorted(range(len(blocks)), key=lambda i: (names.index(owner[i]), i))


def _of_next(blocks: tuple[Block, ...], i: int) -> bool:
    """Tell whether a block says that the number of the next one is missing."""
    return i + 1 < len(blocks) and getattr(blocks[i + 1], "absent", False)
